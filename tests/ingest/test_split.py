import hashlib
from collections.abc import Sequence

import pytest

from footnote.app.core.types import Anchors, Chunk, Metadata, Part
from footnote.ingest.split import split_document
from footnote.ingest.types import Document


def document_of(
    raw: str | bytes,
    path: str = "guides/page.md",
    body_start: int = 0,
    title: str | None = None,
    metadata: Metadata | None = None,
) -> Document:
    raw = raw.encode() if isinstance(raw, str) else raw
    return Document(path, raw, body_start, title, metadata or {}, hashlib.sha256(raw).hexdigest(), 0)


def split(raw: str | bytes, size_chars: int = 1000, overlap_chars: int = 0) -> list[Chunk]:
    return split_document(document_of(raw), size_chars, overlap_chars)


def texts(chunks: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def words(first: int, last: int) -> str:
    """`word01 word02 ...`, so that a cut is seen."""
    return " ".join(f"word{number:02}" for number in range(first, last))


def test_a_chunk_cites_bytes_and_lines_of_the_file_on_disk() -> None:
    raw = "\ufeff---\r\ntitle: Über\r\n---\r\n\r\n# Größe\r\n\r\nEin Füllhorn.\r\nZwei.\r\n\r\n".encode()
    body_start = raw.index(b"\r\n\r\n#")
    [chunk] = split_document(document_of(raw, body_start=body_start + 2, title="Über", metadata={"title": "Über"}))
    assert chunk == Chunk(
        id=chunk.id,
        path="guides/page.md",
        title="Über",
        heading_path=("Größe",),
        start_line=5,
        end_line=8,
        start=raw.index(b"# Gr"),
        end=raw.index(b"\r\n\r\n", raw.index(b"Zwei")),
        text="# Größe\r\n\r\nEin Füllhorn.\r\nZwei.",
        sha256=hashlib.sha256("# Größe\r\n\r\nEin Füllhorn.\r\nZwei.".encode()).hexdigest(),
        metadata={"title": "Über"},
        anchors=Anchors(
            github="größe",
            docusaurus="größe",
            vitepress="große",
            mkdocs="groe",
            pymdownx="größe",
            hugo="größe",
            jekyll="größe",
            sphinx="grosze",
            mystmd="gr-e",
            mdbook="größe",
        ),
        parts=(Part("sentence", 11, 24, 1), Part("sentence", 26, 31, 1)),
    )
    assert raw[chunk.start : chunk.end].decode() == chunk.text


@pytest.mark.parametrize("raw", ["", "\n", " \r\n\t\n", "\ufeff"])
def test_a_blank_document_has_no_chunks(raw: str) -> None:
    body_start = 3 if raw.startswith("\ufeff") else 0
    assert split_document(document_of(raw, body_start=body_start)) == []


def test_each_heading_begins_a_chunk_and_names_it() -> None:
    chunks = split("Intro.\n\n# A\n\na\n\n## B\n\nb\n\n### C\n\nc\n\n## D\n\nd\n\n# E\n\ne\n")
    assert [(chunk.text, chunk.heading_path) for chunk in chunks] == [
        ("Intro.", ()),
        ("# A\n\na", ("A",)),
        ("## B\n\nb", ("A", "B")),
        ("### C\n\nc", ("A", "B", "C")),
        ("## D\n\nd", ("A", "D")),
        ("# E\n\ne", ("E",)),
    ]


def test_a_skipped_heading_level_is_no_level_of_the_path() -> None:
    chunks = split("# A\n\na\n\n### C\n\nc\n\n## B\n\nb\n")
    assert [chunk.heading_path for chunk in chunks] == [("A",), ("A", "C"), ("A", "B")]


def test_a_heading_without_text_goes_with_the_deeper_heading_below_it() -> None:
    chunks = split("# A\n\n## B\n\nb\n\n## C\n\n## D\n\nd\n")
    assert [(chunk.text, chunk.heading_path) for chunk in chunks] == [
        ("# A\n\n## B\n\nb", ("A", "B")),
        ("## C", ("A", "C")),
        ("## D\n\nd", ("A", "D")),
    ]


def test_a_heading_in_a_fence_or_comment_is_no_heading() -> None:
    [chunk] = split("# A\n\n```sh\n# not a heading\n```\n\n<!--\n# nor this\n-->\n")
    assert chunk.heading_path == ("A",)


@pytest.mark.parametrize(
    ("raw", "front_matter_title", "title"),
    [
        ("# First\n\ntext\n\n# Second", "Named", "Named"),
        ("text\n\n## Two\n\n# First\n\n# Second", None, "First"),
        ("#\n\ntext\n\n# Second", None, "Second"),
        ("## Only deeper\n\ntext", None, "page"),
    ],
)
def test_the_title_is_front_matter_then_first_heading_then_file_name(
    raw: str, front_matter_title: str | None, title: str
) -> None:
    chunks = split_document(document_of(raw, title=front_matter_title))
    assert {chunk.title for chunk in chunks} == {title}


def test_paragraphs_are_packed_up_to_the_limit() -> None:
    one, two, three = (letter * 40 for letter in "abc")
    assert texts(split(f"{one}\n\n{two}\n\n{three}", 100)) == [f"{one}\n\n{two}", three]
    assert texts(split(f"{one}\n\n{two}\n\n{three}", 81)) == [one, two, three]
    assert texts(split(f"{one}\n\n{two}\n\n{three}", 124)) == [f"{one}\n\n{two}\n\n{three}"]


def test_a_heading_stays_with_its_first_block_up_to_a_quarter_over_the_limit() -> None:
    assert texts(split(f"# Title\n\n{'x' * 100}", 100)) == [f"# Title\n\n{'x' * 100}"]
    # ... but a heading that makes more than a quarter stands alone.
    assert texts(split(f"# {'t' * 30}\n\n{'x' * 100}", 100)) == [f"# {'t' * 30}", "x" * 100]


def test_the_overlap_begins_at_a_sentence() -> None:
    first = "Alpha is the first letter. Beta is the second letter. Gamma is the third."
    chunks = split(f"{first}\n\n{'x' * 60}", 120, 50)
    assert texts(chunks) == [first, f"Beta is the second letter. Gamma is the third.\n\n{'x' * 60}"]
    assert [(chunk.start_line, chunk.end_line) for chunk in chunks] == [(1, 1), (1, 3)]


def test_the_overlap_does_not_cut_a_fence() -> None:
    fence = "```\n" + "code\n" * 10 + "```"
    chunks = split(f"Before.\n\n{fence}\n\n{'x' * 60}", 100, 50)
    assert texts(chunks) == [f"Before.\n\n{fence}", "x" * 60]
    short = "```\ncode\n```"
    assert texts(split(f"{'y' * 80}\n\n{short}\n\n{'x' * 60}", 100, 50)) == [
        f"{'y' * 80}\n\n{short}",
        f"{short}\n\n{'x' * 60}",
    ]


def test_there_is_no_overlap_where_it_would_make_the_next_chunk_too_long() -> None:
    first = "Alpha is the first letter. Beta is the second letter. Gamma is the third."
    assert texts(split(f"{first}\n\n{'x' * 100}", 100, 50)) == [first, "x" * 100]
    # ... and less of it where only a part fits.
    assert texts(split(f"{first}\n\n{'x' * 70}", 100, 50)) == [first, f"Gamma is the third.\n\n{'x' * 70}"]


def test_the_overlap_does_not_cross_a_heading() -> None:
    chunks = split(f"# A\n\n{words(0, 6)}.\n\n# B\n\n{words(6, 12)}.", 100, 50)
    assert texts(chunks) == [f"# A\n\n{words(0, 6)}.", f"# B\n\n{words(6, 12)}."]


@pytest.mark.parametrize(
    "block",
    [
        "```\n\ncode one\n\n\ncode two\n```",
        "~~~~py\n```\n~~~~",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "- one\n\n    more of one\n    - deep",
        '!!! note "Title"\n\n    First.\n\n    Second.',
        ":::tip\n\nFirst.\n\nSecond.\n:::",
        '=== "Linux"\n\n    First.\n\n    Second.',
        "> quoted\n>\n> more",
        "    indented\n\n    code",
        "<dl><dt>One</dt>\n<dd>Two</dd></dl>",
    ],
)
def test_a_block_that_fits_is_not_cut(block: str) -> None:
    before, after = "x" * 90, "y" * 90
    assert texts(split(f"{before}\n\n{block}\n\n{after}", 100)) == [before, block, after]


def test_the_closing_line_stays_with_its_container() -> None:
    container = f":::tip\n{'x' * 90}\n:::"
    assert texts(split(f"before\n\n{container}\n\nafter", 101)) == ["before", container, "after"]


def test_a_list_is_cut_between_items() -> None:
    items = [f"{number}. {'x' * 40}\n   - {'y' * 20}" for number in (1, 2, 3)]
    assert texts(split("\n".join(items), 100)) == items


def test_the_items_of_a_list_are_packed_with_what_stands_before_it() -> None:
    raw = f"{'x' * 70}\n\n- one one one\n- two two two\n- three three"
    assert texts(split(raw, 100)) == [f"{'x' * 70}\n\n- one one one\n- two two two", "- three three"]


def test_an_item_that_does_not_fit_is_cut_between_its_parts() -> None:
    raw = f"- {'x' * 60}\n    - {'y' * 60}\n    - {'z' * 60}\n"
    assert texts(split(raw, 100)) == [f"- {'x' * 60}", f"    - {'y' * 60}", f"    - {'z' * 60}"]


def test_an_admonition_that_does_not_fit_is_cut_between_its_blocks() -> None:
    fence = "    ```\n    code\n\n    code\n    ```"
    raw = f'!!! note "Title"\n\n    {"x" * 60}\n\n{fence}\n'
    assert texts(split(raw, 100)) == [f'!!! note "Title"\n\n    {"x" * 60}', fence]


def test_a_fence_that_does_not_fit_is_cut_between_lines() -> None:
    lines = [f"line {number}: {'x' * 30}" for number in range(6)]
    raw = "```\n" + "\n".join(lines) + "\n```"
    assert texts(split(raw, 100)) == [
        "```\n" + "\n".join(lines[:2]),
        "\n".join(lines[2:4]),
        "\n".join(lines[4:]) + "\n```",
    ]


def test_cut_code_keeps_its_indentation() -> None:
    raw = "```\n" + "\n".join(f"    {letter * 70}" for letter in "abc") + "\n```"
    assert texts(split(raw, 100)) == [f"```\n    {'a' * 70}", f"    {'b' * 70}", f"    {'c' * 70}\n```"]


def test_a_table_that_does_not_fit_is_cut_between_rows() -> None:
    rows = [f"| {number} | {'x' * 40} |" for number in range(4)]
    raw = "\n".join(["| a | b |", "|---|---|", *rows])
    assert texts(split(raw, 120)) == [
        "\n".join(["| a | b |", "|---|---|", *rows[:2]]),
        "\n".join(rows[2:]),
    ]


def test_a_paragraph_that_does_not_fit_is_cut_between_sentences() -> None:
    sentences = [f"Sentence {letter} {'x' * 50}." for letter in "ABC"]
    assert texts(split(" ".join(sentences), 140)) == [" ".join(sentences[:2]), sentences[2]]


def test_a_sentence_that_does_not_fit_is_cut_between_words() -> None:
    assert texts(split(words(0, 20), 100)) == [words(0, 14), words(14, 20)]


def test_a_word_that_does_not_fit_is_cut_anywhere() -> None:
    assert texts(split("é" * 250, 100)) == ["é" * 100, "é" * 100, "é" * 50]


def test_link_definitions_and_comments_are_left_out() -> None:
    raw = "[a]: https://example.com\n\nText [a].\n\n<!-- note -->\n\n[b]: https://example.com"
    assert texts(split(raw)) == ["Text [a]."]


def test_the_same_text_twice_has_two_ids() -> None:
    chunks = split("# A\n\nsame\n\n# A\n\nsame\n")
    assert [chunk.text for chunk in chunks] == ["# A\n\nsame"] * 2
    assert chunks[0].id != chunks[1].id


def test_ids_depend_on_path_heading_and_text_alone() -> None:
    raw = "# A\n\none\n\n# B\n\ntwo\n"
    first = split_document(document_of(raw))
    moved = split_document(document_of("New intro.\n\n" + raw, title="Other", metadata={"a": 1}))
    assert [chunk.id for chunk in moved[1:]] == [chunk.id for chunk in first]
    elsewhere = split_document(document_of(raw, path="other.md"))
    assert {chunk.id for chunk in elsewhere}.isdisjoint(chunk.id for chunk in first)
    renamed = split("# C\n\none\n\n# B\n\ntwo\n")
    assert [chunk.id == old.id for chunk, old in zip(renamed, first, strict=True)] == [False, True]


def test_ids_are_the_ones_of_the_last_version() -> None:
    # A change of these makes every citation and every index of the past point nowhere.
    assert [chunk.id for chunk in split("# A\n\none\n\n## B\n\ntwo\n")] == [
        "ff00e630f770de879f563a05ae695653",
        "1b55e9abcf0199ee192e1d49c78da70e",
    ]


def test_a_breadcrumb_names_the_title_once() -> None:
    chunks = split("# Page\n\none\n\n## Part\n\ntwo\n")
    assert [chunk.breadcrumb for chunk in chunks] == ["Page", "Page > Part"]
    assert chunks[1].index_text == "Page > Part\n\n## Part\n\ntwo"


SMALL = "# Page\n\nOn pages.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n"


def test_small_sections_share_a_chunk_that_knows_where_each_begins() -> None:
    [chunk] = split_document(document_of(SMALL), small_chars=300)
    assert (chunk.text, chunk.heading_path) == (SMALL.rstrip(), ("Page",))
    assert [(one.start, one.heading_path) for one in chunk.sections] == [
        (0, ("Page",)),
        (SMALL.index("## One"), ("Page", "One")),
        (SMALL.index("## Two"), ("Page", "Two")),
    ]
    assert chunk.anchors.github == "page"
    second = SMALL.index("Second")
    assert chunk.breadcrumb_of(second) == "Page > Two"
    assert chunk.section_of(second)[1].github == "two"
    apart = chunk.apart()
    assert [(one.text, one.start_line, one.end_line) for one in apart] == [
        ("# Page\n\nOn pages.", 1, 3),
        ("## One\n\nFirst.", 5, 7),
        ("## Two\n\nSecond.", 9, 11),
    ]
    assert {one.id for one in apart} == {chunk.id}
    assert [len(one.parts) for one in apart] == [1, 1, 1]


def test_sections_side_by_side_have_in_common_what_is_above_both() -> None:
    raw = f"# Page\n\n{words(0, 60)}\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n"
    chunks = split_document(document_of(raw), size_chars=430, small_chars=300)
    assert [chunk.heading_path for chunk in chunks] == [("Page",), ("Page",)]
    assert [len(chunk.sections) for chunk in chunks] == [0, 2]
    assert chunks[1].anchors == Anchors()


@pytest.mark.parametrize("small_chars", [0, 100])
def test_a_section_that_is_not_small_keeps_a_chunk_of_its_own(small_chars: int) -> None:
    raw = "".join(f"## Part {name}\n\n{words(0, 20)}\n\n" for name in "ab")
    chunks = split_document(document_of(raw), small_chars=small_chars)
    assert [chunk.sections for chunk in chunks] == [(), ()]


def test_a_small_section_stays_alone_where_there_is_no_room_or_hidden_text_between() -> None:
    raw = f"## Long\n\n{words(0, 20)}\n\n## Small\n\nHere.\n"
    assert len(split_document(document_of(raw), size_chars=160, small_chars=300)) == 2
    hidden = "## One\n\nFirst.\n\n<!-- not yet -->\n\n## Two\n\nSecond.\n"
    assert len(split_document(document_of(hidden), small_chars=300)) == 2
