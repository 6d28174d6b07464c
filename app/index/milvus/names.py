"""What the collections of an index are called, so that no two indexes on a server touch each other's.

footnote_<index>_<generation>_<random>    a generation's collection
footnote_<index>_live                     an alias of that of the live one
"""

import logging
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import IndexDamagedError, StoreError
from footnote.app.index.milvus.server import Server
from footnote.app.index.owner import owner_of

if TYPE_CHECKING:
    from pymilvus import MilvusClient

log = logging.getLogger(__name__)


def collections_of(owner: str) -> str:
    """How the names of an index folder's collections begin."""
    return f"footnote_{owner}_"


def new_collection(index_dir: Path, generation: int) -> str:
    """A name that no collection has had."""
    return f"{collections_of(owner_of(index_dir))}{generation}_{secrets.token_hex(4)}"


def switch_alias(server: Server, index_dir: Path, collection: str) -> None:
    """Let the index' alias mean this collection, from one moment to the next."""
    alias = f"{collections_of(owner_of(index_dir))}live"
    try:
        server.call(lambda client, limits: client.alter_alias(collection, alias, **limits))
    except (IndexDamagedError, StoreError):  # servers differ in what they say where there is no such alias
        server.call(lambda client, limits: client.create_alias(collection, alias, **limits))


def remove_others(server: Server, index_dir: Path, kept: Collection[str]) -> None:
    """Drop the collections of this index that are not kept: of removed generations, and of ingests that broke off.

    Raises:
        StoreError: some could not be dropped; the others are gone.
    """
    own = collections_of(owner_of(index_dir))
    left = []
    for name in server.call(lambda client, limits: client.list_collections(**limits)):
        if name.startswith(own) and name not in kept and not drop(server, name):
            left.append(name)
    if left:
        raise StoreError(f"the server could not drop {', '.join(left)}: run `footnote ingest --purge` to try again")


def drop(server: Server, collection: str, is_there: bool = True) -> bool:
    """Drop a collection, and our aliases of it; False where the server cannot, and the next ingest tries again.

    Where it is not known to be there, nobody is told that it is left.
    """

    def ask(client: "MilvusClient", limits: dict[str, Any]) -> None:
        # A server may refuse to drop what an alias means: that of a replica that is behind, one not switched in time.
        for alias in client.list_aliases(collection, **limits)["aliases"]:
            if alias.startswith("footnote_"):
                client.drop_alias(alias, **limits)
        client.drop_collection(collection, **limits)

    try:
        server.call(ask)
    except (IndexDamagedError, StoreError) as error:
        log.log(
            logging.WARNING if is_there else logging.DEBUG,
            "%s is left on the server, the next ingest removes it: %s",
            collection,
            error,
        )
        return False
    return True
