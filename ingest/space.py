"""space: whether the disk has room for a build, before it begins."""

from collections.abc import Sequence

from footnote.app.core.disk import require_space, size_on_disk
from footnote.app.core.files import can_share_blocks
from footnote.app.core.types import Chunk
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import EMBEDDED
from footnote.ingest.plan import Plan

# Of the guide's 425 chunks a generation has 2,490 bytes each in Chroma with 384 floats, and its lexical index 1.85
# bytes for each byte of text; with chunks of 300 and of 3,000 characters 2,180 and 2,690, 2.0 and 1.8. What is
# estimated from these is 86 to 95 % of what such a generation takes: with less room than that it cannot be built.
_BYTES_A_FLOAT = 4
_BYTES_A_VECTOR = 600  # its links, its row, the room that files of a database have left
_LEXICAL_BYTES_A_BYTE = 1.8
_USUAL_DIMENSION = 384


def needed_bytes(plan: Plan, missing: Sequence[Chunk], is_embedded: bool, copies_free: bool) -> int:
    """What a build of this plan will write at least.

    Args:
        plan: the next generation.
        missing: its chunks whose embeddings are not in the cache.
        is_embedded: whether the store lies in the index folder.
        copies_free: whether a copy of a file takes no room until it is written to.
    """
    dimension = plan.base.manifest.dimension if plan.base else _USUAL_DIMENSION
    vector_bytes = dimension * _BYTES_A_FLOAT + _BYTES_A_VECTOR
    needed = len(missing) * vector_bytes + sum(map(len, plan.pages.values()))
    if is_embedded:
        text_bytes = sum(len(chunk.index_text.encode()) for chunk in plan.chunks)
        needed += len(plan.chunks) * vector_bytes + int(text_bytes * _LEXICAL_BYTES_A_BYTE)
        if plan.base and not copies_free:
            needed += size_on_disk(plan.base.generation.folder / "chroma")
    return needed


def require_room(generations: Generations, plan: Plan, missing: Sequence[Chunk]) -> None:
    """Refuse a build that the disk has no room for.

    Raises:
        DiskSpaceError: it has not; nothing was written.
    """
    index_dir = generations.index_dir
    is_embedded = generations.store.kind == EMBEDDED
    needed = needed_bytes(plan, missing, is_embedded, can_share_blocks(index_dir))
    require_space(index_dir, needed, "the next generation", "FOOTNOTE_DISK_CHECK=false builds it all the same")
