"""What stands in a generation's folder: counts as tantivy has them, whatever was added and removed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.types import Chunk
from footnote.app.index.documents import lexical_document
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.milvus.vocabulary import Vocabulary, write_vocabulary
from tests.builders import make_chunk

TEXTS = {
    "a": ("Backups of the relay are copied.", "en", "ops/backup.md"),
    "b": ("Die Sicherungen der Dateien werden kopiert.", "de", "größe.md"),
    "c": ("The relay listens; `relay_port` says where the relays listen.", "en", "ports.md"),
    "d": ("", "en", "ports.md"),
}
TERMS = ("relay", "backup", "sicher", "copi", "kopiert", "relay_port", "port", "die", "absent", "' or 1")


def chunk(name: str) -> Chunk:
    text, language, path = TEXTS[name]
    return replace(make_chunk(text, path), id=name * 32, language=language)


def written(folder: Path, added: Sequence[Chunk], base: Path | None = None, removed: Sequence[Chunk] = ()) -> Path:
    write_vocabulary(folder, base, map(lexical_document, removed), map(lexical_document, added))
    return folder


def assert_as_tantivy(folder: Path, chunks: Sequence[Chunk], reference: Path) -> None:
    vocabulary, index = Vocabulary(folder), TantivyIndex.build(reference, chunks)
    assert vocabulary.chunks == index.count()
    for term in TERMS:
        found = vocabulary.term(term)
        assert (found.chunks if found else 0) == index.chunks_with(term), term
        for distance in (1, 2):
            assert vocabulary.has_near(term, distance) == index.has_near(term, distance), term
    for near in ("realy", "relyas", "sichr", "prot", "zzzz"):  # two letters swapped are one change
        for distance in (1, 2):
            assert vocabulary.has_near(near, distance) == index.has_near(near, distance), near
    vocabulary.close()


def test_counts_and_spellings_are_those_of_tantivy_after_each_change(tmp_path: Path) -> None:
    first = written(tmp_path / "1", [chunk("a"), chunk("b")])
    assert_as_tantivy(first, [chunk("a"), chunk("b")], tmp_path / "t1")
    second = written(tmp_path / "2", [chunk("c"), chunk("d")], first, [chunk("b")])
    assert_as_tantivy(second, [chunk("a"), chunk("c"), chunk("d")], tmp_path / "t2")
    assert Vocabulary(second).languages == ["en"]
    assert Vocabulary(second).files().condition(["ports.md"]) == "file in [1]"
    third = written(tmp_path / "3", [chunk("b")], second, [chunk("c"), chunk("d")])
    assert_as_tantivy(third, [chunk("a"), chunk("b")], tmp_path / "t3")


def test_many_terms_are_looked_up_at_once(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(1_200))
    vocabulary = Vocabulary(written(tmp_path / "v", [make_chunk(words)]))
    asked = [f"word{number}" for number in range(1_200)] + ["absent"]
    assert len(vocabulary.numbers_of(asked)) == 1_200


@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_damaged_one_is_told(tmp_path: Path, damage: str) -> None:
    folder = written(tmp_path / "v", [chunk("a")])
    words = folder / "words.sqlite3"
    words.unlink()
    if damage == "garbage":
        words.write_bytes(b"garbage" * 500)
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        Vocabulary(folder)
    with pytest.raises(IndexDamagedError, match="--rebuild"):
        written(tmp_path / "w", [], folder)
