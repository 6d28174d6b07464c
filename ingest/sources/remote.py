"""remote: which commit a repository has at a branch, asked without fetching anything; and why git failed."""

import difflib
import re
from dataclasses import dataclass

from footnote.app.core.errors import GitSourceError
from footnote.app.core.git_address import GitAddress
from footnote.ingest.sources.git import Done, Git

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
# What git, its transports and the large hosts say, and what it means; the first that fits.
_REASONS = (
    (
        r"could not read (Username|Password)|Authentication failed|HTTP Basic: Access denied|"
        r"returned error: 40[13]|Permission denied|terminal prompts disabled|Invalid username or",
        "refuses the login: git's own credentials are used (a credential helper, an ssh key), or those of the URL, "
        "git+https://USER:TOKEN@HOST/...; a password in FOOTNOTE_DOCS_DIR is not kept in the index",
    ),
    (
        r"Host key verification failed",
        "is on a host whose ssh key is not known here: connect to it once by hand, or add it to known_hosts",
    ),
    (
        r"Could not resolve host|Name or service not known|Temporary failure in name resolution|"
        r"nodename nor servname|Could not resolve hostname",
        "is on a host whose name is not known here: look at the URL and the network",
    ),
    (
        r"Couldn't connect|Connection refused|Connection timed out|Failed to connect|unable to connect|"
        r"No route to host|Network is unreachable|Connection reset|Operation timed out|hung up|early EOF|"
        r"returned error: 5\d\d|Recv failure|unexpected disconnect|unable to access.*Empty reply",
        "cannot be reached: look at the URL and the network, and try again",
    ),
    (
        r"does not appear to be a git repository|repository '?[^\n]*'? ?not found|not valid: is this a git repository|"
        r"returned error: 404|ERROR: Repository not found|Could not read from remote repository|"
        r"no such repository|access denied or repository not exported|not found: did you run",
        "is no repository, or none that this login may read: look at the URL",
    ),
    (r"No space left on device", "cannot be kept: the disk is full; make room and try again"),
    (r"unsafe repository|dubious ownership", "belongs to another user: git config --global --add safe.directory PATH"),
    (
        r"SSL|certificate",
        "is on a host whose certificate is not trusted here (git's http.sslCAInfo)",
    ),
)


@dataclass(frozen=True, slots=True)
class Remote:
    """What a repository has.

    Attributes:
        ref: the whole name of what was asked for, `refs/heads/main`; HEAD where it names no branch itself.
        commit: in hex.
        branch: without `refs/heads/`; "" where none is known.
    """

    ref: str
    commit: str
    branch: str


def look(git: Git) -> Remote:
    """What the repository has at the address's branch now.

    Raises:
        GitSourceError: it cannot be reached, refuses the login, is none, or has no such branch.
    """
    address = git.address
    wanted = ["HEAD"] if not address.branch else _names(address.branch)
    done = git.run(["ls-remote", "--symref", "--", address.url, *wanted])
    if done.code:
        raise failure(address, done)
    refs, head = _refs(done.out.decode("utf-8", "replace"))
    if not address.branch:
        if "HEAD" not in refs:
            raise GitSourceError(f"{address.shown} is empty, or names no branch as its own: add #BRANCH to the address")
        return Remote(head or "HEAD", refs["HEAD"], head.removeprefix("refs/heads/"))
    for name in wanted:
        if name in refs and not name.endswith("^{}"):
            # Of a tag with a message the commit that it is for.
            return Remote(name, refs.get(f"{name}^{{}}", refs[name]), address.branch)
    raise GitSourceError(_no_branch(git))


def failure(address: GitAddress, done: Done) -> GitSourceError:
    """The error for a run of git that failed."""
    for pattern, meaning in _REASONS:
        if re.search(pattern, done.said, re.IGNORECASE):
            return GitSourceError(f"{address.shown} {meaning}. Git says: {_last(done)}. An index in use is unchanged")
    return GitSourceError(f"{address.shown} cannot be fetched; git says: {_last(done)}. An index in use is unchanged")


def _last(done: Done) -> str:
    """The line that says most, without the advice around it."""
    lines = [line for line in done.said.splitlines() if re.match(r"(fatal|error|remote|ssh|ERROR)\b", line)]
    fatal = [line for line in lines if line.startswith("fatal:")] or lines or done.said.splitlines()
    return (fatal[0] if fatal else f"nothing, and ends with {done.code}")[:300].rstrip(".")


def _names(branch: str) -> list[str]:
    if branch.startswith("refs/"):
        return [branch, f"{branch}^{{}}"]
    return [f"refs/heads/{branch}", f"refs/tags/{branch}", f"refs/tags/{branch}^{{}}"]


def _refs(listed: str) -> tuple[dict[str, str], str]:
    """Commits by name, and the branch that is the repository's own."""
    refs, head = {}, ""
    for line in listed.splitlines():
        what, _, name = line.partition("\t")
        if what.startswith("ref: ") and name == "HEAD":
            head = what.removeprefix("ref: ")
        elif _COMMIT.fullmatch(what):
            refs[name] = what
    return refs, head if re.fullmatch(r"refs/heads/[^\x00-\x20~^:?*\[\\-][^\x00-\x20~^:?*\[\\]*", head) else ""


def _no_branch(git: Git) -> str:
    address = git.address
    done = git.run(["ls-remote", "--heads", "--tags", "--refs", "--", address.url])
    names = [name.split("/", 2)[2] for name in _refs(done.out.decode("utf-8", "replace"))[0]]
    close = difflib.get_close_matches(address.branch, names, n=3) or names[:3]
    there = f": it has {', '.join(close)}" + (", ..." if len(names) > len(close) else "") if close else ""
    return (
        f"the repository of {address.shown} has no branch or tag {address.branch!r}{there}. If it was deleted, name "
        "another one and add --replace; an index in use is unchanged"
    )
