"""The one place where a store is chosen."""

from pathlib import Path

from footnote.app.core.errors import IndexMismatchError
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.chroma_server import store as chroma_server
from footnote.app.index.embedded.store import EmbeddedStore
from footnote.app.index.manifest import EMBEDDED, Manifest
from footnote.app.index.recorded_places import place_of_generation
from footnote.app.index.seam import Store

EMBEDDED_STORE: Store = EmbeddedStore()


def make_store(settings: StoreSettings) -> Store:
    """The store that the settings name; nothing is asked of a server yet.

    Raises:
        SettingsError: it needs a package that is not installed.
    """
    if settings.kind == "postgres":
        from footnote.app.index.postgres.store import PostgresStore

        return PostgresStore(settings)
    if settings.kind == "milvus":
        from footnote.app.index.milvus.store import MilvusStore, server_address

        return MilvusStore(server_address(settings.address, settings))
    if settings.kind == chroma_server.KIND:
        return chroma_server.ChromaServerStore(settings)
    return EMBEDDED_STORE


def require_same_store(folder: Path, manifest: Manifest, store: Store) -> None:
    """Refuse to look for a generation's chunks where they were not put.

    Raises:
        IndexMismatchError: the generation was built into another kind of store.
    """
    if manifest.store != store.kind:
        recorded = place_of_generation(folder.parent.parent, manifest.generation)
        built = manifest.store if manifest.store == EMBEDDED else recorded or f"{manifest.store}:ADDRESS"
        raise IndexMismatchError(
            f"the index was built with FOOTNOTE_STORE={built}, and the setting is {store.kind} now: set it back, or "
            "run `footnote ingest --rebuild`, which builds the index anew in the store of now"
        )
