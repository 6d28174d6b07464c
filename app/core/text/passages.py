"""Passages: the smallest parts of a chunk that can stand as a quote."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnote.app.core.text.offsets import LINE_END, byte_offsets, line_of, line_starts
from footnote.app.core.types import Chunk, Part, PartKind, Passage

MAX_CHARS = 600  # of an introduction with the example below it
_FENCE_LINE = re.compile(r"[ \t]*(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")


def passages(chunk: Chunk) -> list[Passage]:
    """The chunk's sentences, list items, table rows and code blocks, in order; headings are left out.

    A sentence or item that ends in a colon takes the example below it along, as much of it as `MAX_CHARS` allow.
    """
    return _cut(chunk, list(_spans(chunk)))


def code_lines(passage: Passage) -> list[Passage]:
    """The passage with each line of the code in it apart, in order; itself when it holds none.

    Lines of fences and blank lines are left out. What introduces the code stays in one piece.
    """
    starts = line_starts(passage.text)
    lines = LINE_END.split(passage.text)
    fences = [number for number, line in enumerate(lines) if _FENCE_LINE.match(line)]
    if not fences and passage.fence is None:
        return [passage]
    first = fences[0] if fences else -1
    introduction = passage.text[: starts[first]].rstrip() if fences else ""
    spans = [_Span(0, len(introduction), passage.label)] if introduction else []
    for number in range(first + 1, len(lines)):
        bare = lines[number].strip()
        if number not in fences and any(map(str.isalnum, bare)):
            start = starts[number] + lines[number].index(bare)
            spans.append(_Span(start, start + len(bare), passage.label, "", passage.fence))
    return _cut(passage, spans)


def last_of_example(parts: Sequence[Part], lead: int, kinds: Sequence[PartKind]) -> int:
    """The last part, of these kinds, of the block right below a lead-in; the lead-in's own place where there is none.

    As much of it as has at most `MAX_CHARS` together with the lead-in.
    """
    taken, example = lead, lead + 1
    if example == len(parts) or parts[example].kind not in kinds:
        return lead
    while (
        taken + 1 < len(parts)
        and parts[taken + 1].block == parts[example].block
        and not parts[taken + 1].is_cut
        and parts[taken + 1].end - parts[lead].start <= MAX_CHARS
    ):
        taken += 1
    return taken


def in_context(chunk: Chunk, passage: Passage) -> str:
    """The passage as it is read on its page: below its headings, the label around it and its table's header."""
    label = f" > {passage.label}" if passage.label else ""
    header = f"{passage.table_header}\n" if passage.table_header else ""
    return f"{chunk.breadcrumb_of(passage.start)}{label}\n\n{header}{passage.text}"


class _Span(NamedTuple):
    """A part of a text by characters."""

    start: int
    end: int
    label: str
    table_header: str = ""
    fence: str | None = None


def _spans(chunk: Chunk) -> Iterator[_Span]:
    parts = chunk.parts
    place = 0
    while place < len(parts):
        part = parts[place]
        last = place
        if part.kind == "item":
            last = _with_example(chunk.text, parts, place, ("row", "code"))
        if part.kind == "sentence":
            last = _with_example(chunk.text, parts, place, ("item", "row", "code"))
        yield _span(part, parts[last])
        place = last + 1


def _span(first: Part, last: Part) -> _Span:
    # The lines of a whole fence have its markers with them; a piece of it is code to those who know.
    fence = first.fence if first is last and first.is_cut else None
    return _Span(first.start, last.end, first.label, first.table_header, fence)


def _with_example(text: str, parts: Sequence[Part], last: int, kinds: Sequence[PartKind]) -> int:
    """The last part of the example, of these kinds, that a part introduces; its own place where it introduces none."""
    introduces = text[parts[last].start : parts[last].end].rstrip("*_").endswith(":")
    return last_of_example(parts, last, kinds) if introduces else last


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
            fence=span.fence,
        )
        for span in spans
    ]
