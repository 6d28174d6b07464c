"""resemblance: where a passage that was edited stands in its file now."""

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from typing import NamedTuple

from app.core.sentences import sentence_spans

# A word, or one character of a script without spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
# What hangs together with a word: marks, quotation marks, the full stop.
_RUN_BEFORE = re.compile(rf"[^\s{_UNSPACED}\u3000-\u303f\uff00-\uff0f]*")
_RUN_AFTER = re.compile(rf"[^\s{_UNSPACED}]*")
_LINE = re.compile(r"[^\s][^\r\n]*")
# A longer quote is compared by lines: the time to compare grows with the square of the length.
_MAX_WORDS = 1000
# As few words are found somewhere by chance.
_MIN_WORDS = 3
_STRAY_WORDS = 3


class Span(NamedTuple):
    """Characters `[start, end)` of a text."""

    start: int
    end: int


class _Units:
    """The words of a text, or its lines without indentation, and where each stands."""

    def __init__(self, text: str, by_line: bool = False) -> None:
        self.keys: list[str] = []
        self.starts, self.ends = array("q"), array("q")
        known: dict[str, str] = {}  # one string for all occurrences
        for match in (_LINE if by_line else _WORD).finditer(text):
            unit = match.group().rstrip()
            self.keys.append(known.setdefault(unit.casefold(), unit.casefold()))
            self.starts.append(match.start())
            self.ends.append(match.start() + len(unit))


class Resemblances:
    """Finds edited passages in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._units: dict[bool, _Units] = {}

    def find(self, quote: str, near: int) -> Span | None:
        """The stretch that resembles the quote most, of equal ones the one nearest to `near`; None without any.

        At least half of the quote's words must stand there, in order, with at most as many others between them as
        the quote is long.
        """
        wanted = _Units(quote)
        by_line = len(wanted.keys) > _MAX_WORDS
        if by_line:
            wanted = _Units(quote, by_line)
        present = self._units.get(by_line) or self._units.setdefault(by_line, _Units(self._text, by_line))
        blocks = _aligned(wanted.keys, present.keys, bisect_left(present.starts, near))
        if _units_in(blocks) < _needed(len(wanted.keys)):
            return None
        first, last = blocks[0], blocks[-1]
        replaced = (first.a, len(wanted.keys) - last.a - last.size)
        return self._stretch(present, first.b, last.b + last.size - 1, *replaced)

    def _stretch(self, present: _Units, first: int, last: int, before: int, after: int) -> Span:
        """Unit `first` to `last`, and in their sentences the `before` and `after` ones in place of the quote's own."""
        low = self._sentence(present.starts[first]).start
        start = low
        if first > before and present.ends[first - before - 1] > low:
            start = present.starts[first - before]
            start -= _run(_RUN_BEFORE, self._text[low:start][::-1], 0)
        high = self._sentence(present.ends[last] - 1).end
        stop = high
        if last + after + 1 < len(present.starts) and present.starts[last + after + 1] < high:
            stop = _run(_RUN_AFTER, self._text, present.ends[last + after])
        return Span(start, stop)

    def _sentence(self, at: int) -> Span:
        """The sentence around a character that is no white space, on its line, with the line's indentation."""
        line = 1 + max(self._text.rfind(end, 0, at) for end in "\r\n")
        ends = [self._text.find(end, at) for end in "\r\n"]
        line_end = min(end if end >= 0 else len(self._text) for end in ends)
        spans = sentence_spans(self._text[line:line_end])
        start, end = next(span for span in spans if line + span[1] > at)
        return Span(line if start == spans[0][0] else line + start, line + end)


def _run(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _aligned(wanted: Sequence[str], present: Sequence[str], near: int) -> list[Match]:
    """The runs of units that both have, in order, around the place of `present` that has most of them."""
    width = len(wanted)
    first = _densest(present, Counter(wanted), width, near)
    if first is None:
        return []
    # Wider where that finds more: text may have been put into the passage.
    tried = [_blocks(wanted, present, max(0, first - margin), first + width + margin) for margin in (0, width)]
    return max(tried, key=_units_in)


def _units_in(blocks: Sequence[Match]) -> int:
    return sum(block.size for block in blocks)


def _blocks(wanted: Sequence[str], present: Sequence[str], low: int, high: int) -> list[Match]:
    matcher = SequenceMatcher(None, wanted, present[low:high], autojunk=False)
    blocks = [Match(a, b + low, size) for a, b, size in matcher.get_matching_blocks() if size]
    while len(blocks) > 1 and _is_stray(blocks[0], blocks[1]):
        blocks = blocks[1:]
    while len(blocks) > 1 and _is_stray(blocks[-1], blocks[-2]):
        blocks = blocks[:-1]
    return blocks


def _densest(present: Sequence[str], wanted: Counter[str], width: int, near: int) -> int | None:
    """The first unit of the window that has most of the wanted ones, the nearest to `near` of equals."""
    missing = dict(wanted)
    shared = best = found = 0
    for last, key in enumerate(present):
        if key in missing:
            shared += missing[key] > 0
            missing[key] -= 1
        first = last + 1 - width
        if first > 0 and present[first - 1] in missing:
            missing[present[first - 1]] += 1
            shared -= missing[present[first - 1]] > 0
        if shared > best or (shared == best and abs(first - near) < abs(found - near)):
            best, found = shared, max(first, 0)
    return found if best >= _needed(width) else None


def _is_stray(edge: Match, inner: Match) -> bool:
    """Whether a block at the edge is a chance match: a word or two, farther from the rest than in the quote."""
    low, high = sorted((edge, inner), key=lambda block: block.b)
    extra = (high.b - low.b - low.size) - (high.a - low.a - low.size)
    return edge.size < _STRAY_WORDS and extra > edge.size


def _needed(units: int) -> int:
    return max(-(-units // 2), min(units, _MIN_WORDS), 1)
