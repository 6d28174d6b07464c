"""alignment: cited passages taken apart, so that a sentence is read against what is about the same. Pure functions."""

import re
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from footnote.app.checking.facts import Evidence, plain
from footnote.app.checking.quantities import NUMBER_WORDS, Written, quantities
from footnote.app.core.text.analysis import question_terms, terms
from footnote.app.core.text.sentences import sentence_spans

Weight = Callable[[str], float]

# Whether a sentence denies is judged apart (`app.checking.polarity`).
_NEGATIONS = frozenset(("not", "no", "never", "cannot", "can", "n", "t", "don", "doesn", "isn", "won", "yes"))
# Words that hold an answer together and state nothing of their own.
_FRAMING_WORDS = """
answer steps follow following example instance summary summarize note way method thing relevant describe explain mention
page section docs documentation document documented passage source text information detail overview help hope further
question let know unfortunately here below above finally next also additionally moreover overall therefore thus however
please according look see setting option command
"""
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})")
_BLOCK_START = re.compile(r"[ \t>]*(?:[-*+][ \t]|\d+[.)][ \t]|#{1,6}[ \t]|\||!!!|\?\?\?|===|:::)")
_TARGET = re.compile(r"(?<=\])\([^()\s]*(?:\s+\"[^\"]*\")?\)")
WINDOW_CHARS = 300
CONTEXT_CHARS = 40
MIN_COVERAGE = 0.25
MAX_ALIGNED = 5


class Counted(NamedTuple):
    """A number and the content terms around it, within `CONTEXT_CHARS` either way."""

    written: Written
    context: frozenset[str]


class Unit:
    """A sentence, list item, table row or code line of a passage."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.terms = content_terms(text)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence((self.text,))

    @cached_property
    def numbers(self) -> list[Counted]:
        return counted(self.text)


class Reading:
    """Passages prepared for any number of sentences."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = tuple(passages)
        self.evidence = Evidence(passages)
        # What a heading names is said of all that stands below it.
        self.headings = Evidence([passage.partition("\n")[0] for passage in passages])
        self.units = [Unit(text) for passage in passages for text in unit_texts(passage)]
        self.terms = content_terms("\n".join(passages))

    def aligned(self, sentence: str, weight: Weight) -> list[tuple[Unit, float]]:
        """The units nearest to the sentence with their coverage, best first; empty when none comes near."""
        wanted = content_terms(sentence)
        found = [(unit, coverage(wanted, unit.terms, weight)) for unit in self.units]
        found.sort(key=lambda pair: -pair[1])
        if not found or found[0][1] < MIN_COVERAGE:
            return []
        return [pair for pair in found[:MAX_ALIGNED] if pair[1] >= 0.4 * found[0][1]]

    def windows(self, wanted: frozenset[str], weight: Weight, limit: int) -> list[tuple[str, frozenset[str]]]:
        """At most `limit` windows with their terms, those first that hold most of the wanted terms."""
        return sorted(self._windows, key=lambda window: -coverage(wanted, window[1], weight))[:limit]

    @cached_property
    def _windows(self) -> list[tuple[str, frozenset[str]]]:
        """Neighbouring units joined while they are at most `WINDOW_CHARS` long together."""
        joined: list[str] = []
        for unit in self.units:
            if joined and len(joined[-1]) + len(unit.text) < WINDOW_CHARS:
                joined[-1] += f" {unit.text}"
            else:
                joined.append(unit.text)
        return [(text, content_terms(text)) for text in joined]


@lru_cache(maxsize=64)
def reading(passages: tuple[str, ...]) -> Reading:
    """The passages prepared; remembered, as the sentences of an answer cite the same ones."""
    return Reading(passages)


def counted(text: str) -> list[Counted]:
    """The numbers of a text in digits, each with what stands around it."""
    text = plain(text)
    found = []
    for one in quantities(text):
        before, after = text[max(0, one.start - CONTEXT_CHARS) : one.start], text[one.start + len(one.text) :]
        # Words that are cut in half at the edge count for nothing.
        around = before.partition(" ")[2] if one.start > CONTEXT_CHARS else before
        found.append(Counted(one, content_terms(f"{around} {after[:CONTEXT_CHARS].rpartition(' ')[0]}")))
    return found


def content_terms(text: str) -> frozenset[str]:
    """Search terms without stop words, negations and numbers, which are judged apart."""
    return frozenset(term for term in question_terms(plain(text)) if not term.isdigit()) - _NEGATIONS - _number_terms()


def claimed_terms(text: str) -> frozenset[str]:
    """The content terms without those that only frame what is said, as in "here is an example"."""
    return content_terms(text) - _framing()


@cache
def _number_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(NUMBER_WORDS)))


@cache
def _framing() -> frozenset[str]:
    return content_terms(_FRAMING_WORDS)


def coverage(wanted: frozenset[str], held: frozenset[str], weight: Weight) -> float:
    """The weighted share of the wanted terms that are held, [0, 1]; 1 when nothing is wanted."""
    total = sum(map(weight, wanted))
    return sum(map(weight, wanted & held)) / total if total else 1.0


def unit_texts(passage: str) -> list[str]:
    """The units of a passage in order, without line breaks and link targets."""
    blocks: list[list[str]] = [[]]
    fenced = False
    for line in plain(_TARGET.sub("", passage)).splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            blocks.append([])
        elif not line.strip():
            blocks.append([])
        elif fenced or _BLOCK_START.match(line):
            blocks.append([line.strip()])
        else:
            blocks[-1].append(line.strip())
    texts = [" ".join(block) for block in blocks if block]
    return [text[start:end] for text in texts for start, end in sentence_spans(text)]
