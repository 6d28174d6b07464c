"""The part of a generation that tantivy holds: the chunks and their terms."""

from collections.abc import Collection
from pathlib import Path

from footnote.app.core.types import Chunk
from footnote.app.index.embedded.lexical_segments import write_segments
from footnote.app.index.embedded.store import TANTIVY
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.seam import BaseGeneration, Changes


class LexicalPart:
    """Written into a generation's folder, from that of its base."""

    def __init__(self, folder: Path, base: BaseGeneration | None) -> None:
        self._folder = folder / TANTIVY
        self._base = base.folder / TANTIVY if base else None

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """Those of the base's chunks that have one of these ids."""
        return TantivyIndex.open(self._base).get(chunk_ids) if self._base else {}

    def write(self, changes: Changes) -> int:
        """The number of chunks in the index that was written.

        Raises:
            IndexDamagedError: the base cannot be read.
        """
        write_segments(self._folder, changes.written, self._base, {**changes.dropped, **changes.replaced})
        return TantivyIndex.open(self._folder).count()
