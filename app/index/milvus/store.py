"""The store on a Milvus server."""

import logging
from collections.abc import Sequence
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError, StoreError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.manifest import Manifest, read_manifest
from footnote.app.index.milvus.names import remove_others, switch_alias
from footnote.app.index.milvus.server import Address, Server, import_pymilvus
from footnote.app.index.seam import BaseGeneration, IndexReader, IndexWriter

log = logging.getLogger(__name__)

MILVUS = "milvus"


class MilvusStore:
    """A generation's chunks are a collection of the server; what numbers their terms lies in its folder."""

    kind = MILVUS

    def __init__(self, address: Address) -> None:
        """Nothing is asked of the server yet.

        Raises:
            SettingsError: the client library is not installed.
        """
        import_pymilvus()
        self._server = Server(address)

    def require(self, folder: Path, manifest: Manifest) -> None:
        from footnote.app.index.milvus.reader import FOLDER
        from footnote.app.index.milvus.vocabulary import WORDS

        if not (folder / FOLDER / WORDS).is_file():
            raise IndexDamagedError(f"{folder / FOLDER / WORDS} is missing: run `footnote ingest --rebuild`")
        name = manifest.collection
        if not self._server.call(lambda client, limits: client.has_collection(name, **limits)):
            raise IndexDamagedError(f"the server lacks the collection {name}: run `footnote ingest --rebuild`")

    def reader(self, folder: Path, manifest: Manifest) -> IndexReader:
        from footnote.app.index.milvus.reader import MilvusReader

        return MilvusReader(self._server, folder, manifest)

    def writer(self, folder: Path, generation: int, base: BaseGeneration | None) -> IndexWriter:
        from footnote.app.index.milvus.writer import MilvusWriter

        return MilvusWriter(self._server, folder, generation, base)

    def made_live(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        if manifest.store != self.kind:
            return
        try:
            switch_alias(self._server, _index_dir(folder), manifest.collection)
        except (IndexDamagedError, StoreError) as error:
            # The generation is live all the same: readers go by its manifest, the alias is for other programs.
            log.warning("the alias of the live collection was not switched: %s", error)

    def remove_others(self, folders: Sequence[Path]) -> None:
        if folders:
            kept = {read_manifest(folder).collection for folder in folders}
            remove_others(self._server, _index_dir(folders[0]), kept)


def server_address(url: str, settings: StoreSettings) -> Address:
    """Where the settings say that the server is."""
    return Address(url, settings.token.get_secret_value() if settings.token else "", settings.timeout_s)


def _index_dir(generation: Path) -> Path:
    return generation.parent.parent
