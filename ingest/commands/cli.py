"""`footnote ingest` and `python -m ingest`."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.core.collections import Collection, collections_asked
from footnote.app.core.console import INTERRUPTED, command, counted, err, plain, print_json
from footnote.app.core.errors import FootnoteError, SettingsError
from footnote.app.core.in_turn import in_turn, named
from footnote.app.core.settings import Settings
from footnote.app.core.told_commands import of_collection
from footnote.ingest.commands.typed import deleting, require_docs, tell_patterns

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from footnote.app.core.types import Skip
    from footnote.app.index.manifest import Manifest
    from footnote.ingest.cluster.cluster import Cluster
    from footnote.ingest.flow import IngestReport
    from footnote.ingest.plan import Plan

DRIFT = NOT_PURGED = NOT_WANTED = 1
EPILOG = """\
Examples:

  footnote ingest handbook                     again later: only what changed is read and embedded

  footnote ingest                              the folder of the last time, or FOOTNOTE_DOCS_DIR, or docs

  footnote ingest git+https://example.com/org/repo#main:docs

  footnote ingest --exclude 'drafts/,*.tmp.md' from then on without these, until --exclude says otherwise

  footnote ingest other-docs --replace         an index of another folder is not replaced otherwise

  footnote ingest --allow-deletes              many pages are gone, and are meant to be

  footnote ingest --dry-run                    what would be done

  footnote ingest --watch                      keep up with the folder until Ctrl-C

  footnote ingest --check                      compare index, manifest and folder; exit code 1 on a drift

  footnote ingest --rebuild --chunk-size 600   other chunks or another embedder

  footnote ingest --collection handbook        one docs folder of footnote.toml; without it, each

  footnote ingest --ray auto                   on all machines of the Ray cluster that this one is part of
