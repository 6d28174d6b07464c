"""nothing: docs in which there is nothing to ingest are refused, with what was looked for and where it may be."""

from footnote.app.core.errors import DocsFolderError
from footnote.app.core.find import find_files
from footnote.app.core.patterns import deeper
from footnote.app.core.settings import Settings
from footnote.ingest.plan import Plan
from footnote.ingest.sources.source import DocsAtHand


def refuse_nothing(settings: Settings, docs: DocsAtHand, plan: Plan) -> None:
    """Refuse docs without any text.

    Raises:
        DocsFolderError: they have none.
    """
    if plan.chunk_count == 0:
        raise DocsFolderError(_nothing_to_ingest(settings, docs, plan))


def _nothing_to_ingest(settings: Settings, docs: DocsAtHand, plan: Plan) -> str:
    skips = sorted((skip for skip in plan.skips if skip.is_left_out), key=lambda skip: skip.gravity)
    if skips:
        first = f"{skips[0].path}: {skips[0].reason}"
        return f"nothing to ingest in {settings.folders.docs_shown}: {len(skips)} files skipped, the first is {first}"
    if plan.files:
        return f"nothing to ingest in {settings.folders.docs_shown}: there is no text in its {len(plan.files)} files"
    return (
        f"no markdown in {settings.folders.docs_shown}: looked for {', '.join(settings.ingest.include)} "
        f"(FOOTNOTE_INCLUDE; hidden and ignored files are left out){_found_deeper(settings, docs)}"
    )


def _found_deeper(settings: Settings, docs: DocsAtHand) -> str:
    """What is said where files lie deeper than the globs name; "" where none do."""
    ingest = settings.ingest
    for glob in filter(None, map(deeper, ingest.include)):
        files, _ = find_files(docs.folder, [glob], ingest.exclude, ingest.max_file_bytes)
        if files:
            return f". Such globs name the whole path below the docs folder: {glob} names {files[0].path}"
    return ""
