"""in turn: what a command does for each collection, one after the other."""

import sys
from collections.abc import Callable, Sequence

import typer

from footnote.app.core.collections import Collection
from footnote.app.core.console import INTERRUPTED, command, show
from footnote.app.core.told_commands import told_for


def in_turn(
    collections: Sequence[Collection],
    run: Callable[[Collection], None],
    as_json: bool,
    interrupted: str = "interrupted",
) -> None:
    """Run it for each; what goes wrong with one is said, and the others have their turn.

    The process ends with the exit code of the first that failed.
    """
    failed = 0
    for one in collections:
        try:
            with command(as_json, interrupted, named(collections, one)), told_for(one.settings.project.as_collection):
                if len(collections) > 1 and not as_json:
                    show(f"{one.name}:")
                run(one)
        except typer.Exit as end:
            # Ctrl-C is meant for all, and so is a pipe that nobody reads any more.
            if end.exit_code == INTERRUPTED or sys.stdout is None:
                raise
            failed = failed or end.exit_code
    if failed:
        raise typer.Exit(failed)


def named(collections: Sequence[Collection], one: Collection) -> str | None:
    """The name that what is printed of it carries: None where it is the only one."""
    return one.name if len(collections) > 1 else None