"""
_INTERRUPTED = "interrupted: nothing was published, an index in use is unchanged"
_KEPT = "kept until given anew, '' takes it back"
_MODES = "--watch, --check and --dry-run exclude each other"
_WATCH_ALONE = "--watch takes neither --rebuild, --purge, --checksum nor --allow-deletes: run those once before"
_RAY_ALONE = "--ray takes neither --watch, --check nor --dry-run: those run on this machine"
_CHECK_ALONE = "--check takes the folder of the index: leave out DIR and all that changes the index"


def ingest_command(
    context: typer.Context,
    docs_dir: Annotated[
        str | None,
        typer.Argument(
            metavar="[DIR|GIT]",
            help="The docs folder, or git+URL#BRANCH:FOLDER. Default: FOOTNOTE_DOCS_DIR, or that of the last time, or "
            "docs.",
        ),
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option("--collection", metavar="NAME", help="Only this docs folder of footnote.toml; without it, each."),
    ] = None,
    index_dir: Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")] = None,
    include: Annotated[str | None, typer.Option(help=f"Globs of files to read, comma-separated; {_KEPT}.")] = None,
    exclude: Annotated[
        str | None, typer.Option(help=f"Ignore patterns as in .gitignore, comma-separated; {_KEPT}.")
    ] = None,
    include_roots: Annotated[
        str | None,
        typer.Option(help=f"Folders beside it whose files pages may show parts of, comma-separated; {_KEPT}."),
    ] = None,
    chunk_size: Annotated[int | None, typer.Option(help="Longest chunk, in characters. Default: 1000.")] = None,
    chunk_overlap: Annotated[
        int | None, typer.Option(help="Overlap of cut sections, in characters. Default: 200.")
    ] = None,
    checksum: Annotated[bool, typer.Option("--checksum", help="Compare files by hash, not by size and times.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build from nothing; the way to another embedder or chunk size.")
    ] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Rebuild, and remove all that is left of deleted texts from the disk.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an index that was built from another folder; does not ask.")
    ] = False,
    allow_deletes: Annotated[
        bool, typer.Option("--allow-deletes", help="Also where more than ten files and a tenth of all would go.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Verify the index; exit code 1 if anything drifted.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Ingest, and again at every change, until Ctrl-C.")] = False,
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Cut and embed on the Ray cluster at this address, or auto.")
    ] = None,
    ray_workers: Annotated[
        int | None, typer.Option(min=1, help="Workers there. Default: one for each of its processors.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
    job: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Make the index equal to a docs folder. The index in use stays live until the new one is complete."""
    with command(as_json, _INTERRUPTED):
        if watch + check + dry_run > 1:
            raise SettingsError(_MODES)
        if watch and (rebuild or purge or checksum or allow_deletes):
            raise SettingsError(_WATCH_ALONE)
        if check and (docs_dir or rebuild or purge or checksum or replace or allow_deletes):
            raise SettingsError(_CHECK_ALONE)
        if ray is not None and (watch or check or dry_run):
            raise SettingsError(_RAY_ALONE)
        if ray_workers is not None and ray is None:
            raise SettingsError("--ray-workers needs --ray ADDRESS")
        require_docs(docs_dir)
        collections = collections_asked(
            collection,
            docs_dir=docs_dir,
            index_dir=index_dir,
            include=include,
            exclude=exclude,
            include_roots=include_roots,
            chunk_size_chars=chunk_size,
            chunk_overlap_chars=chunk_overlap,
        )
        if len(collections) > 1 and (docs_dir or watch):
            what = "--watch follows one docs folder, and `footnote serve --watch` all" if watch else "DIR is one folder"
            names = ", ".join(one.name for one in collections)
            raise SettingsError(f"{what}: say of which collection with --collection: {names}")

    def run(one: Collection) -> None:
        from footnote.app.index.docs_folder import kept_patterns, require_same_docs, with_docs_dir

        of_docs, name = with_docs_dir(one.settings), named(collections, one)
        kept = kept_patterns(of_docs)
        settings = of_docs.changed(**kept)
        if not (check or job):
            tell_patterns(settings, kept)
        again = None if job else deleting(context, one, is_one_of_several=len(collections) > 1)
        if check:
            _check(settings, as_json, name)
        elif watch:
            if not replace:
                require_same_docs(settings, docs_dir is not None)
            _watch(of_docs, as_json, again)
        elif dry_run:
            _preview(settings, rebuild, checksum, purge, as_json, name, again)
        else:
            if not (replace or job):
                _settle_replacing(settings, not as_json, docs_dir is not None)
            flags = (rebuild, checksum, purge, replace, allow_deletes)
            _ingest(settings, *flags, as_json, job, ray, ray_workers, name, again)

    in_turn(collections, run, as_json, _INTERRUPTED)


def docs_state(settings: Settings, manifest: "Manifest") -> tuple["Plan | None", str | None]:
    """For `footnote status`: what an ingest would find changed, and why it would not run or stop."""
    from footnote.app.index.docs_folder import require_same_docs, with_docs_dir
    from footnote.app.models.embedder import embedder_fingerprint
    from footnote.ingest.base import differences
    from footnote.ingest.flow import docs_changes
    from footnote.ingest.sources.source import moved_on

    try:
        require_same_docs(with_docs_dir(settings))
        mismatch = differences(manifest, settings, embedder_fingerprint(settings.models))
        if mismatch:
            return None, of_collection(f"built with {'; '.join(mismatch)}: run `footnote ingest --rebuild`")
        moved = moved_on(settings, manifest.source)
        if moved:
            return None, of_collection(moved)
        found = docs_changes(settings, manifest)
        return found.plan, found.held
    except FootnoteError as error:
        return None, str(error)


def _settle_replacing(settings: Settings, may_ask: bool, is_typed: bool) -> None:
    """Go on if the index is of this docs folder, or if the one who sits at the terminal wants to replace it.

    Raises:
        DocsFolderError: the docs folder cannot be one.
        OtherDocsError: the index was built from another one, and nobody can be asked.
    """
    from footnote.app.index.docs_folder import replaced_docs, require_docs, require_same_docs

    if not settings.folders.git:
        require_docs(settings)
    if not (may_ask and sys.stdin.isatty() and sys.stderr.isatty()):
        require_same_docs(settings, is_typed)
        return
    replaced = replaced_docs(settings)
    question = (
        f"The index in {settings.folders.index_dir} was built from {replaced}. "
        f"Replace it by one of {settings.folders.docs_shown}?"
    )
    try:
        if replaced and not typer.confirm(plain(question), err=True):
            err.print("nothing was ingested")
            raise typer.Exit(NOT_WANTED)
    except typer.Abort:  # Ctrl-C, which typer takes for itself
        raise KeyboardInterrupt from None


