"""The bytes of the pages that each generation keeps, whatever becomes of the folder."""

import json
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_files
from footnote.app.index.raw_pages import RawPages
from footnote.app.models.embedder import Embedder
from footnote.ingest import plan as planning
from footnote.ingest.commands.check import check
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, run


def stored(settings: Settings, generation: int) -> dict[str, bytes]:
    folder = Generations(settings.folders.index_dir).folder(generation)
    pages = RawPages(folder / "pages")
    return {file.path: pages.read(file.sha256) for file in read_files(folder)}


def of(pages: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in pages.items()}


def inodes(settings: Settings, generation: int) -> set[int]:
    folder = Generations(settings.folders.index_dir).folder(generation) / "pages"
    return {file.stat().st_ino for file in folder.iterdir()}


def test_each_generation_keeps_its_own_pages(ingested: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    write_docs(ingested.folders.docs_dir, {"ports.md": "# Ports\r\n\r\nNone.\r\n", "new.md": "New.\n"})
    (ingested.folders.docs_dir / "cache.md").unlink()
    run(ingested, embedder)
    assert stored(ingested, 1) == of(PAGES)
    kept = {"guides/backup.md": PAGES["guides/backup.md"]}
    assert stored(ingested, 2) == of({**kept, "ports.md": "# Ports\r\n\r\nNone.\r\n", "new.md": "New.\n"})


def test_pages_are_those_that_were_read_though_the_folder_moved_on_meanwhile(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    def edit(stage: str, done: int, total: int) -> None:
        if stage == "write" and done == 0:
            write_docs(settings.folders.docs_dir, {"ports.md": "# Edited in between\n"})

    from footnote.ingest.flow import ingest

    ingest(settings, edit, embedder)
    assert stored(settings, 1) == of(PAGES)


def test_a_page_under_another_name_is_not_written_again(ingested: Settings, embedder: Embedder) -> None:
    docs_dir = ingested.folders.docs_dir
    (docs_dir / "ports.md").rename(docs_dir / "renamed.md")
    run(ingested, embedder)
    assert stored(ingested, 2)["renamed.md"] == PAGES["ports.md"].encode()
    assert inodes(ingested, 2) == inodes(ingested, 1)


def test_a_preview_compresses_nothing(
    ingested: Settings, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.ingest.ingesting import look_ahead

    write_docs(ingested.folders.docs_dir, {"new.md": "New.\n"})
    monkeypatch.setattr(planning, "compressed", lambda raw: pytest.fail("compressed"))
    assert look_ahead(ingested).plan.added == ("new.md",)


def test_purging_leaves_no_bytes_of_a_deleted_page(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    import zlib

    secret = "The password is hunter2-okapi.\n"
    write_docs(ingested.folders.docs_dir, {"secret.md": secret})
    run(ingested, embedder)
    (ingested.folders.docs_dir / "secret.md").unlink()
    run(ingested, embedder)
    assert secret.encode() in stored(ingested, 2).values()
    run(ingested, embedder, purge=True)
    needle = zlib.compress(secret.encode())
    files = [file for file in ingested.folders.index_dir.rglob("*") if file.is_file()]
    assert not [file for file in files if needle in file.read_bytes()]
    assert stored(ingested, 4) == of(PAGES)


def test_a_check_finds_a_page_that_is_not_stored_as_it_was_read(ingested: Settings) -> None:
    folder = Generations(ingested.folders.index_dir).folder(1)
    (bucket,) = (folder / "pages").iterdir()
    lengths = json.loads(bucket.read_bytes().partition(b"\n")[0])
    assert set(lengths) == {file.sha256 for file in read_files(folder)}
    bucket.write_bytes(bucket.read_bytes()[:-1])
    (drift,) = check(ingested, lambda *_: None).drifts
    assert drift.where in PAGES
    assert "not stored as they were read" in drift.what


def test_an_index_without_stored_pages_is_built_anew_by_the_next_ingest(
    ingested: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    import shutil

    folder = Generations(ingested.folders.index_dir).folder(1)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 6}))
    shutil.rmtree(folder / "pages")
    report = run(ingested, embedder)
    assert report.published and report.embedded == 0
    assert stored(ingested, report.manifest.generation) == of(PAGES)
