"""resemblance: where a passage that was edited stands in its file now."""

import re
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from typing import NamedTuple

import numpy as np

from footnote.app.core.text.sentences import sentence_spans

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
# As far as a sentence is looked for.
_REACH_CHARS = 5000


class Span(NamedTuple):
    """Characters `[start, end)` of a text."""

    start: int
    end: int


class _Units:
    """The words of a text, or its lines without indentation, and where each stands."""

    def __init__(self, text: str, by_line: bool = False) -> None:
        self.keys: list[str] = []
        self.places: dict[str, array[int]] = {}  # by key, in order
        self.starts, self.ends = array("q"), array("q")
        for match in (_LINE if by_line else _WORD).finditer(text):
            unit = match.group().rstrip()
            key = sys.intern(unit.casefold())
            self.places.setdefault(key, array("q")).append(len(self.keys))
            self.keys.append(key)
            self.starts.append(match.start())
            self.ends.append(match.start() + len(unit))


class Resemblances:
    """Finds edited passages in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._units: dict[bool, _Units] = {}

    def find(self, quote: str, near: int) -> Span | None:
        """The stretch that resembles the quote most, of equal ones the one nearest to `near`; None without any.

        At least half of the quote's words must stand there in order, and as many in a stretch as long as the quote.
        """
        wanted = _Units(quote)
        by_line = len(wanted.keys) > _MAX_WORDS
        if by_line:
            wanted = _Units(quote, by_line)
        present = self._units.get(by_line) or self._units.setdefault(by_line, _Units(self._text, by_line))
        blocks = _aligned(wanted.keys, present, bisect_left(present.starts, near))
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
        low, high = max(0, at - _REACH_CHARS), min(len(self._text), at + _REACH_CHARS)
        line = max(low, *(1 + self._text.rfind(end, low, at) for end in "\r\n"))
        line_end = min(end if end >= 0 else high for end in (self._text.find(end, at, high) for end in "\r\n"))
        spans = sentence_spans(self._text[line:line_end])
        start, end = next(span for span in spans if line + span[1] > at)
        return Span(line if start == spans[0][0] else line + start, line + end)


def _run(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _aligned(wanted: Sequence[str], present: _Units, near: int) -> list[Match]:
    """The runs of units that both have, in order, around the place of `present` that has most of them."""
    width = len(wanted)
    first = _densest(present, Counter(wanted), width, near)
    if first is None:
        return []
    # Wider where that finds more: text may have been put into the passage.
    tried = [_blocks(wanted, present.keys, max(0, first - margin), first + width + margin) for margin in (0, width)]
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


def _densest(present: _Units, wanted: Counter[str], width: int, near: int) -> int | None:
    """The first unit of the window that has most of the wanted ones, the nearest to `near` of equals."""
    steps = np.zeros(len(present.keys) + 1, np.int64)
    for key, count in wanted.items():
        at = np.array(present.places.get(key, ()), np.int64)
        # A place counts in all windows that hold it, but for those that hold `count` places before it as well.
        begins = np.maximum(at - width + 1, 0)
        begins[count:] = np.maximum(begins[count:], at[:-count] + 1)
        np.add.at(steps, begins, 1)
        steps[at + 1] -= 1
    shared = np.cumsum(steps)
    if shared.max() < _needed(width):
        return None
    best = np.flatnonzero(shared == shared.max())
    return int(best[np.abs(best - near).argmin()])


def _is_stray(edge: Match, inner: Match) -> bool:
    """Whether a block at the edge is a chance match: a word or two, farther from the rest than in the quote."""
    low, high = sorted((edge, inner), key=lambda block: block.b)
    extra = (high.b - low.b - low.size) - (high.a - low.a - low.size)
    return edge.size < _STRAY_WORDS and extra > edge.size


def _needed(units: int) -> int:
    return max(-(-units // 2), min(units, _MIN_WORDS), 1)
