"""The store with its vectors on a Chroma server."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.addresses import sendable_key
from footnote.app.core.errors import IndexDamagedError, SettingsError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.embedded.store import TANTIVY
from footnote.app.index.manifest import Manifest, read_manifest
from footnote.app.index.owner import owner_of
from footnote.app.index.seam import BaseGeneration, IndexReader, IndexWriter

if TYPE_CHECKING:
    from footnote.app.index.chroma_server.connection import Connection

KIND = "chroma"


class ChromaServerStore:
    """Vectors in a collection a generation; all else lies in the generation's folder."""

    kind = KIND

    def __init__(self, settings: StoreSettings) -> None:
        """Nothing is asked of the server yet.

        Raises:
            SettingsError: the token cannot be sent.
        """
        self._settings = settings
        try:
            self._token = sendable_key(settings.token) if settings.token else None
        except ValueError as error:
            raise SettingsError(f"FOOTNOTE_STORE_TOKEN {error}") from None

    def require(self, folder: Path, manifest: Manifest) -> None:
        part = folder / TANTIVY / "meta.json"
        if not part.is_file():
            raise IndexDamagedError(f"{part} is missing: run `footnote ingest --rebuild`")
        from footnote.app.index.chroma_server.vectors import ServerVectors

        with closing(self._connected()) as connection:
            ServerVectors.open(connection, manifest.collection)

    def reader(self, folder: Path, manifest: Manifest) -> IndexReader:
        from footnote.app.index.chroma_server.reader import ChromaServerReader

        return ChromaServerReader(folder, manifest, self._connected())

    def writer(self, folder: Path, generation: int, base: BaseGeneration | None) -> IndexWriter:
        from footnote.app.index.chroma_server.writer import ChromaServerWriter

        return ChromaServerWriter(folder, generation, base, self._connected)

    def made_live(self, folder: Path) -> None:
        pass

    def remove_others(self, folders: Sequence[Path]) -> None:
        if not folders:
            return
        owned = collection_prefix(owner_of(folders[0].parent.parent))
        kept = {read_manifest(folder).collection for folder in folders}
        with closing(self._connected()) as connection:
            for name in list(connection.names()):
                if name.startswith(owned) and name not in kept:
                    connection.delete(name)

    def _connected(self) -> "Connection":
        """A connection, to be closed; nothing is asked yet."""
        from footnote.app.index.chroma_server.connection import Connection

        return Connection(self._settings.address.rstrip("/"), self._token, self._settings.timeout_s)


def collection_prefix(owner: str) -> str:
    """How the names of an index folder's collections begin."""
    return f"footnote-{owner}-"
