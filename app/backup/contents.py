"""contents: what an archive holds, which is the first that stands in it.

An archive is a tar whose first member lists all others, in order, with size and sha256. So whoever restores knows
before the first byte is written what must come, and takes nothing else.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from footnote.app.access.keys.file import KEYS_FILE
from footnote.app.core.errors import BackupError
from footnote.app.evaluation.reports.last import LAST_RUN
from footnote.app.index.embedded.chroma_folder import SQLITE
from footnote.app.index.kept_file import KEPT_ANSWERS
from footnote.app.index.usage_file import USAGE_FILE
from footnote.app.questions.question_log import QUESTION_LOG
from footnote.app.retrieval.weights import FILE as TUNING
from footnote.app.sharing.store import ANSWERS

FORMAT = 1
LIST_NAME = "backup.json"
PARTS_MARK = b'"footnote_backup"'  # in the list of an archive that is kept in parts
GENERATION = "generation/"
CHROMA = f"generation/chroma/{SQLITE}"  # into which each reader writes a row
CACHE = "cache.sqlite3"
# What people said and asked and who they are, which its owner alone may read.
PRIVATE = (QUESTION_LOG, ANSWERS, KEPT_ANSWERS, USAGE_FILE, KEYS_FILE)
PLAIN = (LAST_RUN, TUNING)
MOST_LIST_BYTES = 32 * 2**20  # 150,000 files; an index has some hundreds
_BESIDE = (*PRIVATE, *PLAIN, CACHE)
_PART = r"(?!\.{1,2}(/|$))[A-Za-z0-9._-]+"
_OF_GENERATION = re.compile(rf"generation/{_PART}(/{_PART}){{0,3}}")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; those of the generation are named `generation/...`, all others as in the index folder."""

    name: Annotated[str, Field(max_length=100)]
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @property
    def is_settled(self) -> bool:
        """Whether it is one of the generation's files that nobody writes any more."""
        return self.name.startswith(GENERATION) and self.name != CHROMA


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds.

    Attributes:
        created_at: ISO 8601, in UTC.
        generation: its number when it was live; `index_format`, `files` and `chunks` are of its manifest.
        members: in the order of the archive; the files that never change come first.
        collection: its name; "" of an index without one, and in a backup that an older version made.
        docs: the docs folder that it was built from, or the address of their repository; "" as well.
    """

    format: int
    tool_version: str
    created_at: str
    generation: Annotated[int, Field(ge=1)]
    index_format: int
    files: int
    chunks: int
    members: tuple[Member, ...]
    collection: Annotated[str, Field(pattern="^[a-z0-9-]{0,41}$")] = ""
    docs: Annotated[str, Field(max_length=10_000)] = ""

    @property
    def size_bytes(self) -> int:
        """Of all members, unpacked."""
        return sum(member.size_bytes for member in self.members)


_CONTENTS: TypeAdapter[Contents] = TypeAdapter(Contents)


def to_json(contents: Contents) -> bytes:
    """The first member of the archive."""
    return json.dumps(asdict(contents), indent=1).encode() + b"\n"


def from_json(text: bytes) -> Contents:
    """The list of an archive, of which nothing is believed.

    Raises:
        BackupError: it is none, of another format, or names what no backup holds.
    """
    try:
        stated = json.loads(text)["format"]
        if stated != FORMAT:
            raise BackupError(f"the backup has format {stated!r}, this version reads {FORMAT}: use another version")
        contents = _CONTENTS.validate_json(text)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f"{error.error_count()} wrong fields" if isinstance(error, ValidationError) else str(error)
        raise BackupError(f"this is no backup of Footnote, or it is damaged (its list: {problem})") from error
    _require_possible(contents)
    return contents


def _require_possible(contents: Contents) -> None:
    names = [member.name for member in contents.members]
    for name in names:
        if name not in _BESIDE and not _OF_GENERATION.fullmatch(name):
            raise BackupError(f"the backup names {name!r}, which no backup of Footnote holds: nothing was restored")
    # Names that differ in case alone would be one file on some disks.
    if len({name.lower() for name in names}) < len(names):
        raise BackupError("the backup names a file twice: nothing was restored")
    folders = {name.rpartition("/")[0] for name in names}
    parents = {parent for folder in folders for parent in _parents(folder)}
    if parents & set(names) or f"{GENERATION}manifest.json" not in names:
        raise BackupError("the backup is of no index that Footnote writes: nothing was restored")


def _parents(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
