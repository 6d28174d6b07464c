"""`footnote keys create`, `list` and `revoke`: who may ask a service that asks for keys."""

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson, IndexDir
from footnote.app.core.collections import Collection, collections_in
from footnote.app.core.console import command, err, plain, print_json, show, warn
from footnote.app.core.errors import IndexDamagedError, IndexMissingError
from footnote.app.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from footnote.app.access.keys.store import KeyStore
    from footnote.app.access.keys.types import NewKey

EPILOG = "Example:\n\n  footnote keys create jane --expires 90d"
CREATE_EPILOG = """\
Examples:

  footnote keys create jane --expires 90d

  footnote keys create ci --scope ingest --collection docs > ci.key

  footnote keys create partner --path guides/ --path "*install*" --expires 2027-01-31

  footnote keys create docs-widget --scope ask --scope read --scope feedback --origin https://docs.example.com
"""
LIST_EPILOG = """\
Examples:

  footnote keys list

  footnote keys list --json | jq -r '.keys[] | select(.state == "good") | .id'
"""
REVOKE_EPILOG = """\
Examples:

  footnote keys revoke 3f9a0c12

  footnote keys revoke 3f                      the beginning of an id does, where no other begins so
"""

group = typer.Typer(
    no_args_is_help=True,
    epilog=EPILOG,
    help="Make, list and revoke the keys of those who may ask (FOOTNOTE_AUTH).",
)


@group.command("create", epilog=CREATE_EPILOG)
def create_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what the key is for; shown in the list.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What may be done: ask, search, read, feedback, ingest, admin; may be repeated. "
            "Default: ask, search, read, feedback."
        ),
    ] = None,
    collection: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this collection; may be repeated. Default: all.")
    ] = None,
    path: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Only pages of this file, folder or glob; may be repeated. Default: all."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Only pages of this site, such as https://docs.example.com, for a key that stands in their source; "
            "may be repeated."
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="90d|2027-01-31", help="Days it is good, or its last day. Default: no end.")
    ] = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir)
        from footnote.app.cli.render_keys import about, key_json

        collections = collections_in(settings)
        for missing in sorted({*(collection or ())} - {*collections.names}):
            known = ", ".join(collections.names)
            _say(f"there is no collection {missing!r} now, only {known}: the key is good once there is")
        unknown_place = _unknown_place(settings, collections)
        key, secret = _store(settings).create(_new_key(name, scope, collection, path, origin, expires))
        if unknown_place:
            warn(unknown_place)
        for unmatched in _unmatched(path or (), [one for one in collections if one.name in (collection or [one.name])]):
            _say(f"no page matches {unmatched!r} now: the key is good once one does")
        if as_json:
            print_json(json.dumps({"key": secret, **key_json(key, time.time())}, ensure_ascii=False))
        else:
            show(secret)
        for line in about(key):
            _say(line)
        _say("The key is not kept: this is the only time that it is shown.")
        if settings.access.auth in ("auto", "none"):
            _say("A service asks for keys with FOOTNOTE_AUTH=keys.")


@group.command("list", epilog=LIST_EPILOG)
def list_command(index_dir: IndexDir = None, as_json: AsJson = False) -> None:
    """List the keys, oldest first: what each may do, until when, and when it was last used."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir)
        from footnote.app.access.keys.file import open_to_others
        from footnote.app.access.keys.store import keys_folder
        from footnote.app.cli.render_keys import key_json, render_keys

        if problem := open_to_others(keys_folder(settings)):
            warn(problem)
        keys, now_s = _store(settings).all(), time.time()
        if as_json:
            print_json(json.dumps({"keys": [key_json(key, now_s) for key in keys]}, ensure_ascii=False))
        else:
            show(render_keys(keys, now_s))


@group.command("revoke", epilog=REVOKE_EPILOG)
def revoke_command(
    key_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id of `footnote keys list`, its beginning, or the key itself.")
    ],
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key: it is refused from the next request on, and cannot be made good again."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir)
        from footnote.app.cli.render_keys import key_json

        key = _store(settings).revoke(key_id)
        if as_json:
            print_json(json.dumps(key_json(key, time.time()), ensure_ascii=False))
        else:
            show(plain(f"{key.id} ({key.name}) is revoked"))


def _new_key(
    name: str,
    scope: list[str] | None,
    collection: list[str] | None,
    path: list[str] | None,
    origin: list[str] | None,
    expires: str | None,
) -> "NewKey":
    from footnote.app.access.keys.expiry import expires_s
    from footnote.app.access.keys.types import NewKey
    from footnote.app.access.rules import as_scopes
    from footnote.app.access.types import Grant

    return NewKey(
        name,
        Grant(as_scopes(scope or ()), frozenset(collection) if collection else None, frozenset(path) if path else None),
        None if expires is None else expires_s(expires, time.time()),
        frozenset(origin) if origin else None,
    )


def _unmatched(globs: Sequence[str], collections: Sequence[Collection]) -> list[str]:
    """Those that match no page of what is ingested; none where nothing is."""
    if not globs:
        return []
    from footnote.app.index.filters import matching
    from footnote.app.index.generations import Generations
    from footnote.app.index.manifest import read_files

    paths: list[str] = []
    for one in collections:
        generations = Generations(one.settings.folders.index_dir)
        with suppress(IndexMissingError, IndexDamagedError):
            paths += [record.path for record in read_files(generations.folder(generations.live()))]
    return [glob for glob in globs if not matching(glob, paths)] if paths else []


def _unknown_place(settings: Settings, collections: Iterable[Collection]) -> str:
    """What is said of a folder in which there are neither keys nor an index, such as one with a typing error."""
    from footnote.app.access.keys.file import KEYS_FILE
    from footnote.app.access.keys.store import keys_folder
    from footnote.app.index.generations import Generations

    folder = keys_folder(settings)
    indexes = [Generations(one.settings.folders.index_dir) for one in collections]
    if (folder / KEYS_FILE).exists():
        return ""
    if settings.access.keys_dir:
        return (
            f"there were no keys in {folder} before: a service knows this one if its FOOTNOTE_KEYS_DIR is that folder"
        )
    if any(index.current_if_readable() is not None for index in indexes):
        return ""
    return f"there is no index in {folder} yet: a service knows this key if it is started with that index folder"


def _store(settings: Settings) -> "KeyStore":
    from footnote.app.access.keys.store import KeyStore, keys_folder

    return KeyStore(keys_folder(settings))


def _say(line: str) -> None:
    err.print(plain(line), markup=False, soft_wrap=True)
