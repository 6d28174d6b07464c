"""A server that is not there, goes away and comes back."""

import sys
from pathlib import Path

import pytest

from footnote.app.core.errors import SettingsError, StoreUnreachableError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.generations import Generations
from footnote.app.index.reader import Index, open_index
from footnote.app.index.store import make_store
from footnote.ingest.flow import preview
from tests.index.milvus.conftest import NewIndex
from tests.index.milvus_server import free_port, milvus_lite
from tests.ingest.contents import Memoised, quiet_ingest
from tests.serving import until


def unchanged(settings: Settings) -> bool:
    return Generations(settings.folders.index_dir).current() == 1


def answers(index: Index) -> bool:
    try:
        return index.vectors.search([1.0] * 384, 1) != []
    except StoreUnreachableError:
        return False


@pytest.mark.scale
def test_nothing_is_rebuilt_while_the_server_is_away_and_all_goes_on_when_it_is_back(
    tmp_path: Path, new_index: NewIndex, memoised: Memoised
) -> None:
    port = free_port()
    with milvus_lite(tmp_path / "server", port):
        settings = new_index(f"http://127.0.0.1:{port}", store_timeout_s=1)
        index = open_index(settings.folders.index_dir, store=make_store(settings.store))
        before = index.lexical.search("7070", 3), index.vectors.search([1.0] * 384, 3)
    for ask in (
        lambda: index.lexical.search("7070", 3),
        lambda: index.vectors.search([1.0] * 384, 3),
        lambda: open_index(settings.folders.index_dir, store=make_store(settings.store)),
        lambda: preview(settings, lambda *_: None, memoised.fingerprint),
        lambda: quiet_ingest(settings, memoised),
    ):
        with pytest.raises(StoreUnreachableError, match=f"{port} does not answer"):
            ask()
    assert unchanged(settings)
    with milvus_lite(tmp_path / "server", port):
        until(lambda: answers(index), "the connection")
        assert (index.lexical.search("7070", 3), index.vectors.search([1.0] * 384, 3)) == before
        assert not quiet_ingest(settings, memoised).published
    index.close()


def test_without_its_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(SettingsError, match=r"pip install -c constraints.txt -e '.\[milvus\]'"):
        make_store(load_settings(None, store="milvus:http://127.0.0.1:1").store)


@pytest.mark.parametrize(
    "name", ["milvus", "milvus:", "milvus:localhost:19530", "chrome:http://x", "milvus:http://u:p@x"]
)
def test_what_names_no_store_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_STORE"):
        load_settings(None, store=name)


@pytest.mark.scale
def test_where_the_server_never_was_nothing_is_said_to_be_left_on_it(
    tmp_path: Path, memoised: Memoised, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nThe port is 7070.\n")
    settings = load_settings(
        None, docs_dir=tmp_path / "docs", index_dir=tmp_path / "index", store=f"milvus:http://127.0.0.1:{free_port()}"
    )
    with pytest.raises(StoreUnreachableError, match="does not answer"):
        quiet_ingest(settings, memoised)
    assert "left on the server" not in caplog.text
