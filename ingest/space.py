"""space: whether the disk has room for a build, before it begins."""

from collections.abc import Sequence

from footnote.app.core.disk import require_space, size_on_disk
from footnote.app.core.files import can_share_blocks
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import EMBEDDED
from footnote.app.models.embedder import BUNDLED
from footnote.ingest.plan import Plan

# Chroma takes 1,952 bytes a chunk with 384 floats where there are 250,000 and 2,045 where there are 20,000, the cache
# 2,120; the lexical index .97 bytes for each byte of plain text, and 1.8 of the guide's. What is estimated from these
# is 77 % of what the guide takes and 92 % of 20,000 chunks of plain text (`bench/backups.py`): with less room than
# that an index cannot be built.
_BYTES_A_FLOAT = 4
_BYTES_A_VECTOR = 400  # its links, its row, the room that files of a database have left
_LEXICAL_BYTES_A_BYTE = 0.9
_BUNDLED_DIMENSION = 384


def needed_bytes(
    plan: Plan, missing: Sequence[Chunk], embedder: Fingerprint, is_embedded: bool, copies_free: bool
) -> int:
    """What a build of this plan will write at least.

    Args:
        plan: the next generation.
        missing: its chunks whose embeddings are not in the cache.
        embedder: how long vectors of another one than the bundled are is not known before the first generation.
        is_embedded: whether the store lies in the index folder.
        copies_free: whether a copy of a file takes no room until it is written to.
    """
    known = _BUNDLED_DIMENSION if embedder.name == BUNDLED else 0
    dimension = plan.base.manifest.dimension if plan.base else known
    vector_bytes = dimension * _BYTES_A_FLOAT + _BYTES_A_VECTOR
    needed = len(missing) * vector_bytes + sum(map(len, plan.pages.values()))
    if is_embedded:
        text_bytes = sum(len(chunk.index_text.encode()) for chunk in plan.chunks)
        needed += len(plan.chunks) * vector_bytes + int(text_bytes * _LEXICAL_BYTES_A_BYTE)
        if plan.base and not copies_free:
            needed += size_on_disk(plan.base.generation.folder / "chroma")
    return needed


def require_room(generations: Generations, plan: Plan, missing: Sequence[Chunk], embedder: Fingerprint) -> None:
    """Refuse a build that the disk has no room for.

    Raises:
        DiskSpaceError: it has not; nothing was written.
    """
    index_dir = generations.index_dir
    is_embedded = generations.store.kind == EMBEDDED
    needed = needed_bytes(plan, missing, embedder, is_embedded, can_share_blocks(index_dir))
    require_space(index_dir, needed, "the next generation", "FOOTNOTE_DISK_CHECK=false builds it all the same")
