"""Passages: the smallest parts of a chunk that can stand as a quote."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from footnote.app.core.text.markdown import Block, parse_blocks
from footnote.app.core.text.offsets import LINE_END, byte_offsets, line_of, line_starts
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Chunk, Passage

# A longer list item, quotation or admonition is taken apart; a longer example is left out of its introduction.
MAX_CHARS = 600
_EXAMPLES = ("fence", "code_block", "bullet_list", "ordered_list", "table")
_WHOLE = ("fence", "code_block", "html_block")
_FENCE_LINE = re.compile(r"[ \t]*(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_RULE_ROW = re.compile(r"[\s|:+-]*")
_LABEL = re.compile(r'[!?=:+]{3,}[^"\n]*"([^"\n]*)"')  # `=== "Windows"`, `!!! note "Before you start"`
_LINK_DEFINITION = re.compile(r"\s*\[[^\]]+\]:\s")


def passages(chunk: Chunk, prose_chars: int = 0) -> list[Passage]:
    """The chunk's sentences, list items, table rows and code blocks, in order; headings are left out.

    Neighbouring sentences of a paragraph are joined while they are at most `prose_chars` long together.
    A sentence that ends in a colon takes the example below it along, up to `MAX_CHARS`.
    """
    starts = line_starts(chunk.text)
    spans = list(_spans(_blocks(chunk.text, len(starts)), chunk.text, starts, prose_chars))
    return _cut(chunk, spans)


def code_lines(passage: Passage) -> list[Passage]:
    """The passage with each line of the code in it apart, in order; itself when it holds none.

    Lines of fences and blank lines are left out. What introduces the code stays in one piece.
    """
    starts = line_starts(passage.text)
    lines = LINE_END.split(passage.text)
    fences = [number for number, line in enumerate(lines) if _FENCE_LINE.match(line)]
    if not fences:
        return [passage]
    introduction = passage.text[: starts[fences[0]]].rstrip()
    spans = [_Span(0, len(introduction), passage.label)] if introduction else []
    for number in range(fences[0] + 1, len(lines)):
        bare = lines[number].strip()
        if number not in fences and any(map(str.isalnum, bare)):
            start = starts[number] + lines[number].index(bare)
            spans.append(_Span(start, start + len(bare), passage.label))
    return _cut(passage, spans)


def in_context(chunk: Chunk, passage: Passage) -> str:
    """The passage as it is read on its page: below its headings, the label around it and its table's header."""
    label = f" > {passage.label}" if passage.label else ""
    header = f"{passage.table_header}\n" if passage.table_header else ""
    return f"{chunk.breadcrumb}{label}\n\n{header}{passage.text}"


class _Span(NamedTuple):
    """A part of a text by characters."""

    start: int
    end: int
    label: str
    table_header: str = ""


def _cut(whole: Chunk | Passage, spans: Sequence[_Span]) -> list[Passage]:
    text, starts = whole.text, line_starts(whole.text)
    to_byte = byte_offsets(text, [offset for span in spans for offset in (span.start, span.end)])
    return [
        Passage(
            text=text[span.start : span.end],
            start=whole.start + to_byte[span.start],
            end=whole.start + to_byte[span.end],
            start_line=whole.start_line + line_of(starts, span.start),
            end_line=whole.start_line + line_of(starts, span.end - 1),
            label=span.label,
            table_header=span.table_header,
        )
        for span in spans
    ]


def _blocks(text: str, line_count: int) -> list[Block]:
    """The blocks of a chunk by its own lines, also where the chunk begins inside a tab or a fence."""
    lines = LINE_END.split(text)
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    # The rest of a tab or admonition is all indented: that is no code.
    indent = min(indents, default=0)
    lines = [line[indent:] if line.strip() else line for line in lines]
    fences = [match for match in map(_FENCE_LINE.match, lines) if match]
    if len(fences) % 2 and not fences[0]["info"].strip():
        # The first fence line closes a fence that the chunk before opened.
        shifted = parse_blocks("\n".join([fences[0]["mark"], *lines]), line_count + 1)
        return [_shifted(block) for block in shifted]
    return parse_blocks("\n".join(lines), line_count)


