"""Writing a generation into its folder."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.errors import FootnoteError, IndexDamagedError
from footnote.app.core.types import Chunk
from footnote.app.index.embedded.chroma_folder import graph_sha256_of
from footnote.app.index.embedded.chroma_store import ChromaStore
from footnote.app.index.embedded.lexical_part import LexicalPart
from footnote.app.index.embedded.store import CHROMA
from footnote.app.index.seam import BaseGeneration, Changes, Written

if TYPE_CHECKING:
    from footnote.app.index.seam import VectorsOf


class EmbeddedWriter:
    """Writes a generation into its folder; of its base it shares what did not change."""

    def __init__(self, folder: Path, base: BaseGeneration | None) -> None:
        self._folder = folder
        self._base = base
        self._lexical = LexicalPart(folder, base)

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        return self._lexical.stored(chunk_ids)

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        dimension, vectors = self._write_vectors(changes, vectors_of, on_written)
        chunks = self._lexical.write(changes)
        return Written(dimension, vectors, chunks, graph_sha256=graph_sha256_of(self._folder / CHROMA))

    def _write_vectors(
        self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]
    ) -> tuple[int, int]:
        """The dimension and the number of vectors in the new store."""
        dimension = self._base.manifest.dimension if self._base else 0
        with closing(self._open_vectors()) as vectors:
            with self._base_errors():
                pages = vectors.pages_to_add(len(changes.embedded))
                vectors.delete(changes.stale_vectors)
            for rows in pages:
                page = changes.embedded[rows.start : rows.stop]
                embeddings = vectors_of(page)
                dimension = embeddings.shape[1]
                with self._base_errors():
                    vectors.add(page, embeddings)
                on_written(rows.stop)
            with self._base_errors():
                counted = vectors.count()
                vectors.settle()
        return dimension, counted

    def _open_vectors(self) -> ChromaStore:
        if self._base is None:
            return ChromaStore.build(self._folder / CHROMA)
        return ChromaStore.derive(self._base.folder / CHROMA, self._folder / CHROMA, self._base.manifest.graph_sha256)

    @contextmanager
    def _base_errors(self) -> Iterator[None]:
        """What Chroma raises on a copy of the base means that the base is damaged, unless the disk is full."""
        try:
            yield
        except FootnoteError:
            raise
        except Exception as error:  # Chroma raises many kinds, bare Exception among them
            if self._base is None or "disk is full" in str(error) or "No space left" in str(error):
                raise
            raise IndexDamagedError(f"{self._base.folder} cannot be continued ({error})") from error
