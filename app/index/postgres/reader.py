"""Reading a generation in PostgreSQL."""

from collections.abc import Iterator

from footnote.app.core.errors import FootnoteError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.manifest import Manifest
from footnote.app.index.postgres.chunks import PostgresChunks
from footnote.app.index.postgres.damages import damages
from footnote.app.index.postgres.schema import place_of, read_version
from footnote.app.index.postgres.session import Sessions
from footnote.app.index.postgres.vectors import PostgresVectors


class PostgresReader:
    """One version of a schema."""

    def __init__(self, settings: StoreSettings, manifest: Manifest) -> None:
        place = place_of(manifest.collection)
        self._sessions = Sessions(settings, place.schema)
        try:
            self._version = self._sessions.read(lambda connection: read_version(connection, place.version))
        except FootnoteError:
            self._sessions.close()
            raise
        self.chunks = PostgresChunks(self._sessions, self._version)
        self.vectors = PostgresVectors(self._sessions, self._version)

    def damages(self) -> Iterator[tuple[str, str]]:
        return iter(self._sessions.read(lambda connection: damages(connection, self._version)))

    def close(self) -> None:
        self._sessions.close()
