"""Passages: the smallest parts of a chunk that can stand as a quote."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from app.core.markdown import Block, parse_blocks
from app.core.offsets import LINE_END, byte_offsets, line_of, line_starts
from app.core.sentences import sentence_spans
from app.core.types import Chunk, Passage

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
    text = chunk.text
    starts = line_starts(text)
    spans = list(_spans(_blocks(text, len(starts)), text, starts, prose_chars))
    to_byte = byte_offsets(text, [offset for start, end, _ in spans for offset in (start, end)])
    return [
        Passage(
            text=text[start:end],
            start=chunk.start + to_byte[start],
            end=chunk.start + to_byte[end],
            start_line=chunk.start_line + line_of(starts, start),
            end_line=chunk.start_line + line_of(starts, end - 1),
            label=label,
        )
        for start, end, label in spans
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


def _spans(
    blocks: Sequence[Block], text: str, starts: list[int], prose_chars: int, label: str = ""
) -> Iterator[tuple[int, int, str]]:
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
                yield from ((first, last, label) for first, last in _rows(text, start, end, header=False))
                continue
            sentences = [(start + first, start + last) for first, last in sentence_spans(text[start:end])]
            sentences = _joined(sentences, prose_chars)
            below = _next_filled(blocks, place + 1, text, starts)
            if sentences and blocks[below].kind in _EXAMPLES and text[start:end].rstrip("*_").endswith(":"):
                example_end = _extent(blocks[below], text, starts)[1]
                if example_end - sentences[-1][0] <= MAX_CHARS:
                    sentences[-1] = (sentences[-1][0], example_end)
                    taken = below
            yield from ((first, last, label) for first, last in sentences)
        elif block.kind == "table":
            yield from ((first, last, label) for first, last in _rows(text, start, end))
        elif block.kind in _WHOLE or (block.kind == "list_item" and end - start <= MAX_CHARS):
            yield start, end, label
        elif block.children:
            inner = _LABEL.match(text, start) if block.kind in ("tab", "admonition") else None
            yield from _spans(block.children, text, starts, prose_chars, inner[1] if inner else label)
        else:
            yield from ((first, last, label) for first, last in _unclaimed(text, start, end))


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


def _rows(text: str, start: int, end: int, header: bool = True) -> Iterator[tuple[int, int]]:
    lines = text[start:end].splitlines(keepends=True)
    at = start
    for number, line in enumerate(lines):
        # The header says what the columns are, and the rule below it nothing at all.
        if (number > 0 or not header) and not _RULE_ROW.fullmatch(line):
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
    return line.startswith(("!!!", "???", ":::", "===")) and "\n" not in line
