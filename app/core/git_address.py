"""git_address: where docs are that lie in a Git repository: `git+URL#BRANCH:FOLDER`.

The login that a URL may hold is taken out of it at once: what is shown, recorded and handed to git never has it.
"""

import hashlib
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

PREFIX = "git+"
# <index folder>/checkout/<key>/docs: a link to the docs of the commit that is checked out.
CHECKOUTS, DOCS = "checkout", "docs"
EXAMPLE = "git+https://HOST/ORG/REPO#BRANCH:FOLDER"
_SCHEMES = ("https", "http", "ssh", "git", "file")
_SCP = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^/:].*")
_LIKE_URL = re.compile(r"(https?|ssh|git|file):/+(.+)")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
# Source: git-check-ref-format(1).
_NO_REF = re.compile(r"^[-/.]|\.\.|[\x00-\x20\x7f~^:?*\[\\]|@\{|//|/\.|(?:\.lock|[./])(?:/|$)|^@$")


@dataclass(frozen=True, slots=True)
class GitAddress:
    """Docs in a repository.

    Attributes:
        url: as git takes it, without a login but for the user of ssh.
        branch: a branch or tag; "" for the one that the repository names itself.
        folder: of the docs in the repository, with forward slashes; "" for all of it.
        user, password: of the URL, unquoted; "" where it has none.
    """

    url: str
    branch: str = ""
    folder: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address without its login, as it is recorded and can be given again."""
        rest = f"{self.branch}:{self.folder}" if self.folder else self.branch
        return f"{PREFIX}{self.url}" + (f"#{rest}" if rest else "")

    @property
    def key(self) -> str:
        """A name for its folder on the disk."""
        return hashlib.sha256(self.shown.encode()).hexdigest()[:16]

    @property
    def given(self) -> str:
        """The address with its login."""
        if not (self.user or self.password):
            return self.shown
        from urllib.parse import quote

        login = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        return self.shown.replace("://", f"://{login}@", 1)


def is_git(docs: object) -> bool:
    """Whether docs are named by a Git address, and not by a folder."""
    return isinstance(docs, str) and docs.startswith(PREFIX)


def address_meant(docs: Path) -> str:
    """The Git address that was meant by what was taken for a folder, without its login; "" where it looks like none."""
    like_url = _LIKE_URL.fullmatch(str(docs))  # a path has lost the second slash
    text = f"{like_url[1]}:{'///' if like_url[1] == 'file' else '//'}{like_url[2]}" if like_url else str(docs)
    if not (like_url or _SCP.fullmatch(text)):
        return ""
    try:
        return git_address(PREFIX + text).shown
    except ValueError:
        return EXAMPLE


@lru_cache(maxsize=64)
def git_address(text: str) -> GitAddress:
    """The address that a text is.

    Raises:
        ValueError: it is none; says why, and repeats no login.
    """
    url, _, rest = text.removeprefix(PREFIX).partition("#")
    branch, _, folder = rest.partition(":")
    if _UNPRINTABLE.search(url):
        raise ValueError("a Git URL must hold no spaces or control characters")
    if branch and _NO_REF.search(branch):
        raise ValueError(f"{branch!r} cannot be the name of a branch or tag; write {EXAMPLE}")
    folder = folder.strip("/")
    if any(part in ("", ".", "..") for part in folder.split("/") if folder) or re.search(r"[\x00-\x1f\x7f]", folder):
        raise ValueError(f"{folder!r} must be a folder in the repository, written from its root; write {EXAMPLE}")
    return _with_url(url, branch, folder)


def docs_dir_of_checkout(index_dir: Path, address: GitAddress) -> Path:
    """Where the docs of a repository lie once they are checked out, by an absolute path that stays the same."""
    return index_dir.resolve() / CHECKOUTS / address.key / DOCS


def is_of_checkout(docs_dir: Path) -> bool:
    """Whether a docs folder is one that an ingest checks out."""
    return docs_dir.name == DOCS and docs_dir.parent.parent.name == CHECKOUTS


def _with_url(url: str, branch: str, folder: str) -> GitAddress:
    if url.startswith(("/", "./", "../", "~/")) or url in (".", ".."):
        return GitAddress(os.path.normpath(Path(url).expanduser().absolute()), branch, folder)
    if _SCP.fullmatch(url):
        return GitAddress(url, branch, folder)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is no Git URL: a password in it has `/`, `#`, `?` and `@` as %2F, %23, %3F, %40") from None
    if "::" in url.partition("/")[0] or parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise ValueError(
            f"is no Git URL: write {EXAMPLE}, with https, ssh, git or file, or git+ and the path of a repository "
            "that begins with / or ./"
        )
    if parts.scheme == "file":
        if host not in ("", "localhost"):
            raise ValueError("a file URL names a repository on this machine: git+file:///path/to/repository")
        return GitAddress("file://" + parts.path.rstrip("/"), branch, folder)
    if not host or host.startswith("-"):
        raise ValueError(f"names no host: write {EXAMPLE}")
    if parts.query:
        raise ValueError("a Git URL must hold nothing behind `?`: put a token in as https://USER:TOKEN@HOST")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    path = parts.path.rstrip("/")
    if parts.scheme == "ssh":
        if password:
            raise ValueError("ssh takes no password from a URL: use a key (ssh-agent, or GIT_SSH_COMMAND)")
        if user.startswith("-"):
            raise ValueError("the user of an ssh URL must not begin with -")
        return GitAddress(f"ssh://{user + '@' if user else ''}{place}{path}", branch, folder)
    return GitAddress(f"{parts.scheme}://{place}{path}", branch, folder, user, password)
