"""typed: what was typed of `footnote ingest`: checked, completed and told before it runs."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.collections import DEFAULT, Collection
from footnote.app.core.console import warn
from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.git_address import address_meant, git_address, is_git
from footnote.app.core.setting_groups import NO_INCLUDES
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    import typer

# What leads to the index is said anew, and what only looks does not delete.
_NOT_AGAIN = ("collection", "index_dir", "allow_deletes", "dry_run", "watch", "check", "job")


def require_docs(docs_dir: str | None) -> None:
    """Refuse docs that cannot be meant as they were typed.

    Raises:
        SettingsError: it is no Git address, though it begins like one.
        DocsFolderError: it is a Git address, though it does not begin like one.
    """
    if docs_dir is None:
        return
    if is_git(docs_dir):
        try:
            git_address(docs_dir)
        except ValueError as error:
            raise SettingsError(f"DIR: {error}") from None
    elif not Path(docs_dir).exists() and (meant := address_meant(Path(docs_dir))):
        raise DocsFolderError(f"DIR: an address of a Git repository begins with git+: write {meant}")


def deleting(context: "typer.Context", one: Collection, is_one_of_several: bool) -> str:
    """The command line that was typed, of this collection or index alone, with `--allow-deletes`."""
    return shlex.join(["footnote", "ingest", *_again(context, one.settings), *_index(context, one, is_one_of_several)])


def tell_patterns(settings: Settings, kept: dict[str, tuple[str, ...]]) -> None:
    """Say which patterns of the last time go on, and which folders that pages may show are not there."""
    for name, value in kept.items():
        option = f"--{name.replace('_', '-')}"
        warn(f"as the last time, with {option} {shlex.quote(','.join(value))}; {option} '' takes that back")
    for root in settings.ingest.resolved_include_roots:
        if root != NO_INCLUDES and not Path(root).is_dir():
            warn(f"{root} is no folder, so pages show nothing of it: mend --include-roots or FOOTNOTE_INCLUDE_ROOTS")


def _again(context: "typer.Context", settings: Settings) -> Iterator[str]:
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name in _NOT_AGAIN or source is None or source.name != "COMMANDLINE":
            continue
        value = context.params[name]
        if name == "docs_dir":
            yield settings.folders.git.shown if settings.folders.git else value  # no login in a message
        else:
            yield from (parameter.opts[0],) if value is True else (parameter.opts[0], str(value))


def _index(context: "typer.Context", one: Collection, is_one_of_several: bool) -> Iterator[str]:
    index_dir, collection = context.params["index_dir"], context.params["collection"]
    is_named = is_one_of_several or collection is not None or one.name != DEFAULT
    name = one.name if is_named else one.settings.project.as_collection
    if name:
        yield from ("--collection", name)
    elif one.settings.is_given("index_dir"):  # a service starts it with its settings in the environment
        index_dir = one.settings.folders.index_dir
    if index_dir is not None:
        yield from ("--index-dir", str(index_dir))
    yield "--allow-deletes"
