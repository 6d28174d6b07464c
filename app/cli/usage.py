"""`footnote usage`: how much is asked, how fast and at what cost, and which pages are used."""

from pathlib import Path
from typing import Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, print_json, show
from footnote.app.core.errors import IndexMissingError, SettingsError

EPILOG = """\
Examples:

  footnote usage

  footnote usage --days 7 --json

  footnote usage --never                       all pages that no answer cited

  footnote usage --clear                       delete all sums that are kept
"""
_DAYS, _TOP = 30, 10


def usage_command(
    days: Annotated[int | None, typer.Option(min=1, help=f"The last days, today included. Default: {_DAYS}.")] = None,
    top: Annotated[int | None, typer.Option(min=1, help=f"Pages to name. Default: {_TOP}.")] = None,
    never: Annotated[bool, typer.Option("--never", help="Name every page that no answer cited.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Delete all sums that are kept; does not ask.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Show questions a day, the answered share, latencies, tokens, cost, and pages cited most and never."""
    with command(as_json):
        if clear and (days or top or never):
            raise SettingsError("--clear takes neither --days, --top nor --never: it deletes all sums")
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.usage.report import usage_of
        from footnote.app.usage.usage_log import UsageLog

        usage = UsageLog(settings.folders.index_dir, settings.usage.days)
        if clear:
            usage.clear()
            if as_json:
                print_json('{"cleared": true}')
            else:
                show("all sums of usage deleted")
            return
        pages = _pages(settings.folders.index_dir)
        found = usage_of(usage.read(days or _DAYS), pages, top or _TOP, settings.usage.keep)
        if as_json:
            print_json(found.model_dump_json())
        else:
            from footnote.app.cli.render_usage import render_usage

            show(render_usage(found, None if never else top or _TOP))


def _pages(index_dir: Path) -> list[str] | None:
    """The pages of the live index; None where there is none."""
    from footnote.app.index.generations import Generations
    from footnote.app.index.manifest import read_files

    generations = Generations(index_dir)
    try:
        return [file.path for file in read_files(generations.folder(generations.live()))]
    except IndexMissingError:
        return None
