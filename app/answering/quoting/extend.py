"""extend: a passage that answers, with what it takes to read it: whole lists, code, what introduces and follows it."""

import re
from dataclasses import dataclass, replace

from footnote.app.answering.quoting.choose import introduces, says_something
from footnote.app.answering.quoting.stretches import Stretch
from footnote.app.core.text.analysis import terms
from footnote.app.core.types import Part

# Up to so many characters a run takes in what adjoins it in its section, and a list or table is quoted as a whole.
# Chosen on two documentation sets, of 400 to 700.
RUN_CHARS = 600
# Steps are quoted as a whole, also where they are longer than an answer should be.
STEPS_CHARS = 1500
_LISTED = ("item", "row", "line")
# What begins with one of these is about what stands before it.
_POINTS_BACK = re.compile(
    r"(?:alternatively|otherwise|instead|then|this|that|these|those|its?|they|their|them|such|also|however|additionally|"
    r"furthermore|moreover|similarly|likewise|finally|next|afterwards?|after\s+that|thus|therefore|hence|so|but|and|or|"
    r"for\s+(?:example|instance)|as\s+a\s+result|on\s+the\s+other\s+hand|both|here|there|conversely|consequently|"
    r"accordingly|(?:in|by|if|when|to|with|for|at|on|from|as|after|before|once|until|without)\s+"
    r"(?:this|that|these|those|it|such|so|not|addition|contrast|other\s+words|(?:(?:shown|described|mentioned)\s+)?above)|"
    r"the\s+(?:former|latter|above|same|previous|preceding)(?:\s+\w+)?)\b"
    # "This page" is the page, and "That is needed to" says itself what.
    r"(?!\s+(?:to|page|section|guide|document|documentation|chapter|tutorial|article|reference|topic)\b)",
    re.I,
)
# What a sentence that says so is about stands above it, wherever in it that is said.
_SHOWN = (
    r"(?:case|code|command|configuration|diagram|example|expression|figure|file|list|method|option|output|query|"
    r"requirement|rule|section|setting|snippet|step|table)s?"
)
_SAYS_ABOVE = re.compile(
    rf"\b(?:as|defined|described|discussed|explained|listed|mentioned|noted|seen|shown|{_SHOWN})\s+above\b"
    rf"|\bthe\s+(?:above|(?:previous|preceding|aforementioned)\s+{_SHOWN})\b",
    re.I,
)
# Which a sentence can do without.
_CONNECTIVE = re.compile(
    r"(?:alternatively|however|additionally|furthermore|moreover|similarly|likewise|finally|thus|therefore|hence|so|also|"
    r"consequently|accordingly|conversely|in\s+addition|as\s+a\s+result|on\s+the\s+other\s+hand),\s+(?=[\w`*_\[\"'(])",
    re.I,
)
_ORDERED = re.compile(r"[ \t>]*\d{1,9}[.)]\s")
_SIGNS = " \t\r\n>*_-"


@dataclass(frozen=True, slots=True)
class Run:
    """Parts `[first, last]` of a stretch, by place; quoted in one piece."""

    stretch: Stretch
    first: int
    last: int
    left_out: int = 0  # characters of its beginning

    @property
    def start(self) -> int:
        """Of its text in that of the stretch."""
        return self.stretch.parts[self.first].start + self.left_out

    @property
    def end(self) -> int:
        """Of its text in that of the stretch."""
        return self.stretch.parts[self.last].end

    @property
    def chars(self) -> int:
        """How long it is."""
        return self.end - self.start

    @property
    def text(self) -> str:
        """As it is spelled."""
        return self.stretch.text[self.start : self.end]

    @property
    def points_back(self) -> bool:
        """Whether its beginning is about what stands above: "Otherwise, ...", "With the options above, ..."."""
        head = self.stretch.parts[self.first]
        if head.kind == "code":
            return False
        said = self.stretch.text[self.start : head.end].lstrip(_SIGNS)
        return bool(_POINTS_BACK.match(said) or (head.kind == "sentence" and _SAYS_ABOVE.search(said)))

    @property
    def is_torn(self) -> bool:
        """Whether code or an example at one end of it is without the sentence above it, or that sentence without it."""
        parts = self.stretch.parts
        edges = [place for place in (self.first - 1, self.last) if 0 <= place < len(parts) - 1]
        return any(not _within_list(self.stretch, place) and _bound(self.stretch, place) for place in edges)

    @property
    def dangles(self) -> bool:
        """Whether what its beginning is about is not in it, nor the heading right above it."""
        return self.points_back and not (self.first == 0 and self.stretch.begins_section)


def standing_alone(run: Run, last_asked: int) -> Run | None:
    """The run from where it can be read without what stands above it; None where there is no such place.

    A connective at its beginning goes, or the whole sentence that points back; the part at `last_asked` stays.
    """
    if not run.dangles:
        return run
    if rest := _without_connective(run):
        return rest
    if run.first < last_asked and not (rest := Run(run.stretch, run.first + 1, run.last)).points_back:
        return rest
    return None


