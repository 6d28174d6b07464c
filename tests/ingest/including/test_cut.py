"""What is shown of a file, in chunks: exact slices of it, in the section that shows it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import PLAIN
from footnote.app.core.pages.including.select import lines_of
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.types import Chunk, Include
from footnote.ingest.including.cut import chunks_of
from footnote.ingest.including.showing import Showing, ShownFile, ShownLines
from tests.ingest.including.conftest import Write
from tests.ingest.ingesting import look_ahead

FIRST = "import relay\n\n\ndef first():\n    relay.open(1)\n"
SECOND = "\n\ndef second():\n    relay.open(2)\n"


def cut(
    text: str, *shown: tuple[str, str, list[tuple[int, int]]], path: str = "a.py", size: int = 1_000
) -> list[Chunk]:
    """Each of `shown` is a page, a heading on it, and the lines that are shown below it."""
    lines = tuple(
        ShownLines(Showing(page, "Title", "en", Include("pymdownx", path, heading_path=(heading,))), tuple(runs))
        for page, heading, runs in shown
    )
    found = FoundFile(path, Path(path), len(text), 0, 0)
    rules = IngestSettings(_env_file=None, chunk_size_chars=size, chunk_overlap_chars=size // 5)
    return chunks_of(ShownFile(found, text, "", len(text.encode()), lines), rules, PLAIN)


def test_what_two_sections_show_is_there_once_below_the_one_that_shows_more() -> None:
    chunks = cut(FIRST + SECOND, ("a.md", "Part", [(3, 5)]), ("b.md", "Whole", [(0, 9)]))
    [chunk] = chunks
    assert (chunk.heading_path, chunk.included_by, chunk.context) == (("Whole",), ("b.md", "a.md"), "Part")
    assert (chunk.start_line, chunk.end_line, chunk.text) == (1, 9, (FIRST + SECOND).rstrip())


def test_lines_that_nobody_shows_are_in_no_chunk() -> None:
    chunks = cut(FIRST + SECOND, ("a.md", "First", [(3, 5)]), ("b.md", "Second", [(7, 9)]))
    assert [(chunk.text, chunk.heading_path, chunk.included_by) for chunk in chunks] == [
        ("def first():\n    relay.open(1)", ("First",), ("a.md",)),
        ("def second():\n    relay.open(2)", ("Second",), ("b.md",)),
    ]


def test_code_is_cut_between_blocks_where_it_can_be() -> None:
    functions = "\n\n".join(
        f"def function_{number}():\n    relay.open({number})\n\n    return {number}\n" for number in range(8)
    )
    chunks = cut(functions, ("a.md", "Code", [(0, functions.count("\n"))]), size=150)
    assert len(chunks) > 2
    assert all(chunk.text.startswith("def function_") and len(chunk.text) <= 150 for chunk in chunks)
    assert {(part.kind, part.fence, part.is_cut) for chunk in chunks for part in chunk.parts} == {
        ("code", "python", True)
    }


def test_markdown_is_cut_as_a_page_below_the_headings_that_show_it() -> None:
    text = "---\ntitle: P\n---\nBefore any heading, of some length, to stand alone.\n\n## Inner\n\nWithin.\n"
    chunks = cut(text, ("a.md", "Outer", [(0, 8)]), path="parts/a.md")
    assert [(chunk.heading_path, chunk.text.splitlines()[-1]) for chunk in chunks] == [
        (("Outer",), "Before any heading, of some length, to stand alone."),
        (("Outer", "Inner"), "Within."),
    ]
    assert {(chunk.title, chunk.included_by) for chunk in chunks} == {("Title", ("a.md",))}


TEXTS = st.text(st.sampled_from("ab é漢🦊\n\r\t #`{}"), max_size=400)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=4), st.booleans())
def test_chunks_are_the_bytes_of_the_shown_lines_alone(
    text: str, spans: list[tuple[int, int]], is_markdown: bool
) -> None:
    count = len(lines_of(text))
    shown = [
        (f"{number}.md", f"Heading {number}", [(first, min(count, first + length))])
        for number, (first, length) in enumerate(spans)
        if first < count
    ]
    if not shown:
        return
    chunks = cut(text, *shown, path="a.md" if is_markdown else "a.py", size=100)
    raw = text.encode()
    meant = {line for _, _, runs in shown for first, end in runs for line in range(first, end)}
    covered: set[int] = set()
    for chunk in chunks:
        assert raw[chunk.start : chunk.end].decode() == chunk.text
        assert len(chunk.text) <= 125
        lines = set(range(chunk.start_line - 1, chunk.end_line))
        assert lines <= meant
        covered |= lines
        assert chunk.included_by
    if not is_markdown:
        filled = {number for number, line in enumerate(lines_of(text)) if line.strip()}
        assert meant & filled <= covered
    assert len({chunk.id for chunk in chunks}) == len(chunks)


def test_the_sentence_above_and_the_section_are_searched_with_the_code(write: Write) -> None:
    page = '# Relay\n\n## Connect\n\nOpen the connection to a zebra:\n\n```python\n--8<-- "a.py"\n```\n'
    plan = look_ahead(write({"docs/page.md": page, "docs/a.py": FIRST})).plan
    [chunk] = [chunk for chunk in plan.chunks if chunk.path == "a.py"]
    assert chunk.index_text == f"Relay > Connect\n\nOpen the connection to a zebra:\n{FIRST.rstrip()}"
