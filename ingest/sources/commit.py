"""commit: which commit the files of the docs are as, so that links to its lines hold for ever.

A file counts as one of the commit where its bytes are those that the commit has under its path. For a folder that is
asked of git; what was so in the generation before and has not changed since is not read again. A page that was changed
and not committed, or whose line ends git converts, is not as in the commit.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.index.manifest import FileRecord
from footnote.ingest.base import Base
from footnote.ingest.sources.git import look_at
from footnote.ingest.sources.source import DocsAtHand
from footnote.ingest.sources.tree import entries


@dataclass(frozen=True, slots=True)
class CommitState:
    """What the files are as.

    Attributes:
        commit: in hex; "" where the docs are in no repository, or no file is as a commit has it.
        branch: that is checked out; "" where none is.
        uncommitted: paths of the files that are not as the commit has them, in order.
    """

    commit: str = ""
    branch: str = ""
    uncommitted: tuple[str, ...] = ()

    def adds_to(self, base: Base) -> bool:
        """Whether files are as in a commit that were not for the base: what was so of the same bytes stays so."""
        before = base.manifest
        if not self.commit:
            return False
        return not before.commit or not set(before.uncommitted) <= set(self.uncommitted)


def commit_state(docs: DocsAtHand, files: Sequence[FileRecord], base: Base | None) -> CommitState:
    """What the files of the docs are as now."""
    if docs.blobs is not None:
        # Written from the commit's objects; what is read through a link is another file of it.
        uncommitted = sorted(file.path for file in files if file.path not in docs.blobs)
        return CommitState(docs.commit, docs.branch, tuple(uncommitted))
    commit = _line(look_at(docs.folder, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]))
    if not commit:
        return CommitState()
    uncommitted = sorted(_uncommitted(docs.folder, commit, files, base))
    if len(uncommitted) == len(files):
        return CommitState()
    branch = _line(look_at(docs.folder, ["symbolic-ref", "--quiet", "--short", "HEAD"]))
    return CommitState(commit, branch, tuple(uncommitted))


def _uncommitted(folder: Path, commit: str, files: Sequence[FileRecord], base: Base | None) -> Iterator[str]:
    now = _blobs(folder, commit)
    as_before = _committed_before(folder, commit, now, base)
    for file in files:
        blob = now.get(file.path)
        if not blob or not (as_before.get(file.path) == file.sha256 or _is(folder / file.path, file.sha256, blob)):
            yield file.path


def _committed_before(folder: Path, commit: str, now: Mapping[str, str], base: Base | None) -> dict[str, str]:
    """The sha256 of files by path that are of the base's commit, which has the same under their paths as this one."""
    if base is None or not base.manifest.commit or base.manifest.docs_dir != str(folder.resolve()):
        return {}
    before = now if base.manifest.commit == commit else _blobs(folder, base.manifest.commit)
    left_out = set(base.manifest.uncommitted)
    same = (path for path in base.files if path not in left_out and path in now and before.get(path) == now[path])
    return {path: base.files[path].sha256 for path in same}


def _blobs(folder: Path, commit: str) -> dict[str, str]:
    """What the commit has below the folder: git's name of the content by path from there."""
    listed = look_at(folder, ["ls-tree", "-r", "-z", commit])
    return {entry.path: entry.blob for entry in entries(listed or b"") if entry.is_file}


def _is(file: Path, sha256: str, blob: str) -> bool:
    """Whether the file still has this content, and git calls it so."""
    try:
        raw = file.read_bytes()
    except OSError:
        return False
    named = hashlib.sha256 if len(blob) == 64 else hashlib.sha1
    is_named = named(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest() == blob
    return is_named and hashlib.sha256(raw).hexdigest() == sha256


def _line(printed: bytes | None) -> str:
    return (printed or b"").decode("utf-8", "replace").strip()
