"""What every store must do, whatever it is made of: seen through an ingest and an opened index."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import IndexMismatchError
from footnote.app.core.settings import Settings
from footnote.app.index.filters import QueryFilter
from footnote.app.index.generations import Generations
from footnote.app.index.reader import Index, open_index
from footnote.app.index.seam import Store
from footnote.ingest.commands.check import check
from tests.ingest.contents import Contents, Memoised, assert_same, quiet_ingest, read_contents

SCORES = 1e-5  # relative: weights of a store may be float32
TIED = "# Tied\n\nThe quagga stands in the meadow.\n"
PAGES = {
    "guides/backup.md": "---\ntags: [ops]\n---\n# Backups\n\nStop the relay, then copy its data folder.\n\n"
    "## Restore\n\nCopy the folder back and run `relay import --no-cache`.\n",
    "guides/install.md": "# Install the agent\n\nOn Linux: `apt install relay-agent`.\n\n## Upgrade\n\nRun it again.\n",
    "größe.md": "---\ntags: [ops, data]\n---\n# Größe\n\nDie Größe der 漢字 Tabelle ist 10 MB.\n",
    "ports.md": "# Ports\n\nThe relay listens on port 7070. Only admins may change `RELAY_PORT`.\n",
    "tied/a.md": TIED,
    "tied/b.md": TIED,
    "tied/c.md": TIED,
}
# Each step is an ingest: a page's new text, or None where it is deleted.
STEPS: Sequence[Mapping[str, str | None]] = (
    {"ports.md": "# Ports\n\nThe relay listens on port 9090 now.\n", "new.md": "# New\n\nA zebra came.\n"},
    {"tied/b.md": None, "guides/backup.md": "Intro.\n\n" + PAGES["guides/backup.md"].partition("---\n")[2]},
    {"guides/install.md": PAGES["guides/install.md"].replace("# Install the agent", "# Set up the agent")},
    {"new.md": None, "tied/b.md": TIED, "copy.md": PAGES["guides/install.md"]},
)


@pytest.fixture
def ingested(settings: Settings, memoised: Memoised) -> Settings:
    change(settings, PAGES)
    quiet_ingest(settings, memoised)
    return settings


@pytest.fixture
def index(ingested: Settings, store: Store) -> Iterator[Index]:
    with closing(opened(ingested, store)) as index:
        yield index


def opened(settings: Settings, store: Store) -> Index:
    return open_index(settings.folders.index_dir, store=store)


def change(settings: Settings, pages: Mapping[str, str | None]) -> None:
    for path, text in pages.items():
        file = settings.folders.docs_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text, "utf-8")


def embedded_build(settings: Settings, memoised: Memoised, folder: Path) -> Contents:
    """What the embedded store holds of the same docs, built from nothing."""
    quiet_ingest(settings.changed(store="embedded", index_dir=folder), memoised)
    return read_contents(folder, memoised)


def test_after_every_edit_it_holds_and_finds_what_a_fresh_embedded_index_does(
    ingested: Settings, store: Store, memoised: Memoised, tmp_path: Path
) -> None:
    for number, step in enumerate(({}, *STEPS)):
        change(ingested, step)
        report = quiet_ingest(ingested, memoised)
        assert report.rebuilt_because is None
        contents = read_contents(ingested.folders.index_dir, memoised, store)
        assert_same(contents, embedded_build(ingested, memoised, tmp_path / f"fresh-{number}"), SCORES)
        assert check(ingested, lambda *_: None).drifts == ()


def test_a_rebuild_holds_the_same(ingested: Settings, store: Store, memoised: Memoised) -> None:
    before = read_contents(ingested.folders.index_dir, memoised, store)
    report = quiet_ingest(ingested, memoised, rebuild=True)
    after = read_contents(ingested.folders.index_dir, memoised, store)
    assert report.published and after.generation == before.generation + 1
    assert_same(after, before, SCORES)


def test_what_is_open_answers_as_before_whatever_is_published(
    ingested: Settings, store: Store, memoised: Memoised
) -> None:
    embedding = memoised.embed_query("zebra")
    with closing(opened(ingested, store)) as old:

        def found() -> object:
            hits = old.lexical.search("the relay port", 5), old.vectors.search(embedding, 5)
            return hits, old.chunks.get([hit.chunk_id for several in hits for hit in several]), old.chunks.count()

        before = found()
        for step in STEPS:
            change(ingested, step)
            quiet_ingest(ingested, memoised)
            assert found() == before
        with closing(opened(ingested, store)) as new:
            assert new.generation == old.generation + len(STEPS)
            assert new.lexical.search("9090", 1) != old.lexical.search("9090", 1) == []


def test_an_ingest_that_fails_in_the_middle_publishes_nothing_and_the_next_one_is_whole(
    ingested: Settings, store: Store, memoised: Memoised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_contents(ingested.folders.index_dir, memoised, store)
    change(ingested, STEPS[0])

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("footnote.ingest.write.write_manifest", fail)
        quiet_ingest(ingested, memoised)
    assert_same(read_contents(ingested.folders.index_dir, memoised, store), before, SCORES)
    quiet_ingest(ingested, memoised)
    after = read_contents(ingested.folders.index_dir, memoised, store)
    assert_same(after, embedded_build(ingested, memoised, tmp_path / "fresh"), SCORES)


def test_a_rollback_answers_as_before(ingested: Settings, store: Store, memoised: Memoised) -> None:
    before = read_contents(ingested.folders.index_dir, memoised, store)
    change(ingested, STEPS[0])
    quiet_ingest(ingested, memoised)
    generations = Generations(ingested.folders.index_dir, store)
    with generations.lock():
        generations.roll_back()
    assert_same(read_contents(ingested.folders.index_dir, memoised, store), before)


def test_a_purge_leaves_one_generation(ingested: Settings, store: Store, memoised: Memoised) -> None:
    change(ingested, {"ports.md": None})
    quiet_ingest(ingested, memoised, purge=True)
    assert len(Generations(ingested.folders.index_dir, store).complete()) == 1
    with closing(opened(ingested, store)) as index:
        assert index.lexical.search("7070", 5) == []
        assert index.chunks.chunks_with("7070") == 0
        assert all("7070" not in chunk.text for chunk in index.chunks.all_chunks())


def test_a_filter_restricts_both_searches_before_the_cut(index: Index, memoised: Memoised) -> None:
    selection = index.select(QueryFilter(path="tied/b.md"))
    assert selection
    [best] = index.lexical.search("relay", 1)
    assert index.chunks.get([best.chunk_id])[best.chunk_id].path not in selection.allowed
    lexical = index.lexical.search("quagga", 1, selection.allowed)
    vector = index.vectors.search(memoised.embed_query("relay"), 1, selection)
    for [hit] in (lexical, vector):
        assert index.chunks.get([hit.chunk_id])[hit.chunk_id].path == "tied/b.md"
    assert index.lexical.search("relay", 5, selection.allowed) == []
    assert index.lexical.search("relay", 5, []) == []


def test_a_filter_with_many_paths_is_no_other_filter(index: Index, memoised: Memoised) -> None:
    """By the paths that are allowed or by the others: whichever are fewer."""
    embedding = memoised.embed_query("How is the agent installed?")
    for path in ("guides/", "tied/", "größe.md"):
        selection = index.select(QueryFilter(path=path))
        assert selection
        turned = selection._replace(allowed=selection.others, others=selection.allowed)
        found = index.vectors.search(embedding, 50, selection)
        rest = index.vectors.search(embedding, 50, turned)
        assert len(found) + len(rest) == index.chunks.count()
        assert {hit.chunk_id for hit in found}.isdisjoint(hit.chunk_id for hit in rest)


def test_equal_scores_come_by_id_those_of_bm25_also_where_the_list_is_cut(index: Index, memoised: Memoised) -> None:
    tied = sorted(chunk.id for chunk in index.chunks.all_chunks() if chunk.path.startswith("tied/"))
    assert len(tied) == 3
    embedding = memoised.embed_documents([index.chunks.get(tied[:1])[tied[0]].index_text])[0]
    for top_k in (1, 2, 3):
        assert [hit.chunk_id for hit in index.lexical.search("quagga", top_k)] == tied[:top_k]
        nearest = [hit.chunk_id for hit in index.vectors.search(embedding, top_k)]
        assert nearest == sorted(nearest) and set(nearest) <= set(tied)
    assert len({hit.score for hit in index.lexical.search("quagga", 3)}) == 1


def test_vector_scores_are_cosines(index: Index, memoised: Memoised) -> None:
    question = memoised.embed_query("Which port does the relay listen on?")
    cosines = {chunk_id: float(np.dot(vector, question)) for chunk_id, _, vector in index.vectors.rows()}
    hits = index.vectors.search(question, 50)
    assert len(hits) == index.vectors.count() == len(cosines)
    np.testing.assert_allclose([hit.similarity for hit in hits], [cosines[hit.chunk_id] for hit in hits], atol=1e-5)


def test_chunks_come_back_as_they_went_in_and_unknown_ids_not(index: Index) -> None:
    chunks = list(index.chunks.all_chunks())
    assert len(chunks) == index.chunks.count() == index.manifest.chunks
    assert index.chunks.get([chunk.id for chunk in chunks] + ["unknown", "' or 1 == 1"]) == {c.id: c for c in chunks}
    assert index.chunks.get([]) == {}


def test_terms_are_counted_found_together_and_found_nearly(index: Index) -> None:
    chunks = index.chunks
    assert chunks.chunks_with("quagga") == 3
    assert chunks.chunks_with("absent") == 0
    assert {chunk.path for chunk in chunks.with_all(["relay", "port"], 5) or ()} == {"ports.md"}
    assert chunks.with_all(["quagga"], 3) is not None
    assert chunks.with_all(["quagga"], 2) is None
    assert chunks.with_all(["relay", "absent"], 5) == []
    assert chunks.has_near("quagga", 1) and chunks.has_near("quaga", 1) and chunks.has_near("quga", 2)
    assert not chunks.has_near("zyxwv", 1)


def test_questions_without_a_known_term_or_room_find_nothing(index: Index) -> None:
    for question in ("", "?!", "absent", "\x00", "' or 1 == 1", '" || true', "%"):
        assert index.lexical.search(question, 5) == []


def test_an_index_is_not_looked_for_in_another_store(ingested: Settings, store: Store) -> None:
    manifest = ingested.folders.index_dir / "generations" / "1" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(f'"store": "{store.kind}"', '"store": "another"'), "utf-8")
    with pytest.raises(IndexMismatchError, match="FOOTNOTE_STORE"):
        opened(ingested, store)
