"""`footnote rollback`."""

from typing import Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, print_json, show
from footnote.app.core.errors import SettingsError

EPILOG = """\
Examples:

  footnote rollback

  footnote rollback --to 12                    any that `footnote status` lists

  footnote rollback --forward                  to the newest one again
"""


def rollback_command(
    to: Annotated[int | None, typer.Option(min=1, help="Make this generation live, an older or a newer one.")] = None,
    forward: Annotated[bool, typer.Option("--forward", help="Make the newest generation live again.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Make the generation before the live one live again; the next ingest goes on from the docs folder."""
    with command(as_json):
        if forward and to is not None:
            raise SettingsError("--to and --forward exclude each other")
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.index.generations import Generations
        from footnote.app.index.store import make_store

        generations = Generations(settings.folders.index_dir, make_store(settings.store))
        generations.live()  # where there is no index, none is created
        with generations.lock(), generations.write_errors("try again"):
            before = generations.live()
            if to is not None:
                generations.make_live(to)
            now = to or (generations.roll_forward() if forward else generations.roll_back())
        if as_json:
            print_json(f'{{"generation": {now}, "was": {before}}}')
        else:
            changed = f"is live again, {before} was before" if now != before else "is live already"
            show(f"generation {now} {changed}")
