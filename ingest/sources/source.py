"""source: docs as they are named -> a folder that they are read from; the one place that knows both kinds.

A folder is read where it is. Of a repository a checkout is kept in the index folder, which an ingest makes equal to its
branch first.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from footnote.app.core.find import why_unread
from footnote.app.core.git_address import git_address
from footnote.app.core.settings import Settings
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Skip
from footnote.app.index.checkouts import CheckedOut, Checkout
from footnote.app.index.docs_folder import require_docs
from footnote.ingest.sources.git import Git
from footnote.ingest.sources.remote import Remote, look
from footnote.ingest.sources.update import Before, update
from footnote.ingest.types import Progress

_LOOK_S = 15.0  # `footnote status` does not wait for longer
_SHORT = 12


@dataclass(frozen=True, slots=True)
class DocsAtHand:
    """Docs that can be read.

    Attributes:
        folder: where they lie now.
        commit, branch: what they are of; "" where that is not known.
        left_out: what the repository has and the folder has not.
        blobs: what git calls the content of each file, by path; None where that was not looked at.
    """

    folder: Path
    commit: str = ""
    branch: str = ""
    left_out: tuple[Skip, ...] = ()
    blobs: Mapping[str, str] | None = field(default=None, repr=False)


class DocsSource:
    """The docs that settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = settings.folders.git
        self._remote: Remote | None = None
        self._git: Git | None = None

    def require(self) -> None:
        """Refuse docs that are not there; asks a repository what it has, once.

        Raises:
            DocsFolderError: the folder is missing, or cannot be read.
            GitSourceError: the repository cannot be reached, or has no such branch.
        """
        if self._address is None:
            require_docs(self._settings)
        elif self._remote is None:
            limits = self._settings.git
            self._git = Git(self._address, limits.timeout_s, limits.max_bytes)
            self._remote = look(self._git)

    def updated(self, on_progress: Progress) -> DocsAtHand:
        """The docs as they are now; hold the lock of ingests.

        Raises:
            DocsFolderError, GitSourceError: as of `require`; or the repository cannot be fetched.
        """
        if self._address is None:
            return self._of_folder()
        checkout = Checkout.of(self._settings.folders.index_dir, self._address)
        return self._of_checkout(checkout, self._fetched(checkout, on_progress))

    @contextmanager
    def previewed(self, on_progress: Progress) -> Iterator[DocsAtHand]:
        """The docs as they are now, within the block; of a repository in a folder of their own.

        Raises:
            DocsFolderError, GitSourceError: as of `updated`.
        """
        if self._address is None:
            yield self._of_folder()
            return
        own = Checkout.of(self._settings.folders.index_dir, self._address)
        live = own.live()
        with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
            other = Checkout(Path(folder), self._address)
            before = (own.tree(live.commit), live.blobs) if live else None
            yield self._of_checkout(other, self._fetched(other, on_progress, before))

    @contextmanager
    def as_it_is(self) -> Iterator[DocsAtHand]:
        """The docs as they lie here, within the block: of a repository what was checked out last.

        Raises:
            DocsFolderError: they are missing.
        """
        require_docs(self._settings)
        live = None
        if self._address:
            checkout = Checkout.of(self._settings.folders.index_dir, self._address)
            live = checkout.live()
        yield self._of_checkout(checkout, live) if live else self._of_folder()

    def _fetched(self, checkout: Checkout, on_progress: Progress, before: Before = None) -> CheckedOut:
        self.require()
        assert self._remote and self._git
        return update(self._settings, checkout, self._remote, self._git, on_progress, before)

    def _of_folder(self) -> DocsAtHand:
        require_docs(self._settings)
        return DocsAtHand(self._settings.folders.docs_dir)

    def _of_checkout(self, checkout: Checkout, live: CheckedOut) -> DocsAtHand:
        prefix = f"{checkout.address.folder}/" if checkout.address.folder else ""
        blobs = {path[len(prefix) :]: blob for path, blob in live.blobs.items() if path.startswith(prefix)}
        return DocsAtHand(checkout.docs, live.commit, live.branch, tuple(self._skips(prefix, live)), blobs)

    def _skips(self, prefix: str, live: CheckedOut) -> Iterator[Skip]:
        """Of what is left out, what would have been read: pages, submodules and folders that links lead to."""
        ingest = self._settings.ingest
        for path, reason in live.left_out:
            below = without_surrogates(path.removeprefix(prefix))
            if not path.startswith(prefix):
                continue
            if "submodule" in reason or below.endswith("/"):
                yield Skip(below.rstrip("/"), reason, lost="folder")
            elif not why_unread(below, ingest.include, ingest.exclude):
                yield Skip(below, reason)


def moved_on(settings: Settings, source: str) -> str | None:
    """Why an ingest would find other docs than those that are checked out; None where it would not.

    Args:
        settings: with the login, where there is one.
        source: the Git address of the index; "" where it is of a folder.

    Raises:
        GitSourceError: the repository cannot be asked.
    """
    if not source:
        return None
    given = settings.folders.git
    address = given if given and given.shown == source else git_address(source)
    remote = look(Git(address, min(_LOOK_S, settings.git.timeout_s)))
    live = Checkout.of(settings.folders.index_dir, address).live()
    if live and live.commit == remote.commit:
        return None
    has = f"{live.commit[:_SHORT]} is checked out" if live else "nothing is checked out"
    branch = remote.branch or remote.ref
    return f"{branch} of {address.shown} is at {remote.commit[:_SHORT]}, {has}: run `footnote ingest`"
