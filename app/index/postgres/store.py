"""The store in PostgreSQL."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.embedded.store import TANTIVY
from footnote.app.index.manifest import Manifest
from footnote.app.index.owner import owner_of
from footnote.app.index.postgres.removing import remove_all_but
from footnote.app.index.postgres.schema import KIND, place_of, read_version
from footnote.app.index.postgres.session import Sessions, require_psycopg, writing
from footnote.app.index.postgres.versions import kept_places
from footnote.app.index.seam import BaseGeneration, IndexReader, IndexWriter


class PostgresStore:
    """A generation's vectors are a version of a schema; all else lies in its folder."""

    kind = KIND

    def __init__(self, settings: StoreSettings) -> None:
        """Nothing is asked of the server yet.

        Raises:
            SettingsError: the client library is not installed.
        """
        require_psycopg()
        self._settings = settings

    def require(self, folder: Path, manifest: Manifest) -> None:
        part = folder / TANTIVY / "meta.json"
        if not part.is_file():
            raise IndexDamagedError(f"{part} is missing: run `footnote ingest --rebuild`")
        place = place_of(manifest.collection)
        with closing(Sessions(self._settings, place.schema)) as sessions:
            sessions.read(lambda connection: read_version(connection, place.version))

    def reader(self, folder: Path, manifest: Manifest) -> IndexReader:
        from footnote.app.index.postgres.reader import PostgresReader

        return PostgresReader(self._settings, folder, manifest)

    def writer(self, folder: Path, generation: int, base: BaseGeneration | None) -> IndexWriter:
        from footnote.app.index.postgres.writer import PostgresWriter

        return PostgresWriter(self._settings, folder, base)

    def made_live(self, folder: Path) -> None:
        pass

    def remove_others(self, folders: Sequence[Path]) -> None:
        if not folders:
            return
        index_dir = folders[0].parent.parent
        with writing(self._settings) as connection:
            remove_all_but(connection, owner_of(index_dir), kept_places(index_dir))