def _shifted(block: Block) -> Block:
    """The block one line up; a first line that is not the chunk's falls away."""
    children = tuple(_shifted(child) for child in block.children)
    return Block(block.kind, max(block.first - 1, 0), block.end - 1, children, block.level, block.heading)


def _spans(blocks: Sequence[Block], text: str, starts: list[int], prose_chars: int, label: str = "") -> Iterator[_Span]:
    taken = -1
    for place, block in enumerate(blocks):
        if place <= taken:
            continue
        start, end = _extent(block, text, starts)
        if block.kind in ("heading", "hr") or start == end:
            continue
        if block.kind == "paragraph":
            if all(line.lstrip().startswith("|") for line in LINE_END.split(text[start:end])):
                # The rest of a table, whose header is in the chunk before.
                yield from (_Span(first, last, label) for first, last in _rows(text, start, end))
                continue
            sentences = [(start + first, start + last) for first, last in sentence_spans(text[start:end])]
            sentences = _joined(sentences, prose_chars)
            below = _next_filled(blocks, place + 1, text, starts)
            if sentences and blocks[below].kind in _EXAMPLES and text[start:end].rstrip("*_").endswith(":"):
                example_end = _extent(blocks[below], text, starts)[1]
                if example_end - sentences[-1][0] <= MAX_CHARS:
                    sentences[-1] = (sentences[-1][0], example_end)
                    taken = below
            yield from (_Span(first, last, label) for first, last in sentences)
        elif block.kind == "table":
            below = starts[line_of(starts, start) + 1]
            header = text[start:below].strip()
            yield from (_Span(first, last, label, header) for first, last in _rows(text, below, end))
        elif block.kind in _WHOLE or (block.kind == "list_item" and end - start <= MAX_CHARS):
            yield _Span(start, end, label)
        elif block.children:
            inner = _LABEL.match(text, start) if block.kind in ("tab", "admonition") else None
            yield from _spans(block.children, text, starts, prose_chars, inner[1] if inner else label)
        else:
            yield from (_Span(first, last, label) for first, last in _unclaimed(text, start, end))


def _joined(spans: Iterable[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and end - joined[-1][0] <= limit:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _next_filled(blocks: Sequence[Block], place: int, text: str, starts: list[int]) -> int:
    """The place of the next block that is not blank lines; the block before when there is none."""
    for later in range(place, len(blocks)):
        start, end = _extent(blocks[later], text, starts)
        if start < end:
            return later
    return place - 1


def _unclaimed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a block that the parser made nothing of, but for definitions and container marks."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        # A line of signs alone, such as the `>` of a quotation, says nothing.
        if any(map(str.isalnum, bare)) and not _LINK_DEFINITION.match(line) and not _is_marker_line(bare):
            first = at + len(line) - len(line.lstrip())
            yield first, first + len(bare)
        at += len(line)


def _rows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the rows of a table stand; the rule below its header is none."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if not _RULE_ROW.fullmatch(line):
            yield at, at + len(line.rstrip())
        at += len(line)


def _extent(block: Block, text: str, starts: list[int]) -> tuple[int, int]:
    first = starts[block.first]
    last = starts[block.end] if block.end < len(starts) else len(text)
    piece = text[first:last]
    blank = len(piece) - len(piece.lstrip())
    if blank == len(piece):
        return first, first
    begin = first + blank
    if block.kind == "code_block":
        begin = max(first, starts[bisect_right(starts, begin) - 1])
    return begin, first + len(piece.rstrip())


def _is_marker_line(line: str) -> bool:
    """An admonition's or container's own line: `!!! note`, `:::tip`."""
    return line.startswith(("!!!", "???", ":::", "==="))
