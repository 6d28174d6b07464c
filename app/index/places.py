"""places: which stores hold chunks of an index, or may: what is left on a server is removed there, or said.

`stores.json` in the index folder has, by `FOOTNOTE_STORE` as it was, the generations that were written there. A name
stays until its store was seen to hold nothing any more. No login is in it, as none is in an address.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import FootnoteError, StoreError
from footnote.app.core.files import replace_text
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.chroma_server.store import collection_prefix
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import EMBEDDED, read_manifest
from footnote.app.index.milvus.names import collections_of
from footnote.app.index.owner import owner_of
from footnote.app.index.postgres.schema import schemas_of
from footnote.app.index.recorded_places import PLACES, read_places
from footnote.app.index.store import make_store

# What an index has there, and how its names begin.
_CALLED = {
    "chroma": ("collections", collection_prefix),
    "milvus": ("collections", collections_of),
    "postgres": ("schemas", schemas_of),
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other stores than the present one hold.

    Attributes:
        kept: stores with generations that are kept, for a way back.
        left: of each store that could not be asked to remove what no generation needs, what is there and what to do.
    """

    kept: Sequence[str]
    left: Sequence[str]


def record_place(generations: Generations, settings: StoreSettings, generation: int) -> None:
    """Record that this generation is about to be written into this store; hold the lock."""
    index_dir = generations.index_dir
    before = read_places(index_dir)
    places = {name: set(numbers) for name, numbers in before.items()}
    listed = {number for numbers in places.values() for number in numbers}
    for number in set(generations.complete()) - listed:  # by a version that recorded none
        kind = read_manifest(generations.folder(number)).store
        if kind != EMBEDDED:
            places.setdefault(settings.name if kind == settings.kind else f"{kind}:", set()).add(number)
    for numbers in places.values():
        numbers.discard(generation)  # of an ingest that failed
    if settings.kind != EMBEDDED:
        places.setdefault(settings.name, set()).add(generation)
    _write(index_dir, before, places)


def leave_others(generations: Generations, settings: StoreSettings) -> Elsewhere:
    """Remove from other stores than this one what no generation there needs any more; hold the lock.

    The token is that of the present store: another server gets it only where the present one is none.
    """
    before = read_places(generations.index_dir)
    complete = generations.complete()
    places = {name: numbers & set(complete) for name, numbers in before.items()}
    kept = [name for name, numbers in places.items() if numbers and name != settings.name]
    left = []
    for name in [name for name, numbers in places.items() if not numbers and name != settings.name]:
        token = settings.token if settings.kind == EMBEDDED else None
        try:
            if name.endswith(":"):
                raise StoreError("its address was not recorded")
            old = make_store(settings.model_copy(update={"name": name, "token": token}))
            old.remove_others([generations.folder(number) for number in complete])
            del places[name]
        except FootnoteError as error:
            left.append(_said(generations.index_dir, name, error, settings))
    _write(generations.index_dir, before, places)
    return Elsewhere(kept, left)


def _said(index_dir: Path, name: str, error: FootnoteError, settings: StoreSettings) -> str:
    what, called = _CALLED.get(name.partition(":")[0], _CALLED["chroma"])
    which = f"a {name.rstrip(':')} server" if name.endswith(":") else name
    said = f"{which} still holds {what} of this index, called {called(owner_of(index_dir))}* ({error})"
    if not name.endswith(":") and settings.kind == EMBEDDED:
        said += (
            "; run `footnote ingest --purge` once it can be reached, with its login in FOOTNOTE_STORE_TOKEN if it asks "
            "for one, which removes them"
        )
    elif not name.endswith(":"):
        said += "; run `footnote ingest --purge` once it can be reached without a login, which removes them"
    return f"{said}; or remove them there with the server's own client, then delete {index_dir / PLACES}"


def _write(index_dir: Path, before: dict[str, set[int]], places: dict[str, set[int]]) -> None:
    if places == before:
        return
    if places:
        listed = {name: sorted(numbers) for name, numbers in sorted(places.items())}
        replace_text(index_dir / PLACES, json.dumps(listed) + "\n")
    else:
        (index_dir / PLACES).unlink(missing_ok=True)