def _ingest(
    settings: Settings,
    rebuild: bool,
    checksum: bool,
    purge: bool,
    replace: bool,
    allow_deletes: bool,
    as_json: bool,
    job: str | None,
    ray: str | None,
    ray_workers: int | None,
    collection: str | None,
    again: str | None,
) -> None:
    from functools import partial

    from footnote.ingest.commands.report import print_report, report_json
    from footnote.ingest.flow import ingest

    run = partial(ingest, settings, rebuild=rebuild, checksum=checksum, purge=purge, allow_deletes=allow_deletes)
    run = partial(run, command=again)
    if job:
        from footnote.app.index.docs_folder import require_same_docs
        from footnote.ingest.commands.job import reporting

        with reporting(settings.folders.index_dir, job) as job_report:
            if not replace:
                require_same_docs(settings)
            report = run(job_report.on_progress)
            job_report.done(report)
    else:
        from footnote.app.core.progress import progress_bars

        with _joined(settings, ray, ray_workers) as cluster, progress_bars(err) as on_progress:
            report = run(on_progress, cluster=cluster)
        if cluster and cluster.lost:
            err.print(f"{counted(cluster.lost, 'worker')} of the cluster lost: others did what they had to do")
    if as_json:
        print_json(report_json(report), collection)
    else:
        print_report(report)
    if purge and report.untidy:
        raise typer.Exit(NOT_PURGED)


def _joined(settings: Settings, ray: str | None, workers: int | None) -> "AbstractContextManager[Cluster | None]":
    if ray is None:
        return nullcontext()
    from footnote.ingest.cluster.cluster import joined

    return joined(ray, settings, workers)


def _preview(
    settings: Settings,
    rebuild: bool,
    checksum: bool,
    purge: bool,
    as_json: bool,
    collection: str | None,
    again: str | None,
) -> None:
    from footnote.app.core.progress import progress_bars
    from footnote.ingest.commands.report import preview_json, print_preview
    from footnote.ingest.flow import preview

    with progress_bars(err) as on_progress:
        planned = preview(settings, on_progress, rebuild=rebuild, checksum=checksum, purge=purge, command=again)
    if as_json:
        print_json(preview_json(planned), collection)
    else:
        print_preview(planned)


def _check(settings: Settings, as_json: bool, collection: str | None) -> None:
    from footnote.app.core.progress import progress_bars
    from footnote.ingest.commands.check import check
    from footnote.ingest.commands.report import check_json, print_check

    with progress_bars(err) as on_progress:
        checked = check(settings, on_progress)
    if as_json:
        print_json(check_json(checked), collection)
    else:
        print_check(checked)
    if checked.drifts:
        raise typer.Exit(DRIFT)


def _watch(settings: Settings, as_json: bool, again: str | None) -> None:
    import threading

    from footnote.app.index.generations import Generations
    from footnote.ingest.commands.report import print_report, report_json
    from footnote.ingest.commands.watch import watch_and_ingest

    shown: set[Skip] = set()
    first = True

    def on_report(report: "IngestReport") -> None:
        nonlocal first
        if as_json:
            print_json(report_json(report))
        elif report.published or first:
            print_report(report, shown)
        shown.update(report.plan.skips)
        first = False

    def on_error(error: FootnoteError) -> None:
        err.print(plain(f"error: {error}"), style="red", markup=False, soft_wrap=True)

    try:
        watch_and_ingest(settings, lambda *_: None, on_report, on_error, threading.Event(), again)
    except KeyboardInterrupt:  # the usual end
        live = Generations(settings.folders.index_dir).current_if_readable()
        is_live = "nothing was published" if live is None else f"generation {live} is live"
        err.print(f"stopped watching: {is_live}")
        raise typer.Exit(INTERRUPTED) from None
