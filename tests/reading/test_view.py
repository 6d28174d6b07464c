"""The view of a page: raw lines that are exactly those of the file, what is marked, and notes on other generations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.text.offsets import line_of, line_starts
from footnote.app.reading.library import Library
from footnote.app.reading.lines import Cited
from footnote.app.reading.view import Asked, view
from tests.reading.conftest import Publish, publisher
from tests.reading.shown import elements_of, marked_lines, marked_text, raw_lines

PAGE = "---\ntitle: T\n---\n# Head\n\n## Below\n\nOne.\nTwo.\n"


def text_of(page: str, tag: str, **attributes: str) -> list[str]:
    wanted = attributes.items()
    return [one.text for one in elements_of(page) if one.tag == tag and wanted <= one.attributes.items()]


def test_it_shows_the_page_and_its_lines(library: Library, publish: Publish) -> None:
    publish({"a/b.md": PAGE.encode()})
    page = view(library, Asked("a/b.md", 1, Cited(8, 8)))
    assert marked_text(page) == ["One."]
    assert marked_lines(page) == {8: "One."}
    assert list(raw_lines(page).values()) == PAGE.split("\n")
    assert text_of(page, "h1") == ["Title of a/b.md"]
    assert text_of(page, "p", **{"class": "above"}) == ["Head › Below"]
    assert text_of(page, "title") == ["Title of a/b.md - a/b.md"]
    assert "a/b.md, line 8 · generation 1" in text_of(page, "header")[0]
    assert not text_of(page, "p", role="note")
    links = {one.text: one.attributes["href"] for one in elements_of(page) if one.tag == "a"}
    assert links == {
        "Skip to the cited lines": "#cited",
        "Page": "#cited",
        "Lines": "#L8",
        "Raw file": "/files/1/a/b.md",
    }
    assert "title: T" not in text_of(page, "article")[0]


def test_without_lines_nothing_is_marked(library: Library, publish: Publish) -> None:
    publish({"a.md": PAGE.encode()})
    page = view(library, Asked("a.md"))
    assert marked_lines(page) == {} and marked_text(page) == []
    assert 'href="#page"' in page


def test_lines_in_the_front_matter_are_marked_among_the_lines(library: Library, publish: Publish) -> None:
    publish({"a.md": PAGE.encode()})
    page = view(library, Asked("a.md", None, Cited(2, 2)))
    assert marked_lines(page) == {2: "title: T"} and marked_text(page) == []
    assert (
        elements_of(page)[elements_of(page).index(next(e for e in elements_of(page) if e.tag == "a"))].attributes[
            "href"
        ]
        == "#L2"
    )


@pytest.mark.parametrize(
    ("now", "said", "link"),
    [
        ({"a.md": PAGE}, "The page is the same there", "/view/a.md?lines=8#L8"),
        ({"a.md": "edited"}, "The page was changed since", "/view/a.md"),
        ({"b.md": PAGE}, "The page has another name there", "/view/b.md?lines=8#L8"),
        ({"b.md": "other"}, "The page is not there any more.", None),
    ],
)
def test_another_generation_than_the_live_one_says_so(
    library: Library, publish: Publish, now: dict[str, str], said: str, link: str | None
) -> None:
    publish({"a.md": PAGE.encode()})
    publish({path: text.encode() for path, text in now.items()})
    page = view(library, Asked("a.md", 1, Cited(8, 8)))
    (note,) = (one for one in elements_of(page) if one.attributes.get("role") == "note")
    assert note.text.startswith("This is generation 1; generation 2 is live.")
    assert said in note.text
    links = [one.attributes["href"] for one in elements_of(page) if one.tag == "a" and note in one.ancestors]
    assert links == ([link] if link else [])
    assert marked_lines(page) == {8: "One."}


def test_links_of_the_page_stay_in_its_generation_and_below_the_root(library: Library, publish: Publish) -> None:
    publish({"a.md": b"[b](b.md) [w](https://example.com) [x](missing.md)", "b.md": b"b"})
    page = view(library, Asked("a.md"), "/help")
    links = {one.text: one.attributes["href"] for one in elements_of(page) if one.tag == "a"}
    assert links["b"] == "/help/view/b.md?generation=1"
    assert links["w"] == "https://example.com"
    assert links["Raw file"] == "/help/files/1/a.md"
    assert "x" not in links
    assert 'href="/help/reading.css"' in page


def test_what_is_no_markdown_is_shown_as_lines(library: Library, publish: Publish) -> None:
    publish({"a.txt": b"# no heading\n<b>"})
    page = view(library, Asked("a.txt", None, Cited(1, 1)))
    assert "article" not in {one.tag for one in elements_of(page)}
    assert raw_lines(page) == {1: "# no heading", 2: "<b>"}


HOSTILE_LINES = [
    "</code></li></ol><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!-- ",
    "&lt;b&gt;",
    "a \u202edlrow\u202c b",
    "\u2066\u2069\x1b[31m\x00",
    "לשון עברית and latin",
]


def test_raw_lines_are_text_and_turned_directions_are_seen(library: Library, publish: Publish) -> None:
    publish({"a.md": "\n".join(HOSTILE_LINES).encode()})
    shown = raw_lines(view(library, Asked("a.md")))
    assert [shown[number] for number in (1, 2, 3, 4, 7)] == [HOSTILE_LINES[number] for number in (0, 1, 2, 3, 6)]
    assert shown[5] == "a U+202EdlrowU+202C b"
    assert shown[6] == "U+2066U+2069U+001B[31mU+0000"


def test_a_hostile_title_and_path_are_text(library: Library, publish: Publish) -> None:
    path = "\"><script>alert(1)</script>/'&?#%.md"
    publish({path: b"x"})
    page = view(library, Asked(path, None, Cited(1, 1)))
    assert "script" not in {one.tag for one in elements_of(page)}
    assert text_of(page, "h1") == [f"Title of {path}"]


@given(
    st.lists(st.text(st.sampled_from("aé漢🦊 \t#`*<&-|>[]()_\u202e")), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_marked_lines_are_those_on_which_a_quote_lies(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    text = end.join(lines)
    folder = tmp_path_factory.mktemp("index") / "index"
    publisher(folder)({"a.md": text.encode()})
    starts = line_starts(text)
    for start in range(0, len(text), 3):
        stop = min(len(text), start + 5)
        first, last = line_of(starts, start) + 1, line_of(starts, max(start, stop - 1)) + 1
        page = view(Library(folder), Asked("a.md", 1, Cited(first, last)))
        shown = marked_lines(page)
        assert list(shown) == list(range(first, last + 1))
        whole = [lines[number - 1].replace("\u202e", "U+202E") for number in shown] if lines else [""]
        assert list(shown.values()) == whole


def test_a_long_page_is_shown_in_parts_around_what_is_cited(library: Library, publish: Publish) -> None:
    lines = [f"Line {number}." for number in range(1, 40_001)]
    publish({"a.md": "\n".join(lines).encode()})
    page = view(library, Asked("a.md", 1, Cited(30_000, 30_001)))
    assert marked_lines(page) == {30_000: "Line 30000.", 30_001: "Line 30001."}
    assert len(raw_lines(page)) == 5_000
    assert "Lines 29,800 to 34,799 of 40,000" in text_of(page, "p", **{"class": "turning"})[0]
    links = {one.text: one.attributes["href"] for one in elements_of(page) if one.tag == "a"}
    assert links["Lines before"] == "/view/a.md?generation=1&lines=30000-30001&from=24800#lines"
    assert links["Lines after"] == "/view/a.md?generation=1&lines=30000-30001&from=34800#lines"
    assert "article" not in {one.tag for one in elements_of(page)}


@pytest.mark.parametrize(
    "raw",
    [
        b"a " * 5_000_000,
        b"\n" * 10_000_000,
        b"[" * 249_000,
        b"- a\n" * 62_000,
        b"|" * 124_000 + b"\n" + b"|-" * 62_000,
        b"1. - > - a\n" * 9_900,
        b"> " * 120_000,
    ],
    ids=["one long line", "many empty lines", "brackets", "list", "wide table", "nested lists", "quotes"],
)
def test_the_size_of_a_view_is_bounded(library: Library, publish: Publish, raw: bytes) -> None:
    publish({"a.md": raw})
    page = view(library, Asked("a.md", 1, Cited(1, 2)))
    assert len(page) < 12_000_000
    assert 1 in marked_lines(page)
