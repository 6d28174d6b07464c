"""The embedded store: a generation's chunks are files in its folder."""

from collections.abc import Sequence
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError
from footnote.app.index.manifest import EMBEDDED, Manifest
from footnote.app.index.seam import BaseGeneration, IndexReader, IndexWriter

CHROMA, TANTIVY = "chroma", "tantivy"


class EmbeddedStore:
    """Everything lies in the generations' folders, and goes with them."""

    kind = EMBEDDED

    def require(self, folder: Path, manifest: Manifest) -> None:
        for part in (folder / CHROMA / "chroma.sqlite3", folder / TANTIVY / "meta.json"):
            if not part.is_file():
                raise IndexDamagedError(f"{part} is missing: run `footnote ingest --rebuild`")

    def reader(self, folder: Path, manifest: Manifest) -> IndexReader:
        from footnote.app.index.embedded.reader import EmbeddedReader

        return EmbeddedReader(folder, manifest)

    def writer(self, folder: Path, generation: int, base: BaseGeneration | None) -> IndexWriter:
        from footnote.app.index.embedded.writer import EmbeddedWriter

        return EmbeddedWriter(folder, base)

    def made_live(self, folder: Path) -> None:
        pass

    def remove_others(self, folders: Sequence[Path]) -> None:
        pass
