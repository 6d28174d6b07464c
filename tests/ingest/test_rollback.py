"""Back to the generation before, and on from there."""

import re
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.embedded.store import EmbeddedStore
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import Manifest
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, chunks, run, search

OKAPI = {"guides/backup.md": "---\ntitle: Backups\n---\nA weekly okapi is enough.\n"}


@pytest.fixture
def generations(ingested: Settings, embedder: Embedder, write_docs: WriteDocs) -> Generations:
    """Two generations: of the zebra and of the okapi."""
    write_docs(ingested.folders.docs_dir, OKAPI)
    run(ingested, embedder)
    return Generations(ingested.folders.index_dir)


def numbers(generations: Generations) -> list[int]:
    return sorted(int(folder.name) for folder in (generations.index_dir / "generations").iterdir())


def test_going_back_makes_the_generation_before_live_and_removes_none(
    generations: Generations, ingested: Settings, embedder: Embedder
) -> None:
    assert len(search(ingested, embedder, "okapi").lexical) == 1
    assert generations.roll_back() == 1
    assert (generations.live(), (generations.index_dir / "CURRENT").read_text()) == (1, "1\n")
    assert (search(ingested, embedder, "okapi").lexical, len(search(ingested, embedder, "zebra").lexical)) == ((), 1)
    assert numbers(generations) == [1, 2]


def test_there_is_nothing_before_the_oldest(generations: Generations) -> None:
    generations.roll_back()
    message = re.escape(f"generation 1 is the oldest in {generations.index_dir}: there is none to go back to")
    with pytest.raises(IndexMissingError, match=message):
        generations.roll_back()
    assert generations.live() == 1


def test_going_forward_makes_the_newest_live_again(
    generations: Generations, ingested: Settings, embedder: Embedder
) -> None:
    generations.roll_back()
    assert (generations.roll_forward(), generations.live()) == (2, 2)
    assert len(search(ingested, embedder, "okapi").lexical) == 1
    with pytest.raises(IndexMissingError, match="generation 2 is the newest"):
        generations.roll_forward()


def test_after_a_rollback_and_an_ingest_the_new_one_is_the_newest(
    generations: Generations, ingested: Settings, embedder: Embedder
) -> None:
    generations.roll_back()
    run(ingested, embedder)
    assert generations.complete() == [1, 3]
    generations.make_live(1)
    assert generations.roll_forward() == 3


def test_only_a_complete_generation_can_be_made_live(generations: Generations) -> None:
    (generations.folder(1) / "lease").unlink()
    assert generations.complete() == [2]
    with pytest.raises(IndexMissingError, match=r"generation 1 is not in .*: there is 2$"):
        generations.make_live(1)
    assert generations.live() == 2


def test_without_an_index_there_is_nothing_to_go_back_from(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="run `footnote ingest` first"):
        Generations(tmp_path / "none").roll_back()


def test_the_next_ingest_goes_on_from_the_docs_and_takes_a_new_number(
    generations: Generations, ingested: Settings, embedder: Embedder
) -> None:
    of_okapi = chunks(ingested)
    generations.roll_back()
    report = run(ingested, embedder)
    assert (report.manifest.generation, report.embedded, report.plan.changed) == (3, 0, ("guides/backup.md",))
    assert chunks(ingested) == of_okapi
    # What was live before stays to go back to; the one that was rolled back is gone.
    assert numbers(generations) == [1, 3]
    assert generations.roll_back() == 1


def test_an_ingest_of_the_docs_as_they_were_keeps_the_generation_that_was_gone_back_to(
    generations: Generations, ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    generations.roll_back()
    write_docs(ingested.folders.docs_dir, PAGES)
    report = run(ingested, embedder)
    assert (report.published, report.manifest.generation) == (False, 1)


def test_it_is_not_possible_to_go_back_to_a_generation_that_cannot_be_read(generations: Generations) -> None:
    """What a purge that was killed left of it, or one of another format."""
    (generations.folder(1) / "manifest.json").unlink()
    with pytest.raises(IndexMissingError, match="there is none to go back to"):
        generations.roll_back()
    assert generations.live() == 2


class Emptied(EmbeddedStore):
    """A store whose server has lost its data."""

    def require(self, folder: Path, manifest: Manifest) -> None:
        raise IndexDamagedError("the server lacks a collection: run `footnote ingest --rebuild`")


def test_a_generation_whose_chunks_are_gone_or_elsewhere_is_not_made_live(generations: Generations) -> None:
    generations.roll_back()
    emptied = Generations(generations.index_dir, Emptied())
    elsewhere = Generations(
        generations.index_dir, make_store(load_settings(None, store="chroma:http://127.0.0.1:9").store)
    )
    for refused in (emptied.roll_forward, lambda: emptied.make_live(2)):
        with pytest.raises(IndexDamagedError, match="lacks a collection"):
            refused()
    with pytest.raises(IndexMismatchError, match="FOOTNOTE_STORE=embedded, and the setting is chroma now"):
        elsewhere.roll_forward()
    assert generations.live() == 1
    generations.roll_forward()
    with pytest.raises(IndexDamagedError, match="lacks a collection"):
        emptied.roll_back()
    assert generations.live() == 2
