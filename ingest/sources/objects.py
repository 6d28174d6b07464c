"""objects: what was fetched of a repository.

Of one branch the newest commit alone, and of that, where the server can give parts, only what is asked for.
"""

import shutil
import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.ingest.sources.git import Git, OnPart
from footnote.ingest.sources.remote import Remote, failure
from footnote.ingest.types import Progress

if TYPE_CHECKING:
    import io

_INCOMING = "refs/footnote/incoming"
_PROGRESS_S = 0.1
# As git itself fetches what it lacks of a repository that it has a part of.
_AS_NAMED = ("-c", "fetch.negotiationAlgorithm=noop")
_QUIETLY = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--progress")
_PART = "--filter=blob:none"


class Objects:
    """The objects of one repository on this disk."""

    def __init__(self, folder: Path, git: Git, on_progress: Progress) -> None:
        self._folder = folder
        self._git = git
        self._on_progress = on_progress
        git.watched = folder

    def git(self, arguments: Sequence[str], given: bytes = b"", on_part: OnPart | None = None) -> bytes:
        """What git prints of this repository.

        Raises:
            GitSourceError: it failed.
        """
        done = self._git.run([f"--git-dir={self._folder}", *arguments], given=given, on_part=on_part)
        if done.code:
            raise failure(self._git.address, done)
        return done.out

    def fetched(self, remote: Remote, in_part: bool = True) -> str:
        """The commit that was fetched: that of the branch as it is by now.

        Raises:
            GitSourceError: it cannot be fetched.
        """
        if not (self._folder / "config").is_file():
            self._begin(remote, in_part)
        refspec = f"+{remote.ref}:{_INCOMING}"
        given = ["fetch", "--depth=1", *_QUIETLY, *[_PART] * in_part, "origin", refspec]
        self.git(given, on_part=throttled(self._on_progress, "fetch"))
        return self.git(["rev-parse", "--verify", f"{_INCOMING}^{{commit}}"]).decode("ascii").strip()

    def require(self, blobs: Collection[str], remote: Remote) -> None:
        """Fetch those of these contents that are not here, all at once.

        Raises:
            GitSourceError: they cannot be fetched.
        """
        missing = set(blobs) - self._here()
        if not missing:
            return
        given = "".join(f"{blob}\n" for blob in sorted(missing)).encode()
        arguments = [*_AS_NAMED, f"--git-dir={self._folder}", "fetch", *_QUIETLY, _PART, "--stdin", "origin"]
        done = self._git.run(arguments, given=given, on_part=throttled(self._on_progress, "fetch"))
        if done.code and set(blobs) - self._here():  # a server that gives parts, but not those that are named
            shutil.rmtree(self._folder, ignore_errors=True)
            self.fetched(remote, in_part=False)

    def printing(self, blobs: Sequence[str]) -> "AbstractContextManager[io.BufferedIOBase]":
        """Their contents, one after the other, see `Contents`."""
        given = "".join(f"{blob}\n" for blob in blobs).encode()
        return self._git.printing([f"--git-dir={self._folder}", "cat-file", "--batch"], given)

    def _begin(self, remote: Remote, in_part: bool) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        form = "sha256" if len(remote.commit) == 64 else "sha1"
        self._git.run(["init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(self._folder)])
        configuration = {"core.repositoryFormatVersion": "1", "remote.origin.url": self._git.address.url}
        if in_part:
            configuration |= {
                "extensions.partialClone": "origin",
                "remote.origin.promisor": "true",
                "remote.origin.partialCloneFilter": "blob:none",
            }
        for name, value in configuration.items():
            self.git(["config", name, value])

    def _here(self) -> set[str]:
        listed = self.git(["cat-file", "--batch-check=%(objectname)", "--batch-all-objects", "--unordered"])
        return set(listed.decode("ascii").split())


def throttled(on_progress: Progress, stage: str) -> OnPart:
    """Tells of the stage a few times a second, and at its end."""
    told_at = 0.0

    def told(done: int, total: int) -> None:
        nonlocal told_at
        if done == total or time.monotonic() - told_at >= _PROGRESS_S:
            told_at = time.monotonic()
            on_progress(stage, done, total)

    return told
