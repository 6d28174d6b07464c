"""build: from a plan to the live generation: embed -> write new generation -> publish -> tidy up."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from footnote.app.core.errors import FootnoteError, IndexWriteError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.checkouts import forget_objects
from footnote.app.index.generations import Generations
from footnote.app.index.kept_file import purge_answers
from footnote.app.index.manifest import Manifest
from footnote.app.index.places import leave_others, record_place
from footnote.app.index.raw_pages import uncompressed
from footnote.app.index.usage_file import purge_usage
from footnote.app.models.embedder import Embedder, is_service, make_embedder
from footnote.ingest.cache import IngestCache
from footnote.ingest.plan import Plan
from footnote.ingest.space import require_room
from footnote.ingest.types import Progress

if TYPE_CHECKING:
    from footnote.ingest.cluster.cluster import Cluster

_LET_GO_S = 10.0  # a service takes up a new generation within two seconds


class Build:
    """From a plan to the live generation; counts what it does over all its attempts."""

    def __init__(
        self,
        settings: Settings,
        generations: Generations,
        cache: IngestCache,
        fingerprint: Fingerprint,
        embedder: Embedder | None,
        on_progress: Progress,
        purge: bool,
        cluster: "Cluster | None",
    ) -> None:
        self._settings = settings
        self._generations = generations
        self._cache = cache
        self._fingerprint = fingerprint
        self._embedder = embedder
        self._on_progress = on_progress
        self._purge = purge
        self._cluster = cluster
        self.embedded = 0
        self.embed_s = 0.0
        self.untidy: str | None = None
        self.answers_deleted = 0
        self.kept_elsewhere: tuple[str, ...] = ()

    def generation(self, plan: Plan) -> Manifest:
        """Embed, write, publish, tidy up."""
        missing = self._cache.missing(self._fingerprint, plan.chunks)
        if self._settings.ingest.disk_check:
            require_room(self._generations, plan, missing, self._fingerprint)
        self._embed(missing)
        previous = self._generations.current_if_readable()
        manifest = self._write(plan)
        self._tidy(plan, previous)
        return manifest

    def _embed(self, missing: Sequence[Chunk]) -> None:
        if not missing:
            return
        from footnote.ingest.embed import embed_chunks

        # A server is asked from here, also where a cluster cuts.
        there = None if is_service(self._settings.models) else self._cluster
        embedder = there or self._made_embedder()
        started = time.perf_counter()
        self._on_progress("embed", 0, len(missing))
        embed_chunks(embedder, missing, self._cache, lambda done: self._on_progress("embed", done, len(missing)))
        self.embedded += len(missing)
        self.embed_s += time.perf_counter() - started

    def _made_embedder(self) -> Embedder:
        models, llm, service = self._settings.models, self._settings.llm, self._settings.embedding_service
        self._embedder = self._embedder or make_embedder(models, llm, service)
        return self._embedder

    def _write(self, plan: Plan) -> Manifest:
        from footnote.ingest.write import write_generation

        total = len(plan.chunks)
        self._on_progress("write", 0, total)
        with self._generations.write_errors(), self._generations.building() as folder:
            number = self._generations.next_number()
            record_place(self._generations, self._settings.store, number)
            manifest = write_generation(
                folder,
                number,
                self._settings,
                self._fingerprint,
                plan,
                self._cache,
                self._generations.store,
                lambda done: self._on_progress("write", done, total),
            )
            self._generations.publish(folder, number)
        self._on_progress("write", total, total)
        return manifest

    def _tidy(self, plan: Plan, previous: int | None) -> None:
        """Remove what is not needed any more; that fails without undoing what is published."""
        untidy: list[str] = []
        try:
            if plan.base is None:
                self._cache.forget_unused(self._fingerprint, plan.chunks, at_once=self._purge)
            try:
                self._sweep(previous)
                elsewhere = leave_others(self._generations, self._settings.store)
                self.kept_elsewhere = tuple(elsewhere.kept)
                untidy += elsewhere.left
            finally:
                if self._purge:
                    forget_objects(self._settings.folders.index_dir)
                    self._purge_logs(plan)
        except (FootnoteError, OSError, KeyboardInterrupt) as error:
            untidy.append(str(error) or "interrupted")
        self.untidy = "; ".join(untidy) or None

    def _sweep(self, previous: int | None) -> None:
        if not self._purge:
            self._generations.sweep(previous, self._settings.ingest.keep_generations)
            return
        self._generations.forget_set_aside()
        until = time.monotonic() + _LET_GO_S
        while held := self._generations.sweep(None):
            if time.monotonic() > until:
                raise IndexWriteError(f"generations {held} are still being read: stop what reads them and purge again")
            time.sleep(0.2)

    def _purge_logs(self, plan: Plan) -> None:
        hashes = {file.path: file.sha256 for file in plan.files}

        def page(path: str) -> bytes | None:
            packed = plan.pages.get(hashes.get(path, ""))
            return uncompressed(packed) if packed else None

        index_dir = self._settings.folders.index_dir
        generation = self._generations.live()
        try:
            self.answers_deleted = purge_answers(index_dir, generation, plan.chunks, page)
        finally:
            purge_usage(index_dir, generation, hashes.keys())
