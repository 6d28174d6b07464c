"""Vectors on their way into the table, by COPY, and those that a version lacks."""

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from footnote.app.core.types import Chunk
from footnote.app.index.postgres.schema import Version, live

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from psycopg import Connection

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_IDS_AT_ONCE = 10_000


def copy_vectors(
    connection: "Connection", first: int, chunks: Sequence[Chunk], embeddings: "NDArray[np.float32]"
) -> None:
    """Add the vectors of chunks, `(n, dim)`, numbered from `first` on."""
    # As pgvector receives them: the dimension, a field that is not used, and big-endian float32.
    head = struct.pack(">hh", embeddings.shape[1], 0)
    with connection.cursor() as cursor, cursor.copy("COPY vectors FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_SIGNATURE)
        for number, (chunk, row) in enumerate(zip(chunks, embeddings, strict=True), first):
            fields = (
                struct.pack(">i", number),
                chunk.id.encode(),
                chunk.path.encode(),
                head + row.astype(">f4").tobytes(),
            )
            copy.write(struct.pack(">h", len(fields)) + b"".join(struct.pack(">i", len(one)) + one for one in fields))
        copy.write(_END)


def mark_dead(connection: "Connection", base: Version, chunk_ids: Sequence[str]) -> int:
    """How many vectors of the base the next version lacks, by the ids of their chunks."""
    dead = 0
    for first in range(0, len(chunk_ids), _IDS_AT_ONCE):
        dead += connection.execute(
            f"INSERT INTO dead SELECT v.number, {base.version + 1:d} FROM vectors v WHERE v.id = ANY(%s)"
            + live("v.number", base),
            [list(chunk_ids[first : first + _IDS_AT_ONCE])],
        ).rowcount
    return dead
