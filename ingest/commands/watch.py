"""watch: ingest at once, and again whenever the docs folder changes; a repository is asked now and then."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import watch

from footnote.app.core.errors import FootnoteError
from footnote.app.core.find import IGNORE_FILES
from footnote.app.core.setting_groups import NO_INCLUDES
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import with_patterns
from footnote.ingest.flow import IngestReport, ingest
from footnote.ingest.types import Progress

_MOST_MS = 2_000  # an ingest begins at the latest so long after the first of many changes
_QUIET_MS = 200  # or when nothing has changed for so long
_LOOK_MS = 500  # between two looks at whether the folder is still the one that is watched
# A network file system tells nobody about changes made elsewhere: look without being told.
_LOOK_AGAIN_S = 60.0
# After an error (another ingest is running, the disk is full) the next try comes sooner, then ever later.
_TRY_AGAIN_S = 2.0


def watch_and_ingest(
    settings: Settings,
    on_progress: Progress,
    on_report: Callable[[IngestReport], None],
    on_error: Callable[[FootnoteError], None],
    stop: threading.Event,
    command: str | None = None,
) -> None:
    """Keep the index equal to the docs folder until `stop` is set. Errors are told and survived.

    A change that arrives during an ingest leads to another one. After an error it is tried again in a while;
    one that stays the same is told once. Which files are read goes on as it was the last time, also where that was an
    ingest beside this one. `command` is as for `ingest`.
    """
    told = ""
    turn = _Turn(settings.git.poll_s if settings.folders.git else _LOOK_AGAIN_S)

    def tell(error: Exception) -> None:
        nonlocal told
        if str(error) != told:
            told = str(error)
            on_error(error if isinstance(error, FootnoteError) else FootnoteError(f"{error!r}; trying again"))

    while not stop.is_set():
        try:
            for _ in _occasions(with_patterns(settings), stop, turn):
                try:
                    on_report(ingest(with_patterns(settings), on_progress, command=command))
                    told = ""
                    turn.succeeded()
                except Exception as error:  # whatever a library raises, the next try may go through
                    tell(error)
                    turn.failed()
        except (OSError, RuntimeError) as error:  # the folder went away, or inotify has no watches left
            tell(error)
        stop.wait(_LOOK_MS / 1000)


class _Turn:
    """When it is time to ingest without having been told of a change."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._at = 0.0
        self._pause_s = _TRY_AGAIN_S
        self._folder: tuple[int, int] | None = None

    def has_come(self) -> bool:
        return time.monotonic() >= self._at

    def sees(self, folder: tuple[int, int] | None) -> None:
        """It comes at once when the folder is another one, or gone, or back."""
        if folder != self._folder:
            self._folder, self._at = folder, 0.0

    def succeeded(self) -> None:
        self._at, self._pause_s = time.monotonic() + self._every_s, _TRY_AGAIN_S

    def failed(self) -> None:
        self._at = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LOOK_AGAIN_S)


def _occasions(settings: Settings, stop: threading.Event, turn: _Turn) -> Iterator[None]:
    """Yields after each change and when its turn has come; ends when `stop` is set or the folder is another one."""
    if settings.folders.git:
        yield from _polls(stop, turn)
        return
    docs_dir, index_dir = settings.folders.docs_dir, settings.folders.index_dir.resolve()
    watched = _identity(docs_dir)
    turn.sees(watched)
    if watched is None or not docs_dir.is_dir():
        if turn.has_come():
            yield  # the ingest says what is wrong
        return
    included = [Path(root) for root in settings.ingest.resolved_include_roots if root != NO_INCLUDES]
    folders = [docs_dir, *(root for root in included if root.is_dir())]
    changes = watch(
        *folders,
        watch_filter=lambda _, path: _matters(Path(path), folders, index_dir),
        debounce=_MOST_MS,
        step=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    )
    for changed in changes:
        if changed or turn.has_come():
            yield
        if _identity(docs_dir) != watched:
            return


def _polls(stop: threading.Event, turn: _Turn) -> Iterator[None]:
    """Yields when it is time to ask the repository; ends when `stop` is set. The checkout itself changes with that."""
    while not stop.is_set():
        if turn.has_come():
            yield
        stop.wait(_LOOK_MS / 1000)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _matters(path: Path, folders: Sequence[Path], index_dir: Path) -> bool:
    """Whether a change there can change the index: not in the index folder, and nothing hidden."""
    if path.resolve().is_relative_to(index_dir):
        return False
    above = next((folder.resolve() for folder in folders if path.is_relative_to(folder.resolve())), None)
    parts = path.relative_to(above).parts if above else (path.name,)
    return path.name in IGNORE_FILES or not any(part.startswith(".") for part in parts)
