"""Reading a generation whose vectors are in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

from footnote.app.core.errors import FootnoteError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.embedded.store import TANTIVY
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.manifest import Manifest
from footnote.app.index.postgres.schema import KIND, broken_indexes, place_of, read_version
from footnote.app.index.postgres.session import Sessions
from footnote.app.index.postgres.vectors import PostgresVectors


class PostgresReader:
    """One version of a schema, and tantivy in the generation's folder."""

    def __init__(self, settings: StoreSettings, folder: Path, manifest: Manifest) -> None:
        self.chunks = TantivyIndex.open(folder / TANTIVY)
        place = place_of(manifest.collection)
        self._sessions = Sessions(settings, place.schema)
        try:
            version = self._sessions.read(lambda connection: read_version(connection, place.version))
        except FootnoteError:
            self._sessions.close()
            raise
        self.vectors = PostgresVectors(self._sessions, version)

    def damages(self) -> Iterator[tuple[str, str]]:
        for name in self._sessions.read(broken_indexes):
            yield KIND, f"the index {name} is not valid: `REINDEX` it"

    def close(self) -> None:
        self._sessions.close()
