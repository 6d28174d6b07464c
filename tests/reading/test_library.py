import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError, IndexMissingError, PageUnknownError
from footnote.app.index.generations import Generations
from footnote.app.reading.library import Library
from tests.reading.conftest import Publish

FIRST = {"a.md": b"# A\n", "b/c.md": "größe\r\n".encode(), "same.md": b"same"}


def test_each_kept_generation_gives_its_own_bytes(library: Library, publish: Publish) -> None:
    publish(FIRST)
    publish({**FIRST, "a.md": b"# A, edited\n"})
    assert library.live() == 2
    assert library.read(*library.find("a.md", 1)) == b"# A\n"
    assert library.read(*library.find("a.md", 2)) == b"# A, edited\n"
    assert library.read(*library.find("a.md")) == b"# A, edited\n"
    assert library.read(*library.find("b/c.md", 1)) == FIRST["b/c.md"]


@pytest.mark.parametrize(
    ("path", "generation"), [("z.md", 1), ("", None), ("../a.md", 1), ("/a.md", 1), ("./a.md", 1), ("a.md", 7)]
)
def test_what_is_in_no_generation_is_unknown(
    library: Library, publish: Publish, path: str, generation: int | None
) -> None:
    publish(FIRST)
    with pytest.raises(PageUnknownError):
        library.find(path, generation)


def test_a_generation_that_was_removed_is_unknown(library: Library, publish: Publish) -> None:
    publish(FIRST)
    shelf, page = library.find("a.md", 1)
    publish({**FIRST, "a.md": b"2"})
    assert library.read(*library.find("a.md", 1)) == b"# A\n"
    publish({**FIRST, "a.md": b"3"})
    with pytest.raises(PageUnknownError, match="generation 1 is not kept: only the live one \\(3\\)"):
        library.find("a.md", 1)
    with pytest.raises(PageUnknownError):
        library.read(shelf, page)


def test_an_index_that_was_deleted_and_built_again_is_another_one(
    library: Library, publish: Publish, index_dir: Path
) -> None:
    publish(FIRST)
    assert library.read(*library.find("a.md", 1)) == b"# A\n"
    shutil.rmtree(index_dir)
    publish({"a.md": b"of another folder"})
    assert library.read(*library.find("a.md", 1)) == b"of another folder"
    with pytest.raises(PageUnknownError):
        library.find("b/c.md", 1)


def test_no_index_is_said_as_everywhere(library: Library) -> None:
    with pytest.raises(IndexMissingError, match="run `footnote ingest` first"):
        library.find("a.md")


def test_an_index_of_the_format_before_says_to_ingest_again(
    library: Library, publish: Publish, as_older_format: Callable[[int], None]
) -> None:
    publish(FIRST)
    as_older_format(1)
    with pytest.raises(IndexDamagedError, match="has format 6.*run `footnote ingest`, which builds it anew"):
        library.find("a.md")


def test_missing_bytes_are_damage_and_not_an_unknown_page(library: Library, publish: Publish, index_dir: Path) -> None:
    publish(FIRST)
    shutil.rmtree(Generations(index_dir).folder(1) / "pages")
    with pytest.raises(IndexDamagedError):
        library.read(*library.find("a.md"))


@pytest.mark.parametrize(
    ("path", "fate", "now"),
    [
        ("same.md", "same", "same.md"),
        ("a.md", "changed", "a.md"),
        ("b/c.md", "moved", "new.md"),
        ("d.md", "gone", None),
    ],
)
def test_what_became_of_a_page(library: Library, publish: Publish, path: str, fate: str, now: str | None) -> None:
    publish({**FIRST, "d.md": b"d"})
    publish({"same.md": b"same", "a.md": b"edited", "new.md": FIRST["b/c.md"]})
    since = library.since(library.find(path, 1)[1])
    assert (since.live, since.fate, since.path) == (2, fate, now)


def test_only_a_few_lists_of_pages_are_kept_in_memory(library: Library, publish: Publish) -> None:
    for number in range(6):
        publish({"a.md": b"%d" % number})
        library.find("a.md")
    assert len(library._shelves) == 3
