"""`footnote import`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.core.console import command, counted, err, one_line, plain, print_json, show, warn

if TYPE_CHECKING:
    from footnote.ingest.importing.flow import ImportReport
    from footnote.ingest.importing.types import LeftAside, Unread

NOTHING_READ = 1
EPILOG = """\
Examples:

  footnote import ~/handbooks --to docs/handbooks      every document below the folder; then footnote ingest docs

  footnote import ~/handbooks --to docs/handbooks      again later: only what changed is converted

  footnote import manual.pdf notes.docx --to docs

  footnote import ~/handbooks --to docs/handbooks --dry-run --json

  footnote import ~/handbooks --to docs/handbooks --replace         also what was edited since

  footnote import ~/handbooks --to docs/handbooks --allow-deletes   many sources are gone, and are meant to be

Formats: PDF, DOCX, PPTX, XLSX, HTML, notebooks, reStructuredText, AsciiDoc, ODT, EPUB, RTF. Needs footnote\\[import].
"""
_SHOWN = 10
# How what is in a format that is not imported can be had.
_HAD_AS = {
    **dict.fromkeys(("doc", "docm", "dot", "dotx", "wps", "pages"), "save text documents as .docx"),
    **dict.fromkeys(("ppt", "pptm", "pps", "ppsx", "odp", "key"), "save presentations as .pptx"),
    **dict.fromkeys(("xls", "xlsm", "xlsb", "ods", "numbers"), "save workbooks as .xlsx"),
    **dict.fromkeys(("md", "markdown"), "an ingest reads markdown as it is: copy it to the docs"),
    "txt": "rename plain text to .md",
}


def import_command(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SRC...", help="Folders and files of documents.", show_default=False)
    ],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the markdown is written.", show_default=False)],
    exclude: Annotated[str, typer.Option(help="Ignore patterns as in .gitignore, comma-separated.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite files that were edited since, too.")] = False,
    allow_deletes: Annotated[
        bool, typer.Option("--allow-deletes", help="Also where more than ten files and a tenth of all would go.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try again also what took more than a limit before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be tried, and do nothing.")] = False,
    max_mb: Annotated[float, typer.Option(min=0.001, help="Larger documents are left out, in megabytes.")] = 200.0,
    max_seconds: Annotated[int, typer.Option(min=1, help="Most seconds of a processor for one document.")] = 120,
    max_memory_mb: Annotated[int, typer.Option(min=256, help="Most memory for one document, in megabytes.")] = 1536,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Make markdown of PDF, Office documents, HTML and notebooks, with their pages marked for citations."""
    with command(as_json, "interrupted: what was written is complete; the same command goes on"):
        from footnote.app.core.progress import progress_bars
        from footnote.app.core.settings import load_settings
        from footnote.ingest.importing.convert import Limits
        from footnote.ingest.importing.flow import Wanted, preview_import, run_import

        wanted = Wanted(
            tuple(sources),
            to,
            tuple(pattern.strip() for pattern in exclude.split(",") if pattern.strip()),
            int(max_mb * 1_000_000),
            Limits(max_seconds, max_memory_mb),
            replace,
            allow_deletes,
            load_settings().ingest.max_file_bytes,
            retry,
        )
        if dry_run:
            report = preview_import(wanted)
        else:
            with progress_bars(err, "files") as on_progress:
                report = run_import(wanted, on_progress)
        if as_json:
            print_json(json.dumps(asdict(report), ensure_ascii=False))
        else:
            _print_report(report)
    read = report.added or report.changed or report.unchanged or report.edited
    if (report.unread or report.left_aside) and not read:
        raise typer.Exit(NOTHING_READ)


def _print_report(report: "ImportReport") -> None:
    """What was left out to standard error, what was done in one line to standard output."""
    _warn_of("not read", report.unread)
    _warn_of("failed before, with the same bytes", report.failed_before)
    _warn_of("left out", report.left_out)
    _warn_of("kept", report.edited)
    if report.left_aside:
        warn(_left_aside(report.left_aside))
    for path in report.too_long:
        warn(f"{path}: longer than FOOTNOTE_MAX_FILE_MB allows: an ingest will skip it until that is raised")
    if report.dry_run:
        for sign, paths in (("+", report.added), ("~", report.changed), ("-", report.removed)):
            for path in paths[:_SHOWN]:
                show(one_line(f"{sign} {path}"))
            if len(paths) > _SHOWN:
                show(f"{sign} ... and {len(paths) - _SHOWN} more; --json lists them")
        if report.held:
            warn(f"an import would stop: {report.held}")
    if report.dry_run:
        tried = f"{len(report.added) + len(report.changed)} to be tried"
        parts = [f"{tried} ({len(report.added)} new, {len(report.changed)} changed)"]
        parts.append(f"{len(report.removed)} to be removed")
    else:
        parts = [f"{len(report.added)} added", f"{len(report.changed)} changed", f"{len(report.removed)} removed"]
    parts.append(f"{report.unchanged} unchanged")
    if report.edited:
        parts.append(f"{len(report.edited)} edited and kept")
    if report.unread:
        parts.append(f"{counted(len(report.unread), 'document')} not read")
    show(plain(f"{report.folder}: {', '.join(parts)}"))


def _left_aside(listed: Sequence["LeftAside"]) -> str:
    """How many files of which formats, those first that could be had as another one."""
    first = sorted(listed, key=lambda one: one.ending not in _HAD_AS)[:_SHOWN]
    counts = [f"{one.files:,} {f'.{one.ending}' if one.ending else 'without an ending'}" for one in first]
    rest = sum(one.files for one in listed) - sum(one.files for one in first)
    counts += [f"{rest:,} of others"] if rest else []
    files = counted(sum(one.files for one in listed), "file")
    hints = "; ".join(dict.fromkeys(_HAD_AS[one.ending] for one in first if one.ending in _HAD_AS))
    return f"left aside: {files} of other formats: {', '.join(counts)}{f' ({hints})' if hints else ''}"


def _warn_of(what: str, listed: Sequence["Unread"]) -> None:
    """A line for each of the first, in the order of their names whatever was done first."""
    for one in sorted(listed, key=lambda one: one.path)[:_SHOWN]:
        warn(f"{what}: {one.path}: {one.reason}")
    if len(listed) > _SHOWN:
        warn(f"... and {len(listed) - _SHOWN} more; --json lists them")
