"""Whose things are on a server: an index folder's own name, drawn once, as several share the server."""

import json
import re
import secrets
from pathlib import Path

from footnote.app.core.files import replace_text

_FILE = "store-owner.json"
_NAME = re.compile("[0-9a-f]{16}")


def owner_of(index_dir: Path) -> str:
    """The name of the index in this folder; it is drawn where there is none.

    A name by path would be that of another machine's index as well. A folder that was copied gets another: it may
    read what belongs to the one that it was copied from, never remove it.
    """
    file, inode = index_dir / _FILE, index_dir.stat().st_ino
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["inode"] == inode and _NAME.fullmatch(found["name"]):
            return str(found["name"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    name = secrets.token_hex(8)
    replace_text(file, json.dumps({"name": name, "inode": inode}) + "\n")
    return name
