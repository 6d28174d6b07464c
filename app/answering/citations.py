"""citations: from hits, passages and `[n]` markers to `Citation`s. Pure functions."""

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from footnote.app.answering.steps import with_number
from footnote.app.core.pages.source_marks import source_of
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Chunk, Citation, Passage, Sentence

log = logging.getLogger(__name__)

# [1], [1, 2], [1-3], also [^1] and 【1】, which some models write. `[1](url)` is a link and `[1]: url` makes
# every [1] one: never citations.
_NUMBERS = r"\^?[0-9]+(?:\s*[,;–-]\s*\^?[0-9]+)*"
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?"""
_TARGET = rf"\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*){_TITLE}\s*\)"
_OPENING = r"^(?:[ \t>]|[-*+][ \t]|\d+[.)][ \t])*(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})"
_FENCE = rf"{_OPENING}.*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*$|\Z)"
_CODE_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)"
_BLOCK_SIGN = re.compile(r"[-*+#>|`~]|\d+[.)]")
_ITEM_MARK = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*")
_TOKEN = re.compile(
    rf"(?P<fence>{_FENCE})|(?P<span>{_CODE_SPAN})"
    rf"|(?P<definition>^ {{0,3}}\[{_NUMBERS}\]:[ \t]*\n?[ \t]*\S+{_TITLE}[ \t]*$)"
    rf"|(?P<space>[ \t]*)(?:\[(?P<square>{_NUMBERS})\](?P<link>{_TARGET})?|【(?P<lens>{_NUMBERS})[^】]*】)",
    re.S | re.M,
)
# Whether a fence begins with the first line.
FENCE_OPENING = re.compile(_OPENING, re.M)
# Stands where a marker was removed, until it is known whether its sentence says anything else.
_GONE = "\ue000"
_BRACKETED = re.compile(rf"[ \t]?\((?P<inner>[^()\n{_GONE}]*{_GONE}[^()\n]*)\)")
# "[2] and [7]": what joins a removed marker to another one.
_JOINED = re.compile(rf"(?<=\d\])[ \t]*(?:,|and|or|&)[ \t]*{_GONE}|{_GONE}[ \t]*(?:,|and|or|&)(?=[ \t]+\[\d)")
_WORD = re.compile(r"[^\W\d_]+|[\d`]")
# Words that point to a source and say nothing of it.
_POINTING_WORDS = """
see also again source sources reference references ref refs citation citations cited cf for more further additional
information info detail details reading example please refer referring to in at and or the from of as by here above
below described shown explained noted mentioned stated docs documentation passage passages section sections page pages
read check consult look this these per based on according full
"""
_POINTING = frozenset(_POINTING_WORDS.split())


class Resolved(NamedTuple):
    """`text` holds only markers of `citations`; `unknown` counts the markers removed."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    unknown: int


def cite(number: int, chunk: Chunk, passage: Passage | None, generation: int) -> Citation:
    """The citation of a passage of a chunk, or of the whole chunk."""
    part = passage or chunk
    heading_path, anchors = chunk.section_of(part.start) if passage else (chunk.heading_path, chunk.anchors)
    return Citation(
        number=number,
        path=chunk.path,
        title=chunk.title,
        heading_path=heading_path,
        start_line=part.start_line,
        end_line=part.end_line,
        start=part.start,
        end=part.end,
        quote=part.text,
        sha256=hashlib.sha256(part.text.encode()).hexdigest(),
        generation=generation,
        anchors=anchors,
        table_header=passage.table_header if passage else "",
        fence=passage.fence if passage else None,
        included_by=chunk.included_by,
        source=source_of(chunk.metadata),
        source_place=chunk.source_place,
    )