def _without_connective(run: Run) -> Run | None:
    said = run.text
    bare = said.lstrip(_SIGNS)
    opening = _CONNECTIVE.match(bare)
    if not opening or run.stretch.parts[run.first].kind != "sentence":
        return None
    rest = replace(run, left_out=run.left_out + len(said) - len(bare) + opening.end())
    return None if rest.points_back else rest


def readable(stretch: Stretch, first: int, last: int, room: int) -> Run:
    """The parts `[first, last]` with what they cannot be read without, where that is at most `room` characters.

    That is the whole of a list or table, code with the sentence above it, a sentence that ends in a colon with what is
    below it, "Otherwise" with what that refers to.
    """
    run = Run(stretch, first, last)
    if _has_steps(run):
        room = max(room, STEPS_CHARS)
    whole = _whole(run)
    room_above = min(room, max(RUN_CHARS, whole.chars)) if _without_connective(whole) else room
    return _fitting(run, _above(whole), room_above) or _fitting(run, whole, room) or run


def extended(run: Run, room: int, asked: frozenset[str] = frozenset()) -> Run:
    """The run with the sentences and blocks of its section below it, then above it, up to `RUN_CHARS`.

    `asked` are the terms of the question: of tabs, it gets the one that it names.
    """
    room = min(room, RUN_CHARS)
    while (wider := _fitting(run, _below(run), room)) and _adds(run.last + 1, wider.last, run, asked):
        run = wider
    while (wider := _fitting(run, _above(run, always=True), room)) and _adds(wider.first, run.first - 1, run, asked):
        if wider.points_back:  # to what is not here, or too long
            break
        run = wider
    return run


def is_beside(label: str, named: str, asked: frozenset[str]) -> bool:
    """Whether a label is that of another tab than the one that the question names."""
    return bool(label) and bool(asked & set(terms(named))) and not asked & set(terms(label))


def _adds(first: int, last: int, run: Run, asked: frozenset[str]) -> bool:
    """Whether the parts from place to place say something, and nothing about another question or tab than the run."""
    head = run.stretch.parts[run.first].label
    about = {part.label for part in (run.stretch.parts[run.first], *run.stretch.parts[first : last + 1])}
    if any(is_beside(label, head, asked) for label in about):
        return False
    asks = len(about) > 1 and any(label.endswith("?") for label in about)
    dangles = introduces(run.stretch.text, run.stretch.parts[last])
    return not asks and not dangles and says_something(run.stretch, first, last)


def _fitting(run: Run, wider: Run, room: int) -> Run | None:
    return wider if run.chars < wider.chars <= room else None


def _whole(run: Run) -> Run:
    """The run with what is bound to it at both ends."""
    first, last = run.first, run.last
    while first and _bound(run.stretch, first - 1):
        first -= 1
    while last + 1 < len(run.stretch.parts) and _bound(run.stretch, last):
        last += 1
    return Run(run.stretch, first, last)


def _above(run: Run, always: bool = False) -> Run:
    """The run with the sentence or block above it, and further up while its beginning refers to something above."""
    first = run.first
    while first and not _within_list(run.stretch, first - 1):
        if not always and not Run(run.stretch, first, run.last).points_back:
            break
        first = _whole(Run(run.stretch, first - 1, run.last)).first
        always = False
    return Run(run.stretch, first, run.last)


def _below(run: Run) -> Run:
    """The run with the sentence or block below it."""
    if run.last + 1 == len(run.stretch.parts) or _within_list(run.stretch, run.last):
        return run
    return Run(run.stretch, run.first, _whole(Run(run.stretch, run.first, run.last + 1)).last)


def _bound(stretch: Stretch, place: int) -> bool:
    """Whether the part at a place and the one below it cannot be read apart."""
    one, other = stretch.parts[place], stretch.parts[place + 1]
    if _within_list(stretch, place):
        return _is_quoted_whole(stretch, place)
    if one.kind != "sentence":
        return False
    return other.kind == "code" or (introduces(stretch.text, one) and not _is_long_list(stretch, place + 1))


def _within_list(stretch: Stretch, place: int) -> bool:
    one, other = stretch.parts[place], stretch.parts[place + 1]
    return one.kind in _LISTED and (one.kind, one.block) == (other.kind, other.block)


def _is_long_list(stretch: Stretch, place: int) -> bool:
    return stretch.parts[place].kind in _LISTED and not _is_quoted_whole(stretch, place)


def _is_quoted_whole(stretch: Stretch, place: int) -> bool:
    """Whether the list or table around a place is short, or one of steps."""
    parts = stretch.parts
    first = last = place
    # No further than it matters: a list may have thousands of items.
    while first and _within_list(stretch, first - 1) and parts[last].end - parts[first].start <= RUN_CHARS:
        first -= 1
    while last + 1 < len(parts) and _within_list(stretch, last) and parts[last].end - parts[first].start <= RUN_CHARS:
        last += 1
    return parts[last].end - parts[first].start <= RUN_CHARS or _is_step(stretch.text, parts[place])


def _has_steps(run: Run) -> bool:
    """Whether it is a part of a list of steps, or the sentence right above one."""
    parts = run.stretch.parts
    return any(_is_step(run.stretch.text, part) for part in parts[run.first : run.last + 2])


def _is_step(text: str, part: Part) -> bool:
    return part.kind == "item" and bool(_ORDERED.match(text, part.start))
