import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.emptiness import is_empty
from footnote.app.core.pages.flavour import PLAIN
from footnote.app.core.pages.masks import for_parser, page_masks
from footnote.app.core.pages.scanning.scan import scan_page
from footnote.app.core.pages.scanning.spans import Span, masked
from footnote.app.core.text.markdown import Block, parse_blocks
from footnote.app.core.text.offsets import LINE_END, line_starts
from footnote.app.core.text.passages import passages
from footnote.app.core.types import Chunk
from footnote.ingest.read import read_document
from footnote.ingest.split import split_document
from footnote.ingest.types import Document
from tests.property.documents import Generated, documents

SIZES = st.sampled_from([100, 130, 250, 1000, 20_000])
# An overlap is at most half of a chunk, and most of the time there is one.
LIMITS = SIZES.flatmap(lambda size: st.tuples(st.just(size), st.sampled_from([0, 1, size // 5, size // 2])))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs") / "page.md"


def document_of(text: str, body: int = 0) -> Document:
    return Document("guides/page.md", text.encode(), len(text[:body].encode()), None, {"a": 1}, "", 0)


def line_of(raw_before: bytes) -> int:
    return raw_before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1


def assert_exact_slices(raw: bytes, chunks: list[Chunk]) -> None:
    for chunk in chunks:
        assert raw[chunk.start : chunk.end] == chunk.text.encode()
        assert chunk.sha256 == hashlib.sha256(chunk.text.encode()).hexdigest()
        assert chunk.start_line == line_of(raw[: chunk.start])
        assert chunk.end_line == line_of(raw[: chunk.end])
        assert not is_empty(chunk.text, chunk.parts, chunk.readable)


def _headings(blocks: Iterable[Block]) -> list[Block]:
    return [one for block in blocks for one in ([block] if block.kind == "heading" else _headings(block.children))]


def assert_in_order_and_complete(document: Document, chunks: list[Chunk]) -> None:
    """Nothing that readers see is lost, and nothing that is hidden from them is in a chunk."""
    text, body = document.raw.decode(), len(document.raw[: document.body_start].decode())
    masks = page_masks(text[body:], scan_page(text[body:], PLAIN), PLAIN)
    lines = LINE_END.split(text[body:])
    starts = line_starts(text[body:])
    blocks = parse_blocks(for_parser(text[body:], masks), len(lines))
    # A heading may be in the heading paths alone.
    headings = [Span(starts[one.first], starts[one.end - 1] + len(lines[one.end - 1])) for one in _headings(blocks)]
    visible = text[:body] + masked(text[body:], [*masks.unread, *(headings if masks.hidden else [])])
    hidden = [(start + body, end + body) for start, end in masks.hidden]
    at, last_start = body, -1
    for chunk in chunks:
        start, end = (len(document.raw[:offset].decode()) for offset in (chunk.start, chunk.end))
        assert start > last_start
        assert end > at
        assert is_empty(visible[at:start], (), "")
        assert not any(first < end and start < last for first, last in hidden)
        last_start, at = start, end
    assert is_empty(visible[at:], (), "")


def assert_split(document: Document, size: int, overlap: int) -> list[Chunk]:
    chunks = split_document(document, size, overlap)
    assert_exact_slices(document.raw, chunks)
    assert_in_order_and_complete(document, chunks)
    assert all(len(chunk.text) <= size + size // 4 for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert split_document(document, size, overlap) == chunks
    return chunks


@given(documents(), LIMITS)
def test_structured_documents_split_into_exact_complete_ordered_slices(
    generated: Generated, limits: tuple[int, int]
) -> None:
    assert_split(document_of(generated.text, generated.body), *limits)


@given(
    st.text() | st.text(alphabet='ab \t\n\r#-*`~>|:!=[]()<>&_"1.\ufeffé😀', max_size=300),
    LIMITS,
)
@example("\r\n# a\r\r\n\n#\n", (100, 20))
@example("- " * 300 + "x", (100, 50))
@example("> " * 300 + "x\n" + "===\n" * 100, (100, 50))
@example('=== "a"\n' + "    - x\n" * 50 + "    ```\n", (100, 50))
def test_any_text_splits_into_exact_complete_ordered_slices(text: str, limits: tuple[int, int]) -> None:
    assert_split(document_of(text), *limits)


@given(documents(), LIMITS)
def test_a_fence_table_list_item_admonition_or_tab_that_fits_is_never_cut(
    generated: Generated, limits: tuple[int, int]
) -> None:
    chunks = split_document(document_of(generated.text, generated.body), *limits)
    for start, end in generated.whole:
        if end - start <= limits[0] and not is_empty(generated.text[start:end], (), ""):
            first, last = len(generated.text[:start].encode()), len(generated.text[:end].encode())
            assert any(chunk.start <= first and last <= chunk.end for chunk in chunks), generated.text[start:end]


@given(documents(), LIMITS)
def test_a_chunk_names_the_headings_above_it(generated: Generated, limits: tuple[int, int]) -> None:
    for chunk in split_document(document_of(generated.text, generated.body), *limits):
        above: list[tuple[int, str]] = []
        for heading in generated.headings:
            if len(generated.text[: heading.offset].encode()) < chunk.end:
                above = [(level, text) for level, text in above if level < heading.level]
                above.append((heading.level, heading.text))
        assert chunk.heading_path == tuple(text for _, text in above)


@given(documents(), LIMITS)
def test_a_chunk_of_a_file_on_disk_is_what_its_bytes_say(
    page: Path, generated: Generated, limits: tuple[int, int]
) -> None:
    page.write_bytes(generated.text.encode())
    document, skip = read_document(FoundFile("page.md", page, 0, 0, 0))
    assert document is not None
    assert skip is None
    assert document.body_start == len(generated.text[: generated.body].encode())
    assert document.metadata == ({"title": "Größe", "tags": ["a"]} if generated.body > 1 else {})
    assert_split(document, *limits)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda raw: b"---\n" + raw + b"\n---\nbody"))
def test_any_file_is_read_or_skipped_with_a_reason(page: Path, raw: bytes) -> None:
    page.write_bytes(raw)
    document, skip = read_document(FoundFile("page.md", page, 0, 0, 0))
    assert document is not None or (skip is not None and skip.reason)
    if document is not None:
        assert document.raw == raw
        assert_split(document, 100, 20)


@given(documents(), LIMITS)
def test_passages_are_exact_slices_of_their_chunk_in_order(generated: Generated, limits: tuple[int, int]) -> None:
    raw = generated.text.encode()
    for chunk in split_document(document_of(generated.text, generated.body), *limits):
        at = chunk.start
        for passage in passages(chunk):
            assert at <= passage.start < passage.end <= chunk.end
            assert raw[passage.start : passage.end] == passage.text.encode()
            assert passage.text.strip()
            assert passage.start_line == line_of(raw[: passage.start])
            assert passage.end_line == line_of(raw[: passage.end])
            at = passage.end


@given(documents(), LIMITS, st.sampled_from([50, 300, 20_000]))
@example(Generated("* * *\n\n# 0\n\n", 0, (), ()), (100, 0), 50)
def test_small_sections_share_a_chunk_and_are_the_same_apart(generated: Generated, limits: tuple[int, int], small: int):
    document = document_of(generated.text, generated.body)
    size, overlap = limits
    alone = split_document(document, size, overlap)
    shared = split_document(document, size, overlap, small_chars=small)
    assert_exact_slices(document.raw, shared)
    assert_in_order_and_complete(document, shared)
    apart = [one for chunk in shared for one in chunk.apart()]
    assert_exact_slices(document.raw, apart)
    assert [(one.start, one.heading_path, one.anchors) for one in apart] == [
        (one.start, one.heading_path, one.anchors) for one in alone
    ]
    for one, same in zip(apart, alone, strict=True):
        assert one.text.startswith(same.text)
        assert [(part.start, part.end, part.kind) for part in one.parts] == [
            (part.start, part.end, part.kind) for part in same.parts
        ]
    for chunk in shared:
        if chunk.sections:
            assert len(chunk.text) <= size
            for one in chunk.apart():
                assert chunk.section_of(one.start) == (one.heading_path, one.anchors)
