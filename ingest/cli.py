"""`footnote ingest` and `python -m ingest`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.core.console import command, err, out, plain, print_json
from app.core.settings import load_settings

if TYPE_CHECKING:
    from ingest.flow import IngestReport

_SHOWN_SKIPS = 10
EPILOG = """\
Examples:

  footnote ingest                              the folder `docs`, or FOOTNOTE_DOCS_DIR

  footnote ingest handbook --index-dir /var/lib/footnote

  footnote ingest --exclude 'drafts/,*.tmp.md' --json
"""


def ingest_command(
    docs_dir: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The docs folder. Default: FOOTNOTE_DOCS_DIR, or docs.")
    ] = None,
    index_dir: Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")] = None,
    include: Annotated[str | None, typer.Option(help="Globs of files to read, comma-separated.")] = None,
    exclude: Annotated[str | None, typer.Option(help="Ignore patterns as in .gitignore, comma-separated.")] = None,
    chunk_size: Annotated[int | None, typer.Option(help="Longest chunk, in characters. Default: 1000.")] = None,
    chunk_overlap: Annotated[
        int | None, typer.Option(help="Overlap of cut sections, in characters. Default: 200.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Read a docs folder and build its index. The index in use stays live until the new one is complete."""
    with command(as_json, "interrupted: nothing was published, the index in use is unchanged"):
        settings = load_settings(
            docs_dir=docs_dir,
            index_dir=index_dir,
            include=include,
            exclude=exclude,
            chunk_size_chars=chunk_size,
            chunk_overlap_chars=chunk_overlap,
        )
        from ingest.flow import ingest
        from ingest.progress import progress_bars

        with progress_bars(err) as on_progress:
            report = ingest(settings, on_progress)
        if as_json:
            print_json(_as_json(report))
        else:
            _print_report(report)


def _print_report(report: "IngestReport") -> None:
    manifest = report.manifest
    for skip in report.skips[:_SHOWN_SKIPS]:
        detail = f" ({skip.detail})" if skip.detail else ""
        err.print(plain(f"skipped {skip.path}: {skip.reason}{detail}"), style="yellow", markup=False, soft_wrap=True)
    if len(report.skips) > _SHOWN_SKIPS:
        err.print(
            f"... and {len(report.skips) - _SHOWN_SKIPS} more; `footnote status --json` lists them", style="yellow"
        )
    rate = manifest.chunks / report.embed_s if report.embed_s else 0.0
    out.print(
        plain(
            f"generation {manifest.generation}: {manifest.files} files, {manifest.chunks} chunks from "
            f"{manifest.docs_dir} in {report.total_s:.1f} s ({rate:.0f} chunks/s), {len(report.skips)} skipped"
        ),
        markup=False,
        soft_wrap=True,
    )


def _as_json(report: "IngestReport") -> str:
    import json
    from dataclasses import asdict

    skipped = [asdict(skip) for skip in report.skips]
    manifest = report.manifest
    return json.dumps(
        {
            "generation": manifest.generation,
            "docs_dir": manifest.docs_dir,
            "files": manifest.files,
            "chunks": manifest.chunks,
            "skipped": skipped,
            "embed_s": round(report.embed_s, 3),
            "total_s": round(report.total_s, 3),
        },
        ensure_ascii=False,
    )
