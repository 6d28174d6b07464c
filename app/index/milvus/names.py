"""What the collections of an index are called, so that no two indexes on a server touch each other's.

footnote_<index>_<generation>_<random>    a generation's collection
footnote_<index>_live                     an alias of that of the live one
"""

import json
import logging
import re
import secrets
from collections.abc import Collection
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError, StoreError
from footnote.app.core.files import replace_text
from footnote.app.index.milvus.server import Server

log = logging.getLogger(__name__)

_NAME_FILE = "milvus.json"
_NAME = re.compile(r"[0-9a-f]{16}")


def index_name(index_dir: Path) -> str:
    """The name of the index in an index folder, which gets one at first.

    A folder that was copied gets another: it may read the collections of the one that it was copied from, never
    remove them.
    """
    file, inode = index_dir / _NAME_FILE, index_dir.stat().st_ino
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["inode"] == inode and _NAME.fullmatch(found["name"]):
            return str(found["name"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    name = secrets.token_hex(8)
    replace_text(file, json.dumps({"name": name, "inode": inode}) + "\n")
    return name


def new_collection(index_dir: Path, generation: int) -> str:
    """A name that no collection has had."""
    return f"footnote_{index_name(index_dir)}_{generation}_{secrets.token_hex(4)}"


def switch_alias(server: Server, index_dir: Path, collection: str) -> None:
    """Let the index' alias mean this collection, from one moment to the next."""
    alias = f"footnote_{index_name(index_dir)}_live"
    try:
        server.call(lambda client, limits: client.alter_alias(collection, alias, **limits))
    except (IndexDamagedError, StoreError):  # servers differ in what they say where there is no such alias
        server.call(lambda client, limits: client.create_alias(collection, alias, **limits))


def remove_others(server: Server, index_dir: Path, kept: Collection[str]) -> None:
    """Drop the collections of this index that are not kept: of removed generations, and of ingests that broke off."""
    own = f"footnote_{index_name(index_dir)}_"
    for name in server.call(lambda client, limits: client.list_collections(**limits)):
        if name.startswith(own) and name not in kept:
            drop(server, name)


def drop(server: Server, collection: str) -> None:
    """Drop a collection; where the server cannot, the next ingest tries again."""
    try:
        server.call(lambda client, limits: client.drop_collection(collection, **limits))
    except (IndexDamagedError, StoreError) as error:
        log.warning("%s is left on the server, the next ingest removes it: %s", collection, error)
