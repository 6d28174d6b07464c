"""The ingest flow: (fetch ->) find -> diff -> read -> split -> embed -> write new generation -> publish.

`plan.py` does the first four, `build.py` the others; what is unchanged is taken over from the live generation.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.find import FoundFile, find_files
from footnote.app.core.patterns import require_patterns
from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint, Skip
from footnote.app.index.docs_folder import replaced_docs
from footnote.app.index.generations import Generations
from footnote.app.index.ingest_record import recorded_ingest
from footnote.app.index.manifest import PATTERNS, Manifest
from footnote.app.index.store import make_store
from footnote.app.models.embedder import BUNDLED, Embedder, embedder_fingerprint
from footnote.ingest.base import Base, as_built, open_base, require_store_of_before
from footnote.ingest.build import Build
from footnote.ingest.cache import IngestCache
from footnote.ingest.guard import held_deletions, require_no_accident
from footnote.ingest.nothing import refuse_nothing
from footnote.ingest.plan import Plan, make_plan
from footnote.ingest.sources.source import DocsAtHand, DocsSource
from footnote.ingest.splitting import split_on_cores
from footnote.ingest.types import Progress

if TYPE_CHECKING:
    from footnote.ingest.cluster.cluster import Cluster


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, or with `published` False, that nothing was to be done; times are seconds.

    Attributes:
        manifest: of the generation that is live now.
        embedded: texts that went through the embedder; all others came from the cache or the base.
        rebuilt_because: why the index was built from nothing although there was one; None if it was not.
        untidy: what went wrong after publishing, in removing what is not needed any more; None if nothing did.
        answers_deleted: kept answers that a purge deleted, as they hold what is gone.
        kept_elsewhere: other stores than the present one, by FOOTNOTE_STORE, with generations to go back to.
    """

    manifest: Manifest
    plan: Plan
    published: bool
    embedded: int
    rebuilt_because: str | None
    untidy: str | None
    embed_s: float
    total_s: float
    answers_deleted: int = 0
    kept_elsewhere: tuple[str, ...] = ()

    @property
    def unread(self) -> str | None:
        """The language of most pages, where the bundled models do not read it and the generation before had another."""
        language = _unread(self.manifest)
        before = self.plan.base and _unread(self.plan.base.manifest)
        return language if self.published and language != before else None


