"""Whose collections are touched, what is left behind, and what is in one."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.settings import Settings
from footnote.app.index.filters import QueryFilter
from footnote.app.index.generations import Generations, live_manifest
from footnote.app.index.milvus import collection, loading, searches
from footnote.app.index.milvus.server import Server
from footnote.app.index.owner import owner_of
from footnote.app.index.reader import Index, open_index
from footnote.app.index.store import make_store
from footnote.ingest.commands.check import check
from tests.index.milvus.conftest import NewIndex
from tests.ingest.contents import Memoised, quiet_ingest

pytestmark = pytest.mark.scale


@pytest.fixture
def client(milvus_url: str) -> Any:
    from footnote.app.index.milvus.server import import_pymilvus

    import_pymilvus()
    from pymilvus import MilvusClient

    return MilvusClient(uri=milvus_url, timeout=10)


def opened(settings: Settings) -> Index:
    return open_index(settings.folders.index_dir, store=make_store(settings.store))


def change(settings: Settings, path: str = "ports.md", text: str = "# Ports\n\nThe relay listens on 9090.\n") -> None:
    (settings.folders.docs_dir / path).write_text(text, "utf-8")


def own_collections(client: Any, settings: Settings) -> list[str]:
    own = f"footnote_{owner_of(settings.folders.index_dir)}_"
    return sorted(name for name in client.list_collections() if name.startswith(own))


def test_collections_of_others_are_left_alone_and_orphans_removed(
    ingested: Settings, milvus_url: str, new_index: NewIndex, memoised: Memoised, client: Any
) -> None:
    other = new_index(milvus_url, "other")
    client.create_collection("foreign", dimension=8)
    orphan = f"footnote_{owner_of(ingested.folders.index_dir)}_7_00000000"
    client.create_collection(orphan, dimension=8)
    for text in ("one", "two", "three"):
        change(ingested, text=text)
        quiet_ingest(ingested, memoised)
    assert len(own_collections(client, ingested)) == 2
    assert orphan not in client.list_collections()
    assert own_collections(client, other) == [live_manifest(other.folders.index_dir).collection]
    assert "foreign" in client.list_collections()
    quiet_ingest(ingested, memoised, purge=True)
    assert own_collections(client, ingested) == [live_manifest(ingested.folders.index_dir).collection]
    client.drop_collection("foreign")


def test_aliases_of_a_collection_go_before_it(ingested: Settings, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """milvus-lite drops both at once, other servers refuse to drop what an alias means."""
    orphan = f"footnote_{owner_of(ingested.folders.index_dir)}_7_00000000"
    client.create_collection(orphan, dimension=8)
    client.create_alias(orphan, "footnote_0000000000000000_live")
    calls: list[str] = []
    for name in ("drop_alias", "drop_collection"):
        monkeypatch.setattr(type(client), name, lambda _, what, **limits: calls.append(what))
    folder = ingested.folders.index_dir / "generations" / "1"
    make_store(ingested.store).remove_others([folder])
    assert calls == ["footnote_0000000000000000_live", orphan]
    monkeypatch.undo()
    make_store(ingested.store).remove_others([folder])


def test_a_copied_folder_reads_and_does_not_remove_what_it_was_copied_from(
    ingested: Settings, tmp_path: Path, memoised: Memoised
) -> None:
    shutil.copytree(ingested.folders.index_dir, tmp_path / "copy")
    copy = ingested.changed(index_dir=tmp_path / "copy")
    with closing(opened(copy)) as index:
        assert index.chunks.count() == 5
    for text in ("one", "two", "three"):
        change(copy, text=text)
        quiet_ingest(copy, memoised)
    with closing(opened(ingested)) as index:
        assert index.lexical.search("7070", 1)


def test_a_build_that_breaks_off_leaves_no_collection(
    ingested: Settings, memoised: Memoised, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own_collections(client, ingested)
    change(ingested)

    def fail(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading.Loading, "finish", fail)
    with pytest.raises(KeyboardInterrupt):
        quiet_ingest(ingested, memoised)
    assert own_collections(client, ingested) == before


def test_the_alias_means_the_live_collection(ingested: Settings, memoised: Memoised, client: Any) -> None:
    alias = f"footnote_{owner_of(ingested.folders.index_dir)}_live"
    first = live_manifest(ingested.folders.index_dir).collection
    assert client.describe_alias(alias)["collection_name"] == first
    change(ingested)
    quiet_ingest(ingested, memoised)
    assert client.describe_alias(alias)["collection_name"] == live_manifest(ingested.folders.index_dir).collection
    generations = Generations(ingested.folders.index_dir, make_store(ingested.store))
    with generations.lock():
        generations.roll_back()
    assert client.describe_alias(alias)["collection_name"] == first


def test_paths_and_ids_are_no_part_of_what_the_server_is_asked(milvus_url: str, new_index: NewIndex) -> None:
    evil = '" or file >= 0 or "'
    settings = new_index(milvus_url, pages={f"{evil}.md": "# A\n\nThe quagga.\n", "b.md": "# B\n\nThe quagga.\n"})
    with closing(opened(settings)) as index:
        selection = index.select(QueryFilter(path=f"{evil}.md"))
        assert selection and len(selection.allowed) == 1
        for found in (
            index.lexical.search("quagga", 5, selection.allowed),
            index.vectors.search([1.0] * 384, 5, selection),
        ):
            assert [index.chunks.get([hit.chunk_id])[hit.chunk_id].path for hit in found] == [f"{evil}.md"]
        assert index.chunks.get([evil, "\\", "\x00", "漢"]) == {}
        assert index.chunks.chunks_with(evil) == 0 and index.chunks.with_all([evil], 5) == []


def test_batches_are_of_a_bounded_size(milvus_url: str, new_index: NewIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    insert = Server.insert

    def counted(server: Server, name: str, rows: list[dict[str, Any]]) -> None:
        sizes.append(len(rows))
        insert(server, name, rows)

    monkeypatch.setattr(Server, "insert", counted)
    monkeypatch.setattr(loading, "_ROWS", 2)
    new_index(milvus_url, "by-rows")
    assert sizes == [2, 2, 1]
    sizes.clear()
    monkeypatch.setattr(loading, "_BYTES", 1)
    new_index(milvus_url, "by-bytes")
    assert sizes == [1] * 5


def test_equal_scores_come_by_id_where_more_tie_than_an_answer_has_room_for(
    milvus_url: str, new_index: NewIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {f"tied/{number}.md": "# Tied\n\nThe quagga stands in the meadow.\n" for number in range(9)}
    with closing(opened(new_index(milvus_url, pages=pages | {"other.md": "# Other\n\nA zebra.\n"}))) as index:
        tied = sorted(chunk.id for chunk in index.chunks.all_chunks() if chunk.path.startswith("tied/"))
        selection = index.select(QueryFilter(path="tied/"))
        assert selection
        monkeypatch.setattr(searches, "MOST_HITS", 4)
        for top_k in (1, 2, 3, 4):
            assert [hit.chunk_id for hit in index.lexical.search("quagga", top_k)] == tied[:top_k]
            assert [hit.chunk_id for hit in index.lexical.search("quagga", top_k, selection.allowed)] == tied[:top_k]


def test_what_is_too_large_for_a_row_lies_in_the_folder(
    milvus_url: str, new_index: NewIndex, memoised: Memoised, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collection, "_MOST_BYTES", 700)
    large = "# Large\n\n" + " ".join(f"word{number * 7919}" for number in range(100)) + "\n"
    settings = new_index(milvus_url, pages={"large.md": large, "small.md": "# Small\n\nThe relay.\n"})
    for _ in range(2):  # the second takes it over from the base
        with closing(opened(settings)) as index:
            assert {len(chunk.text) > 700 for chunk in index.chunks.all_chunks()} == {True, False}
        assert check(settings, lambda *_: None).drifts == ()
        change(settings, "new.md", "# New\n\nA zebra.\n")
        quiet_ingest(settings, memoised)


def test_a_collection_that_is_not_whole_is_built_anew(ingested: Settings, memoised: Memoised, client: Any) -> None:
    name = live_manifest(ingested.folders.index_dir).collection
    with closing(opened(ingested)) as index:
        [one, *_] = index.chunks.all_chunks()
    client.delete(name, ids=[one.id])
    with pytest.raises(IndexDamagedError, match="holds 4 chunks"):
        opened(ingested)
    change(ingested)
    report = quiet_ingest(ingested, memoised)
    assert report.rebuilt_because and "holds 4 chunks" in report.rebuilt_because
    client.drop_collection(live_manifest(ingested.folders.index_dir).collection)
    assert quiet_ingest(ingested, memoised).rebuilt_because
    assert check(ingested, lambda *_: None).drifts == ()


def test_check_names_weights_and_words_that_are_not_those_published(ingested: Settings, client: Any) -> None:
    manifest = live_manifest(ingested.folders.index_dir)
    [row] = client.query(manifest.collection, filter="row == 0", output_fields=["*"])
    client.upsert(manifest.collection, [{**row, "terms": {**row["terms"], next(iter(row["terms"])): 9.0}}])
    words = ingested.folders.index_dir / "generations" / "1" / "milvus" / "words.sqlite3"
    with words.open("ab") as file:
        file.write(b"\0")
    drifts = check(ingested, lambda *_: None).drifts
    assert [drift.where for drift in drifts] == ["milvus", "backup.md"]
    assert "weights" in drifts[1].what


def test_what_a_server_let_go_of_is_loaded_again(ingested: Settings, client: Any) -> None:
    with closing(opened(ingested)) as index:
        client.release_collection(live_manifest(ingested.folders.index_dir).collection)
        assert index.lexical.search("7070", 1) and index.vectors.search([1.0] * 384, 1)
