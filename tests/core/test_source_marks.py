import pytest

from footnote.app.core.pages.source_marks import count_marks, mark, place_at, places_in, source_of

IMPORTED = {"source": "a.pdf", "source_sha256": "0" * 64, "imported_by": "footnote import 1, x 1"}
TEXT = "intro\n\n<!-- page 1 -->\n\none\n\n<!-- page 12 -->\r\n\ntwelve\n\n<!-- slide 3 -->\n"


def test_a_character_stands_in_the_part_whose_mark_is_above_it() -> None:
    places = places_in(TEXT, IMPORTED)
    said = {word: place_at(places, TEXT.index(word)) for word in ("intro", "one", "twelve")}
    assert said == {"intro": "", "one": "page 1", "twelve": "page 12"}
    assert place_at(places, len(TEXT)) == "slide 3"


@pytest.mark.parametrize("line", ["x <!-- page 2 -->", "<!-- page 2 --> x", "<!-- page 0 -->", "<!--page 2-->"])
def test_what_is_no_mark_on_a_line_of_its_own_is_none(line: str) -> None:
    assert places_in(f"{line}\n", IMPORTED) == ()


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"source": "a.pdf"},
        {**IMPORTED, "source_sha256": "no hash"},
        {**IMPORTED, "source": ["a.pdf"]},
        {name: value for name, value in IMPORTED.items() if name != "imported_by"},
    ],
)
def test_a_page_that_was_not_imported_has_no_source_and_no_places(metadata: dict[str, object]) -> None:
    assert source_of(metadata) == ""
    assert places_in(TEXT, metadata) == ()


def test_marks_that_were_written_are_read() -> None:
    assert source_of(IMPORTED) == "a.pdf"
    assert [place.name for place in places_in(f"{mark('sheet', 7)}\n", IMPORTED)] == ["sheet 7"]
    assert count_marks(TEXT, "page") == 2