def _unread(manifest: Manifest) -> str | None:
    others = {code: files for code, files in manifest.languages.items() if code not in ("", "en")}
    is_most = 2 * sum(others.values()) > sum(manifest.languages.values())
    return max(others, key=others.__getitem__) if is_most and manifest.embedder.name == BUNDLED else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an ingest would do.

    Attributes:
        embed_s: an estimate; None when the embedder never ran here.
        held: why it would stop before it removes so much; None if it would not.
    """

    plan: Plan
    nothing_to_do: bool
    to_embed: int
    embed_s: float | None
    held: str | None


def ingest(
    settings: Settings,
    on_progress: Progress,
    embedder: Embedder | None = None,
    *,
    rebuild: bool = False,
    checksum: bool = False,
    purge: bool = False,
    allow_deletes: bool = False,
    cluster: "Cluster | None" = None,
    command: str | None = None,
) -> IngestReport:
    """Make the index equal to one built from the docs folder as it is now, doing only what changed.

    The live index is not touched until the new one is complete; if anything fails, it stays. When nothing
    changed, nothing is published.

    Args:
        settings: the docs folder, the index folder, and how to read and cut.
        on_progress: told of every stage.
        embedder: used in place of the one that the settings name.
        rebuild: build from nothing but cached embeddings; also the way to other models or chunk sizes.
        checksum: compare files by hash, not by size and times.
        purge: rebuild, and keep neither the generations before, nor the embeddings of texts that are gone, nor answers
            that hold such texts.
        allow_deletes: also where much of the live index would be removed.
        cluster: cuts and embeds in place of this machine.
        command: the command line that removes what is held; made from the settings if None.

    Raises:
        DeletionsError: more than ten files and a tenth of all would be removed.
        DocsFolderError: the folder is missing, or holds no markdown that can be read.
        GitSourceError: the repository of the docs cannot be fetched.
        IndexMismatchError: the index was built with another embedder or chunk size, or into another store, and this is
            no rebuild; a purge alone is none for the store.
        IngestRunningError: another ingest is running on this index.
        DiskSpaceError: the disk has no room for what would be written.
        IndexWriteError: the disk is full, or may not be written.
        ModelError: the embedder cannot be loaded, or a remote one failed.
        ClusterError: the cluster failed.
    """
    started = time.perf_counter()
    source = DocsSource(settings)
    generations = Generations(settings.folders.index_dir, make_store(settings.store))
    fingerprint = embedder.fingerprint if embedder else embedder_fingerprint(settings.models)
    index_dir = settings.folders.index_dir
    if generations.current_if_readable() is None:
        source.require()  # docs that are not there must not create an index
    with generations.lock(), recorded_ingest(index_dir) as end, closing(IngestCache(index_dir)) as cache:
        source.require()
        with generations.write_errors():
            docs = source.updated(on_progress)
        files, skips = _found(settings, docs)
        build = Build(settings, generations, cache, fingerprint, embedder, on_progress, purge, cluster)

        def run(base: Base | None, because: str | None) -> IngestReport:
            split_all = cluster.split if cluster else split_on_cores

            def planned(start: Base | None) -> Plan:
                return make_plan(settings, docs, files, skips, start, cache, on_progress, checksum, split_all=split_all)

            plan, because = (planned(None), because) if base is None else _continued(settings, base, planned)
            refuse_nothing(settings, docs, plan)
            if not allow_deletes:
                require_no_accident(settings, generations, base, plan.files, command)
            nothing_to_do = plan.changes_nothing(settings)
            manifest = plan.base.manifest if plan.base and nothing_to_do else build.generation(plan)
            end.outcome = "unchanged" if nothing_to_do else "published"
            total_s = time.perf_counter() - started
            return IngestReport(
                manifest,
                plan,
                not nothing_to_do,
                build.embedded,
                because,
                build.untidy,
                build.embed_s,
                total_s,
                build.answers_deleted,
                build.kept_elsewhere,
            )

        if purge and not rebuild:
            require_store_of_before(generations)
        if rebuild or purge:
            return run(None, None)
        try:
            return run(open_base(generations, settings, fingerprint, generations.store), None)
        except IndexDamagedError as error:
            return run(None, str(error))


def preview(
    settings: Settings,
    on_progress: Progress,
    embedder: Fingerprint | None = None,
    *,
    rebuild: bool = False,
    checksum: bool = False,
    purge: bool = False,
    at_hand: bool = False,
    command: str | None = None,
) -> Preview:
    """What `ingest` would do; writes nothing. Raises as `ingest`.

    With `at_hand` a repository is not asked what it has by now; `command` as for `ingest`.
    """
    generations = Generations(settings.folders.index_dir, make_store(settings.store))
    fingerprint = embedder or embedder_fingerprint(settings.models)
    source = DocsSource(settings)
    with (
        source.as_it_is() if at_hand else source.previewed(on_progress) as docs,
        closing(IngestCache(settings.folders.index_dir, read_only=True)) as cache,
    ):
        files, skips = _found(settings, docs)
        try:
            if purge and not rebuild:
                require_store_of_before(generations)
            base = None if rebuild or purge else open_base(generations, settings, fingerprint, generations.store)
        except IndexDamagedError:
            base = None

        def planned(start: Base | None) -> Plan:
            return make_plan(settings, docs, files, skips, start, cache, on_progress, checksum, learn=False)

        plan = planned(None) if base is None else _continued(settings, base, planned)[0]
        refuse_nothing(settings, docs, plan)
        to_embed = len(cache.missing(fingerprint, plan.chunks))
        seconds = cache.embed_s(fingerprint)
    estimate = 0.0 if not to_embed else None if seconds is None else seconds * to_embed
    held = held_deletions(settings, generations, base, plan.files, command)
    return Preview(plan, plan.changes_nothing(settings), to_embed, estimate, held)


def docs_changes(settings: Settings, manifest: Manifest) -> Preview:
    """How the docs folder differs now from what the live generation was built from.

    Raises:
        DocsFolderError: the folder is missing, or holds no markdown any more.
    """
    given = {name: getattr(settings.ingest, name) for name in PATTERNS if settings.is_given(name)}
    settings = as_built(settings, manifest).changed(**given)
    return preview(settings, lambda *_: None, manifest.embedder, at_hand=True)


def _continued(settings: Settings, base: Base, planned: Callable[[Base | None], Plan]) -> tuple[Plan, str | None]:
    """The plan that goes on from the base, or begins anew, and why it does; its changes are against the base."""
    plan = planned(base)
    if plan.wears_out:
        replaced = replaced_docs(settings)
        because = "a quarter of the index was replaced since it was last built from nothing"
        because = f"it was built from {replaced}" if replaced else because
    elif plan.reads_otherwise:
        because = f"the docs are read as {plan.site.name} now, as {base.manifest.flavour} before"
    else:
        return plan, None
    return planned(None).compared_with(base.files), because


def _found(settings: Settings, docs: DocsAtHand) -> tuple[list[FoundFile], list[Skip]]:
    ingest = settings.ingest
    require_patterns("FOOTNOTE_INCLUDE (--include)", ingest.include, anchored=True)
    require_patterns("FOOTNOTE_EXCLUDE (--exclude)", ingest.exclude)
    files, skips = find_files(docs.folder, ingest.include, ingest.exclude, ingest.max_file_bytes)
    return files, sorted((*skips, *docs.left_out), key=lambda skip: skip.path)
