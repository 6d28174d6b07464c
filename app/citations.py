"""citations: from hits, passages and `[n]` markers to `Citation`s. Pure functions."""

import hashlib
import logging
import re
from collections.abc import Sequence
from typing import NamedTuple

from app.core.sentences import sentence_spans
from app.core.types import Chunk, Citation, Passage, Sentence

log = logging.getLogger(__name__)

# [1], [1, 2], [1-3], also [^1] and 【1】, which some models write; `[1](url)` is a link, never a citation.
_NUMBERS = r"\^?\d{1,4}(?:\s*[,;–-]\s*\^?\d{1,4})*"
_MARKER = re.compile(
    rf"(?P<space>[ \t]*)(?:\[(?P<square>{_NUMBERS})\](?P<link>\([^)\s]*\))?|【(?P<lens>{_NUMBERS})[^】]*】)"
)
_CODE = re.compile(r"(?P<fence>^(?:```|~~~).*?(?:^(?:```|~~~)[ \t]*$|\Z))|(?P<span>`+)[^`\n]+?(?P=span)", re.S | re.M)
_LEADING_MARKERS = re.compile(r"\s*((?:\[\d+\])+)")
_ONE_MARKER = re.compile(r"\[(\d+)\]")


class Resolved(NamedTuple):
    """`text` holds only markers of `citations`; `unknown` counts the markers removed."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    unknown: int


def cite(number: int, chunk: Chunk, passage: Passage | None, generation: int) -> Citation:
    """The citation of a passage of a chunk, or of the whole chunk."""
    part = passage or chunk
    return Citation(
        number=number,
        path=chunk.path,
        title=chunk.title,
        heading_path=chunk.heading_path,
        start_line=part.start_line,
        end_line=part.end_line,
        start=part.start,
        end=part.end,
        quote=part.text,
        sha256=hashlib.sha256(part.text.encode()).hexdigest(),
        generation=generation,
    )


def resolve_markers(text: str, sources: Sequence[Citation]) -> Resolved:
    """The answer with its markers checked against the sources it was written from.

    A marker that names no source is removed, counted and logged; so is a link made to look like one.
    Markers inside code are code. Several numbers in one pair of brackets become one marker each.
    """
    known = {source.number: source for source in sources}
    used: set[int] = set()
    unknown = 0

    def rewrite(match: re.Match[str]) -> str:
        nonlocal unknown
        numbers = _expand(match["square"] or match["lens"])
        valid = [number for number in numbers if number in known and not match["link"]]
        used.update(valid)
        unknown += len(numbers) - len(valid)
        return match["space"] * bool(valid) + "".join(f"[{number}]" for number in valid)

    pieces, at = [], 0
    for code in _CODE.finditer(text):
        pieces += [_MARKER.sub(rewrite, text[at : code.start()]), code.group()]
        at = code.end()
    pieces.append(_MARKER.sub(rewrite, text[at:]))
    clean = "".join(pieces).strip()
    if unknown:
        log.warning("removed %d citation markers that name no source", unknown)
    return Resolved(clean, split_sentences(clean), tuple(known[number] for number in sorted(used)), unknown)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text with `[n]` markers; a marker belongs to the sentence it ends or follows."""
    sentences: list[Sentence] = []
    for start, end in _answer_spans(text):
        piece = text[start:end]
        leading = _LEADING_MARKERS.match(piece)
        if leading and sentences:
            last = sentences[-1]
            sentences[-1] = Sentence(last.text, _merged(last.citations, leading[1]))
            piece = piece[leading.end() :]
        bare = re.sub(r"[ \t]*\[\d+\]", "", piece) if not _is_code(piece) else piece
        if bare.strip(" \t\n-*"):
            sentences.append(Sentence(bare.strip(), () if _is_code(piece) else _merged((), piece)))
        elif sentences:
            last = sentences[-1]
            sentences[-1] = Sentence(last.text, _merged(last.citations, piece))
    return tuple(sentences)


def _answer_spans(text: str) -> list[tuple[int, int]]:
    """Sentences of the prose and whole code fences, in order."""
    spans, at = [], 0
    for code in _CODE.finditer(text):
        if code["fence"]:
            spans += _prose_spans(text, at, code.start()) + [(code.start(), code.end())]
            at = code.end()
    return spans + _prose_spans(text, at, len(text))


def _prose_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        base = start + line.start()
        spans += [(base + first, base + last) for first, last in sentence_spans(line.group())]
    return spans


def _is_code(piece: str) -> bool:
    return piece.startswith(("```", "~~~"))


def _merged(citations: tuple[int, ...], text: str) -> tuple[int, ...]:
    found = (int(number) for number in _ONE_MARKER.findall(text))
    return tuple(dict.fromkeys((*citations, *found)))


def _expand(numbers: str) -> list[int]:
    """`1, 3-5` -> 1, 3, 4, 5; a range that runs backwards or far gives its ends."""
    expanded: list[int] = []
    for part in re.split(r"\s*[,;]\s*", numbers.replace("^", "")):
        ends = [int(end) for end in re.split(r"\s*[–-]\s*", part)]
        if len(ends) == 2 and 0 <= ends[1] - ends[0] <= 20:
            expanded += range(ends[0], ends[1] + 1)
        else:
            expanded += ends
    return list(dict.fromkeys(expanded))