def resolve_markers(text: str, sources: Sequence[Citation]) -> Resolved:
    """The answer with its markers checked against the sources it was written from.

    A marker that names no source is removed, counted and logged; so is a link made to look like one. What says nothing
    but such a marker goes with it: "See also [7]." Markers inside code are code. Several numbers in one pair of
    brackets become one marker each.
    """
    known = {source.number: source for source in sources}
    unknown = 0
    used: set[int] = set()

    def rewrite(match: re.Match[str]) -> str:
        nonlocal unknown
        if match["fence"] or match["span"]:
            return match.group()
        numbers = _expand(match["square"] or match["lens"] or "")
        valid = [number for number in numbers if number in known and not match["link"]]
        used.update(valid)
        unknown += max(1, len(numbers)) - len(valid)
        return (match["space"] or "") + "".join(f"[{number}]" for number in valid) if valid else _GONE

    before, clean = "", text.replace(_GONE, "").strip()
    # Again until nothing changes: what is left of `[[9]1]` is a marker too.
    while clean != before:
        used.clear()
        before, clean = clean, _without_pointers(_TOKEN.sub(rewrite, clean)).strip()
    if unknown:
        log.info("removed %d citation markers that name no source", unknown)
    sentences = tuple(one.sentence for one in located_sentences(clean))
    return Resolved(clean, sentences, tuple(known[number] for number in sorted(used)), unknown)


def _without_pointers(text: str) -> str:
    """The text without the signs of removed markers, and without what says nothing but where it would have led."""
    if _GONE not in text:
        return text
    text = _JOINED.sub("", text)
    text = _BRACKETED.sub(lambda match: _GONE if _only_points(match["inner"]) else match.group(), text)
    for one in reversed(located_sentences(text)):
        lost = _GONE in text[one.start : one.end] and not one.is_code and not one.sentence.citations
        if lost and _only_points(one.sentence.text):
            text = _cut(text, one)
    return text.replace(_GONE, "")


def _only_points(text: str) -> bool:
    words = _WORD.findall(text.casefold())
    return bool(words) and _POINTING.issuperset(words)


def edit_sentences(text: str, edits: Mapping[int, str | None], numbers: Mapping[int, int] | None = None) -> str:
    """The text with some sentences changed; `edits` has, by a sentence's place, the markers it gets, None to cut it.

    `text` is that of `resolve_markers`. A line or list item that loses its only sentence goes as a whole. `numbers` has
    the new numbers of list items, by the places of the sentences that they begin.
    """
    located, numbers = located_sentences(text), numbers or {}
    for place in sorted({*edits, *numbers}, reverse=True):
        one, markers = located[place], edits.get(place, "")
        if markers is None:
            text = _cut(text, one)
        elif place in edits:
            text = text[: one.start] + _with_markers(text[one.start : one.end], one, markers) + text[one.end :]
        if place in numbers:
            text = text[: one.start] + with_number(text[one.start :], numbers[place])
    # The indentation stays: a part of an answer may begin within a list.
    return text.strip("\n").rstrip() if None in edits.values() else text


def _cut(text: str, one: "Located") -> str:
    """The text without the sentence, and without the white space and the mark that were there for it alone."""
    start, end = _extent(text, one)
    above, behind = text[:start], text[end:]
    if behind[:1] in ("", "\n"):
        above = above.rstrip(" \t")
    return above + (behind if above and not above.endswith("\n\n") else behind.lstrip("\n"))


def _extent(text: str, one: "Located") -> tuple[int, int]:
    line = text.rfind("\n", 0, one.start) + 1
    spaces = len(text[one.end :]) - len(text[one.end :].lstrip(" \t"))
    after = one.end + spaces
    if text[after : after + 1] in ("", "\n"):
        return (line, after + 1) if _ITEM_MARK.fullmatch(text, line, one.start) else (one.start, one.end)
    # The mark of an item is its next sentence's.
    mark = _ITEM_MARK.match(text, line)
    return max(one.start, mark.end() if mark else line), after


