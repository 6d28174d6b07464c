"""Indexes that no other can be derived from: built from nothing, with cached embeddings, while the old one serves."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexMismatchError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FORMAT
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import BUNDLED, Embedder, OnnxEmbedder
from footnote.app.models.onnx_model import bundled_folder
from footnote.ingest import plan as plan_module
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, chunks, files_below, run, search, vectors

OKAPI = {"guides/backup.md": "---\ntitle: Backups\n---\nA weekly okapi is enough.\n"}


def remove(*parts: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for part in parts:
            for path in folder.glob(part):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def overwrite(part: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: [path.write_bytes(content) for path in folder.glob(part)] and None


def set_format(number: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        fields = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(fields | {"format": number}))

    return damage


def older_format(folder: Path) -> None:
    """As the first version left it: no lease, fewer fields, another layout."""
    fields = json.loads((folder / "manifest.json").read_text())
    for name in ("include", "exclude", "max_file_mb", "replaced_chunks"):
        del fields[name]
    (folder / "manifest.json").write_text(json.dumps(fields | {"format": 1}))
    (folder / "lease").unlink()
    (folder / "tantivy" / "buckets.json").unlink()


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no Chroma": (remove("chroma"), "chroma.sqlite3 is missing"),
    "Chroma's database gone": (remove("chroma/chroma.sqlite3"), "chroma.sqlite3 is missing"),
    "Chroma's database garbage": (overwrite("chroma/chroma.sqlite3", b"no database" * 500), "cannot be read"),
    "Chroma's database empty": (overwrite("chroma/chroma.sqlite3", b""), "cannot be read"),
    "Chroma's graph gone": (remove("chroma/*-*"), "graph files of"),
    "Chroma's graph garbage": (overwrite("chroma/*-*/*", b"garbage"), "graph files of"),
    "no tantivy": (remove("tantivy"), "meta.json is missing"),
    "tantivy's list garbage": (overwrite("tantivy/meta.json", b"{"), "cannot be read"),
    "tantivy's segments gone": (remove("tantivy/*.store", "tantivy/*.term"), "cannot be read"),
    "tantivy's segments garbage": (overwrite("tantivy/*.store", b"garbage" * 50), "cannot be read"),
    "buckets gone": (remove("tantivy/buckets.json"), "buckets.json cannot be read"),
    "no pages": (remove("pages"), "the pages in"),
    "pages gone": (remove("pages/*"), "the pages in"),
    "pages garbage": (overwrite("pages/*", b"garbage"), "the pages in"),
    "manifest gone": (remove("manifest.json"), "manifest.json cannot be read"),
    "manifest garbage": (overwrite("manifest.json", b"{"), "manifest.json cannot be read"),
    "format 1": (older_format, f"has format 1, this version reads {FORMAT}"),
    "a later format": (set_format(FORMAT + 1), f"has format {FORMAT + 1}, this version reads {FORMAT}"),
    "file list gone": (remove("files.jsonl"), "files.jsonl cannot be read"),
    "file list garbage": (overwrite("files.jsonl", b"\xff"), "files.jsonl cannot be read"),
    "generation gone": (lambda folder: shutil.rmtree(folder), "manifest.json cannot be read"),
    "CURRENT garbage": (lambda folder: (folder.parents[1] / "CURRENT").write_text("x") and None, "CURRENT holds 'x'"),
}


@pytest.fixture(scope="module")
def of_okapi(tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder) -> Settings:
    """An index of the pages with the okapi, built from nothing: what every other must be like."""
    folder = tmp_path_factory.mktemp("okapi")
    docs_dir = write_docs(folder / "docs", PAGES | OKAPI)
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=folder / "index")
    run(settings, embedder)
    return settings


@pytest.mark.parametrize(("damage", "because"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_built_from_nothing_with_cached_embeddings(
    ingested: Settings,
    embedder: Embedder,
    write_docs: WriteDocs,
    of_okapi: Settings,
    damage: Callable[[Path], None],
    because: str,
) -> None:
    damage(Generations(ingested.folders.index_dir).folder(1))
    write_docs(ingested.folders.docs_dir, OKAPI)
    report = run(ingested, embedder)
    assert report.rebuilt_because is not None
    assert because in report.rebuilt_because
    assert (report.published, report.embedded, report.plan.base) == (True, 1, None)
    assert chunks(ingested) == chunks(of_okapi)
    assert vectors(ingested) == vectors(of_okapi)
    found, expected = (search(settings, embedder, "a weekly okapi") for settings in (ingested, of_okapi))
    assert (found.lexical, found.vector) == (expected.lexical, expected.vector)
    assert not run(ingested, embedder).published


def test_a_missing_part_is_noticed_also_when_no_page_changed(ingested: Settings, embedder: Embedder) -> None:
    before = chunks(ingested)
    remove("chroma")(Generations(ingested.folders.index_dir).folder(1))
    report = run(ingested, embedder)
    assert (report.published, report.embedded, report.manifest.generation) == (True, 0, 2)
    assert chunks(ingested) == before


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"chunk_size_chars": 600}, "chunk size 1000, the settings now say 600"),
        ({"chunk_overlap_chars": 100}, "chunk overlap 200, the settings now say 100"),
    ],
)
def test_another_chunk_size_is_refused_and_a_rebuild_is_the_way_to_it(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, flags: dict[str, int], message: str
) -> None:
    before = search(ingested, embedder)
    write_docs(ingested.folders.docs_dir, {"long.md": "Alpha beta gamma delta. " * 100})
    changed = ingested.changed(**flags)
    with pytest.raises(IndexMismatchError, match=message + r".*: run `footnote ingest --rebuild`"):
        run(changed, embedder)
    assert search(ingested, embedder) == before
    report = run(changed, embedder, rebuild=True)
    manifest = report.manifest
    assert (report.published, report.rebuilt_because, manifest.generation) == (True, None, 2)
    assert {name: getattr(manifest, name) for name in flags} == flags
    assert not run(changed, embedder).published
    with pytest.raises(IndexMismatchError, match="the settings now say"):
        run(ingested, embedder)


def test_another_embedder_is_refused_and_a_rebuild_is_the_way_to_it(
    ingested: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    own = tmp_path / "own_model"
    own.symlink_to(bundled_folder(BUNDLED))
    other = OnnxEmbedder(own)
    with pytest.raises(IndexMismatchError) as raised:
        run(ingested, other)
    assert str(raised.value) == (
        f"the index in {ingested.folders.index_dir} was built with embedder bge_small_en (68807e3ff2ab), "
        f"the settings now say own_model ({other.fingerprint.sha256[:12]}): "
        "run `footnote ingest --rebuild` to build it anew while the old one serves, or set that back"
    )
    report = run(ingested, other, rebuild=True)
    assert (report.manifest.embedder, report.embedded) == (other.fingerprint, 4)
    # Back again: the first embedder's vectors are still there.
    report = run(ingested, embedder, rebuild=True)
    assert (report.manifest.embedder, report.embedded) == (embedder.fingerprint, 0)


def test_the_index_in_use_serves_while_another_is_rebuilt(ingested: Settings, embedder: Embedder) -> None:
    with closing(open_index(ingested.folders.index_dir)) as index:
        before = index.lexical.search("zebra", 5), index.vectors.search(embedder.embed_query("zebra"), 5)
        run(ingested, embedder, rebuild=True)
        run(ingested, embedder, rebuild=True)
        assert (index.lexical.search("zebra", 5), index.vectors.search(embedder.embed_query("zebra"), 5)) == before


def test_an_index_of_which_a_quarter_was_replaced_is_built_from_nothing(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "_MIN_REPLACED", 3)
    replaced = []
    for number in range(5):
        write_docs(ingested.folders.docs_dir, {"cache.md": f"# Cache\n\nNumber {number}."})
        report = run(ingested, embedder)
        replaced.append((report.manifest.replaced_chunks, report.rebuilt_because is not None, report.embedded))
    # The fourth would leave four places without a vector in the graph.
    assert replaced == [(1, False, 1), (2, False, 1), (3, False, 1), (0, True, 1), (1, False, 1)]


def test_few_replaced_chunks_of_a_large_index_wear_nothing_out(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "_MIN_REPLACED", 0)
    monkeypatch.setattr(plan_module, "_MAX_REPLACED_SHARE", 0.5)
    for number, rebuilt in ((1, False), (2, False), (3, True)):
        write_docs(ingested.folders.docs_dir, {"cache.md": f"# Cache\n\nNumber {number}."})
        assert (run(ingested, embedder).rebuilt_because is not None) is rebuilt


SECRET = "xq7kw9tzlm42"


def holding(folder: Path, secret: str) -> list[str]:
    """The files below a folder that hold the bytes of a text."""
    return [file.name for file in files_below(folder) if secret.encode() in file.read_bytes()]


@pytest.mark.usefixtures("trusting")
def test_a_purge_leaves_one_generation_and_no_byte_of_what_was_deleted(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    leaked = f"---\ntitle: The {SECRET}\npassword: {SECRET}\n---\n# Key {SECRET}\n\nIt is {SECRET}.\n"
    write_docs(settings.folders.docs_dir, {f"{SECRET}.md": leaked, "mixed.md": f"# Mixed\n\nIt was {SECRET}.\n"})
    run(settings, embedder)
    held = holding(settings.folders.index_dir, SECRET)
    # So that its absence means something: the texts, the file list and the hashes of files know it.
    assert {"files.jsonl", "cache.sqlite3", "chroma.sqlite3"} <= set(held)
    assert any(name.endswith(".store") for name in held)
    (settings.folders.docs_dir / f"{SECRET}.md").unlink()
    write_docs(settings.folders.docs_dir, {"mixed.md": "# Mixed\n\nIt was nothing.\n"})
    run(settings, embedder)
    assert holding(settings.folders.index_dir, SECRET) != []  # the generation before still holds it
    report = run(settings, embedder, purge=True)
    assert (report.published, report.embedded, report.manifest.generation) == (True, 0, 3)
    assert holding(settings.folders.index_dir, SECRET) == []
    assert [folder.name for folder in (settings.folders.index_dir / "generations").iterdir()] == ["3"]
    assert len(chunks(settings)) == 5


def test_the_graphs_files_hold_nothing_that_was_in_memory_by_chance(settings: Settings, write_docs: WriteDocs) -> None:
    write_docs(settings.folders.docs_dir, PAGES)
    # glibc fills what it hands out with a byte; without it, memory is mostly zeros, but not always.
    subprocess.run(
        [
            sys.executable,
            "-m",
            "footnote.app",
            "ingest",
            str(settings.folders.docs_dir),
            "--index-dir",
            str(settings.folders.index_dir),
        ],
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        check=True,
        capture_output=True,
    )
    (graph,) = (file.parent for file in settings.folders.index_dir.rglob("header.bin"))
    count = len(chunks(settings))
    slots, lengths = (graph / "data_level0.bin").read_bytes(), (graph / "length.bin").read_bytes()
    slot_bytes = len(slots) // (len(lengths) // 4)
    assert len(slots) > count * slot_bytes and any(slots[: count * slot_bytes])
    assert not any(slots[count * slot_bytes :]) and not any(lengths[count * 4 :])


def test_a_purge_forgets_the_embeddings_of_texts_that_are_gone(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(ingested.folders.docs_dir, OKAPI)
    run(ingested, embedder)
    assert run(ingested, embedder, purge=True).embedded == 0
    write_docs(ingested.folders.docs_dir, PAGES)
    assert run(ingested, embedder).embedded == 1


def test_a_rebuild_keeps_the_generation_before_and_the_embeddings(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(ingested.folders.docs_dir, OKAPI)
    run(ingested, embedder, rebuild=True)
    assert sorted(folder.name for folder in (ingested.folders.index_dir / "generations").iterdir()) == ["1", "2"]
    write_docs(ingested.folders.docs_dir, PAGES)
    assert run(ingested, embedder).embedded == 0
