"""What the contract does not say: a server that is away, refuses, or is another; and whose its collections are."""

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from footnote.app.core.errors import IndexMismatchError, IndexWriteError, SettingsError, StoreError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.chroma_server.connection import Connection
from footnote.app.index.generations import Generations
from footnote.app.index.owner import owner_of
from footnote.app.index.reader import open_index
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import preview
from tests.index.chroma_server.server import ChromaServer
from tests.index.server_away import assert_goes_on_once_its_server_is_back
from tests.ingest.contents import Memoised, quiet_ingest

TOKEN = "let-me-in-0123456789"


@pytest.fixture(scope="module")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with ChromaServer(tmp_path_factory.mktemp("chroma-server")) as server:
        yield server


@pytest.fixture
def settings(server: ChromaServer, tmp_path: Path, memoised: Memoised) -> Settings:
    """Of an index of one page."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "ports.md").write_text("# Ports\n\nThe relay listens on port 7070.\n", "utf-8")
    settings = load_settings(
        None, store=f"chroma:{server.address}", docs_dir=tmp_path / "docs", index_dir=tmp_path / "index"
    )
    quiet_ingest(settings, memoised)
    return settings


def change(settings: Settings, text: str) -> None:
    (settings.folders.docs_dir / "ports.md").write_text(text, "utf-8")


def collections(server: ChromaServer) -> set[str]:
    with closing(Connection(server.address, None, 10.0)) as connection:
        return set(connection.names())


def test_without_its_server_nothing_is_answered_nor_rebuilt_and_all_goes_on_once_it_is_back(
    settings: Settings, server: ChromaServer, memoised: Memoised
) -> None:
    def edit() -> None:
        change(settings, "# Ports\n\nThe relay listens on port 9090.\n")

    assert_goes_on_once_its_server_is_back(settings, server, memoised, edit, r"does not answer .* start it")


def test_an_ingest_removes_what_its_own_failed_ones_left_and_nothing_of_others(
    settings: Settings, server: ChromaServer, memoised: Memoised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = settings.changed(index_dir=tmp_path / "other")
    quiet_ingest(other, memoised)
    others = collections(server)
    with monkeypatch.context() as patch, pytest.raises(IndexWriteError):
        patch.setattr("footnote.ingest.write.write_manifest", _fail)
        quiet_ingest(settings, memoised, rebuild=True)
    [left] = collections(server) - others
    for number in (9090, 9091):
        change(settings, f"# Ports\n\nThe relay listens on port {number}.\n")
        quiet_ingest(settings, memoised)
    assert left not in collections(server)
    generations = Generations(settings.folders.index_dir)
    assert generations.complete() == [2, 3]
    assert len(collections(server) - others) == 2
    with closing(open_index(other.folders.index_dir, store=make_store(other.store))) as index:
        assert index.vectors.count() == 1


def test_a_collection_that_is_gone_is_built_again(settings: Settings, server: ChromaServer, memoised: Memoised) -> None:
    manifest = open_index_manifest(settings)
    with closing(Connection(server.address, None, 10.0)) as connection:
        connection.delete(manifest)
        connection.delete(manifest)
    report = quiet_ingest(settings, memoised)
    assert report.rebuilt_because and "has no collection" in report.rebuilt_because
    assert report.embedded == 0


def test_a_token_is_shown_and_what_is_no_chroma_server_is_no_damaged_index(
    settings: Settings, memoised: Memoised, tmp_path: Path
) -> None:
    seen: list[str | None] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["Authorization"])
            self.send_response(404 if seen[-1] == f"Bearer {TOKEN}" else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        elsewhere = settings.changed(store=f"chroma:http://127.0.0.1:{door.server_port}")
        with pytest.raises(StoreError, match="401 .*FOOTNOTE_STORE_TOKEN"):
            quiet_ingest(elsewhere, memoised)
        with pytest.raises(StoreError, match="404") as caught:
            quiet_ingest(elsewhere.changed(store_token=SecretStr(TOKEN)), memoised)
        door.shutdown()
    assert seen[0] is None and seen[-1] == f"Bearer {TOKEN}"
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("name", ["chroma", "chroma:localhost:8000", "chroma:http://me@host:1", "chroma:ftp://host"])
def test_an_address_that_is_none_is_refused(name: str) -> None:

    with pytest.raises(SettingsError, match="FOOTNOTE_STORE"):
        load_settings(None, store=name)


def test_no_purge_changes_the_store_and_the_refusal_names_the_address_to_set_back(
    settings: Settings, server: ChromaServer, memoised: Memoised
) -> None:
    before = collections(server)
    embedded = settings.changed(store="embedded", store_token=SecretStr(TOKEN))
    for again in (
        lambda: quiet_ingest(embedded, memoised, purge=True),
        lambda: quiet_ingest(embedded, memoised),
        lambda: preview(embedded, lambda *_: None, memoised.fingerprint, purge=True),
    ):
        with pytest.raises(IndexMismatchError, match=rf"FOOTNOTE_STORE={re.escape(settings.store.name)}, .*--rebuild"):
            again()
    assert collections(server) == before


def test_what_a_change_of_the_store_leaves_is_removed_once_no_generation_needs_it(
    settings: Settings, server: ChromaServer, memoised: Memoised
) -> None:
    owned = own_collections(settings, server)
    assert len(owned) == 1
    embedded = settings.changed(store="embedded")
    report = quiet_ingest(embedded, memoised, rebuild=True)
    assert report.kept_elsewhere == (settings.store.name,)
    assert own_collections(settings, server) == owned
    Generations(settings.folders.index_dir, make_store(settings.store)).roll_back()
    report = quiet_ingest(embedded, memoised, rebuild=True, purge=True)
    assert (report.untidy, report.kept_elsewhere) == (None, ())
    assert own_collections(settings, server) == set()
    assert not (settings.folders.index_dir / "stores.json").exists()


def test_a_purge_says_which_server_still_holds_what_and_removes_it_once_that_is_back(
    settings: Settings, server: ChromaServer, memoised: Memoised
) -> None:
    embedded = settings.changed(store="embedded")
    quiet_ingest(embedded, memoised, rebuild=True)
    server.stop()
    try:
        report = quiet_ingest(embedded, memoised, purge=True)
    finally:
        server.start()
    owner = owner_of(settings.folders.index_dir)
    assert report.untidy
    assert f"{settings.store.name} still holds collections of this index, called footnote-{owner}-*" in report.untidy
    assert "run `footnote ingest --purge`" in report.untidy
    assert len(own_collections(settings, server)) == 1
    assert quiet_ingest(embedded, memoised, purge=True).untidy is None
    assert own_collections(settings, server) == set()


def test_the_same_server_by_another_name_keeps_what_is_live(
    settings: Settings, server: ChromaServer, memoised: Memoised
) -> None:
    renamed = settings.changed(store=settings.store.name.replace("127.0.0.1", "localhost"))
    for number in (9090, 9091, 9092):
        change(settings, f"# Ports\n\nThe relay listens on port {number}.\n")
        assert quiet_ingest(renamed, memoised).untidy is None
    with closing(open_index(renamed.folders.index_dir, store=make_store(renamed.store))) as index:
        assert index.vectors.count() == 1
    assert len(own_collections(settings, server)) == 2


def test_an_index_that_recorded_no_address_says_that_a_server_may_still_hold_something(
    settings: Settings, memoised: Memoised
) -> None:
    (settings.folders.index_dir / "stores.json").unlink()
    report = quiet_ingest(settings.changed(store="embedded"), memoised, rebuild=True, purge=True)
    assert report.untidy and "a chroma server still holds collections of this index" in report.untidy


def own_collections(settings: Settings, server: ChromaServer) -> set[str]:
    owned = f"footnote-{owner_of(settings.folders.index_dir)}-"
    return {name for name in collections(server) if name.startswith(owned)}


def open_index_manifest(settings: Settings) -> str:
    with closing(open_index(settings.folders.index_dir, store=make_store(settings.store))) as index:
        return index.manifest.collection


def _fail(*_: object) -> None:
    raise RuntimeError


def test_a_token_that_no_header_can_hold_is_refused_without_repeating_it() -> None:
    settings = load_settings(None, store="chroma:http://localhost:8000", store_token=SecretStr("täken here"))
    with pytest.raises(SettingsError, match="FOOTNOTE_STORE_TOKEN must be") as caught:
        make_store(settings.store)
    assert "täken" not in str(caught.value)
