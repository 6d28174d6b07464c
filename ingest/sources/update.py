"""update: a checkout made equal to its branch: fetch -> tree -> the link to it.

Objects are fetched and files are put beside those in use; only the last step, one rename, is seen. So whatever ends it
before, the docs are those of the commit before. What a killed update left in the store of objects is not trusted.
"""

import difflib
import shutil
from collections.abc import Mapping
from pathlib import Path

from footnote.app.core.errors import GitSourceError
from footnote.app.core.git_address import GitAddress
from footnote.app.core.settings import Settings
from footnote.app.index.checkouts import CheckedOut, Checkout
from footnote.ingest.sources.git import Git
from footnote.ingest.sources.objects import Objects, throttled
from footnote.ingest.sources.remote import Remote
from footnote.ingest.sources.tree import Contents, Entry, Tree, entries, wanted
from footnote.ingest.types import Progress

_UNDER_WAY = "under-way"
# Each fetch adds a file of objects; from so many on, fetching anew is better than to go on.
_MOST_PACKS = 50

Before = tuple[Path, Mapping[str, str]] | None


def update(
    settings: Settings, checkout: Checkout, remote: Remote, git: Git, on_progress: Progress, before: Before = None
) -> CheckedOut:
    """What is checked out now: the commit that the repository has at the branch. Hold the lock of ingests.

    Args:
        settings: the limits.
        checkout: what is updated.
        remote: what the repository has.
        git: for the same address.
        on_progress: told of the stages `fetch` and `checkout`.
        before: files of another commit to share, where this checkout has none.

    Raises:
        GitSourceError: it cannot be fetched, is too large, or has no such folder.
    """
    live = checkout.live()
    if live and live.commit == remote.commit:
        return live
    if live:
        before = checkout.tree(live.commit), live.blobs
    checkout.trees.mkdir(parents=True, exist_ok=True)
    under_way = checkout.folder / _UNDER_WAY
    if under_way.exists() or _is_worn(checkout.repository):
        shutil.rmtree(checkout.repository, ignore_errors=True)
    under_way.touch()
    try:
        checked_out = _checked_out(settings, checkout, remote, git, on_progress, before)
        under_way.unlink()
    except GitSourceError:
        # No trace of what never was: a wrong address is not in the index folder.
        if checkout.live() is None:
            shutil.rmtree(checkout.folder, ignore_errors=True)
        raise
    checkout.sweep()
    return checked_out


def _checked_out(
    settings: Settings, checkout: Checkout, remote: Remote, git: Git, on_progress: Progress, before: Before
) -> CheckedOut:
    store = Objects(checkout.repository, git, on_progress)
    commit = store.fetched(remote)
    listed = entries(store.git(["ls-tree", "-r", "-z", "--full-tree", commit]))
    _require_folder(checkout.address, remote, listed)
    found = wanted(listed, checkout.address.folder)
    draft = checkout.trees / f".{commit}"
    tree = Tree(draft, checkout.address, before, settings.git.max_bytes, listed)
    missing = tree.shared(found)
    if missing:
        store.require({entry.blob for entry in missing}, remote)
        with store.printing([entry.blob for entry in missing]) as printed:
            tree.write(missing, Contents(printed), throttled(on_progress, "checkout"))
    (draft / checkout.address.folder).mkdir(parents=True, exist_ok=True)
    final = checkout.tree(commit)
    shutil.rmtree(final, ignore_errors=True)
    tree.sync()
    draft.rename(final)
    checked_out = CheckedOut(commit, remote.branch, tree.blobs, tuple(tree.left_out))
    checkout.make_live(checked_out)
    return checked_out


def _require_folder(address: GitAddress, remote: Remote, listed: list[Entry]) -> None:
    folder = address.folder
    if not folder or any(entry.path.startswith(f"{folder}/") for entry in listed):
        return
    named = f"{remote.branch or remote.ref} of the repository of {address.shown}"
    same = next((entry for entry in listed if entry.path == folder), None)
    if same:
        kind = "a submodule, which is not fetched" if same.is_submodule else "no folder there"
        raise GitSourceError(f"{folder} is {kind}, in {named}: name the folder of the docs, git+URL#BRANCH:FOLDER")
    there = sorted({entry.path.rpartition("/")[0] for entry in listed if entry.path.lower().endswith((".md", ".mdx"))})
    close = difflib.get_close_matches(folder, there, n=3) or [one for one in there if one][:3]
    raise GitSourceError(
        f"{named} has no folder {folder!r}: name the one of the docs, git+URL#BRANCH:FOLDER"
        + (f"; markdown is in {', '.join(close)}" if close else "; there is no markdown in it")
        + ". An index in use is unchanged"
    )


def _is_worn(repository: Path) -> bool:
    return len(list((repository / "objects" / "pack").glob("*.pack"))) > _MOST_PACKS
