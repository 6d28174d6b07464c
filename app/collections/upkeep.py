"""upkeep: the processes beside a service that keep the indexes of its collections up to date, one each."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from footnote.app.collections.changes import FileChanges
from footnote.app.core.collections import Collection, Collections
from footnote.app.core.errors import FootnoteError, SettingsError
from footnote.app.core.request_context import done_for
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import require_same_docs, with_docs_dir
from footnote.app.objects.open import open_objects
from footnote.app.replicas.follow import beginning
from footnote.app.service.watcher import following, watching

log = logging.getLogger(__name__)

_LOOK_S = 1.0  # between two looks at the file


class Upkeep:
    """Watches the docs of each collection, or follows its source, where the settings ask for it."""

    def __init__(self, settings: Settings, replace: bool = False) -> None:
        """Nothing runs yet; with `replace` an index that was built from another docs folder may be replaced.

        Raises:
            SettingsError: the index is to follow both the docs and a source; or see `Child`.
            OtherDocsError: the index was built from another docs folder.
            ReplicaError: a source is to be followed into a folder that holds an index of its own.
        """
        self._replace = replace
        self._changes = FileChanges(settings)
        self._collections = self._changes.collections()
        for one in self._collections:
            self._require_possible(one)
        self._running: dict[str, tuple[Settings, ExitStack]] = {}
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep all of them running within the block, and those that the file names later."""
        with ExitStack() as undo:
            undo.callback(self._end_all)
            for one in self._collections:
                self._begin(one, self._collections)
            if self._changes.can_come:
                looking = threading.Thread(target=self._look, name="upkeep", daemon=True)
                looking.start()
                undo.callback(looking.join)
                undo.callback(self._stop.set)
            yield

    def _look(self) -> None:
        while not self._stop.wait(_LOOK_S):
            try:
                found = self._changes.new_collections()
            except FootnoteError:  # the service says it
                continue
            if found:
                self._take_up(found)

    def _take_up(self, collections: Collections) -> None:
        wanted = {one.name: one for one in collections}
        for name, (settings, processes) in list(self._running.items()):
            if name not in wanted or wanted[name].settings != settings:
                processes.close()
                del self._running[name]
        for one in collections:
            if one.name not in self._running:
                try:
                    self._require_possible(one)
                    self._begin(one, collections)
                except FootnoteError as error:
                    log.error("collection %s is not kept up to date: %s", one.name, error)

    def _require_possible(self, one: Collection) -> None:
        settings = one.settings
        if settings.replica.follow:
            # Of several, others have docs to watch.
            if settings.service.watch and self._collections.file is None:
                raise SettingsError("--watch and --follow exclude each other: a replica has the docs of its source")
            # Refused here, where it is seen; the child would say it to the log, again and again.
            beginning(settings.folders.index_dir, open_objects(settings.replica.follow).address)
        elif settings.service.watch and not self._replace:
            require_same_docs(with_docs_dir(settings))

    def _begin(self, one: Collection, collections: Collections) -> None:
        settings = one.settings
        if not (settings.replica.follow or settings.service.watch):
            return
        with ExitStack() as processes, done_for(one.name if collections.file else None):
            processes.enter_context(
                following(settings) if settings.replica.follow else watching(settings, self._replace)
            )
            self._running[one.name] = settings, processes.pop_all()

    def _end_all(self) -> None:
        for _, processes in self._running.values():
            processes.close()
        self._running.clear()