def _with_markers(written: str, one: "Located", markers: str) -> str:
    if one.is_code:
        return f"{one.sentence.text}\n{markers}"
    if one.sentence.text.endswith("|"):
        return f"{one.sentence.text[:-1].rstrip()} {markers} |"
    if _BLOCK_SIGN.match(one.sentence.text) and not written.startswith(one.sentence.text[0]):
        return f"{markers} {one.sentence.text}"  # without something in front it would begin a block
    body = one.sentence.text.rstrip(".!?:;")
    return f"{body} {markers}{one.sentence.text[len(body) :]}"


class Located(NamedTuple):
    """A sentence and where it stands in the text, `text[start:end]` with its markers."""

    sentence: Sentence
    start: int
    end: int
    is_code: bool


def located_sentences(text: str) -> list[Located]:
    """The sentences of a text whose markers are all `[n]`, in order, each with the markers in or behind it."""
    sentences: list[Located] = []
    found = [token for token in _TOKEN.finditer(text) if token["square"]]
    for start, end, is_code in _answer_spans(text):
        markers = [] if is_code else [marker for marker in found if start <= marker.start("square") < end]
        numbers = tuple(dict.fromkeys(int(marker["square"]) for marker in markers))
        bare = _without(text, start, end, markers).strip()
        if bare.strip(" \t\n-*"):
            sentences.append(Located(Sentence(bare, numbers), start, end, is_code))
        elif sentences:
            last = sentences[-1]
            numbers = tuple(dict.fromkeys((*last.sentence.citations, *numbers)))
            sentences[-1] = last._replace(sentence=Sentence(last.sentence.text, numbers), end=end)
    return sentences


def _without(text: str, start: int, end: int, cuts: Sequence[re.Match[str]]) -> str:
    edges = [start, *(max(start, edge) for cut in cuts for edge in cut.span()), end]
    return "".join(text[first:last] for first, last in zip(edges[::2], edges[1::2], strict=True))


def _answer_spans(text: str) -> list[tuple[int, int, bool]]:
    """`(start, end, is_code)` of the sentences of the prose and of whole code fences, in order."""
    spans, at = [], 0
    for token in _TOKEN.finditer(text):
        if token["fence"]:
            spans += [*_prose_spans(text, at, token.start()), (*token.span(), True)]
            at = token.end()
    return spans + _prose_spans(text, at, len(text))


def _prose_spans(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    # A full stop inside a code span ends no sentence.
    prose = _TOKEN.sub(lambda token: _masked_span(token.group()) if token["span"] else token.group(), text[start:end])
    spans = []
    for line in re.finditer(r"[^\n]+", prose):
        base = start + line.start()
        spans += [(base + first, base + last, False) for first, last in sentence_spans(line.group())]
    return spans


def _masked_span(span: str) -> str:
    return "`" + "x" * (len(span) - 2) + "`"


def masked(line: str) -> str:
    """The line of prose, as long as it was, with code spans as `x` and markers as `[1]`: both stop no sentence."""

    def mask(token: re.Match[str]) -> str:
        if token["span"]:
            return "x" * len(token.group())
        numbers = token["square"] or token["lens"]
        if not numbers or token["link"]:
            return token.group()
        space = token["space"] or ""
        return f"{space}[{'1' * (len(token.group()) - len(space) - 2)}]"

    return _TOKEN.sub(mask, line)


def _expand(numbers: str) -> list[int]:
    """`1, 3-5` -> 1, 3, 4, 5; a range that runs backwards or far gives its ends; none for ""."""
    expanded: list[int] = []
    for part in re.findall(r"[0-9]+(?:\s*[–-]\s*[0-9]+)?", numbers.replace("^", "")):
        ends = [_number(end) for end in re.split(r"\s*[–-]\s*", part)]
        if len(ends) == 2 and 0 <= ends[1] - ends[0] <= 20:
            expanded += range(ends[0], ends[1] + 1)
        else:
            expanded += ends
    return list(dict.fromkeys(expanded))


def _number(digits: str) -> int:
    # Python refuses to read thousands of digits; no source has a number of more than four.
    return int(digits) if len(digits) <= 4 else -1
