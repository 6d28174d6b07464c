"""alignment: passages taken apart once, so that each sentence is read against what is about it. Pure functions."""

import re
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from footnote.app.checking.facts import Evidence, plain
from footnote.app.checking.polarity import Clause, clauses
from footnote.app.checking.quantities import NUMBER_WORDS, Written, quantities
from footnote.app.core.text.analysis import STOP_WORDS, terms
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
# Words that every writer uses in their own way: whether a passage has them, too, says nothing about what it says.
# Those of cause, time and scope ("because", "only", "without") are none.
_COMMON_WORDS = """
say says said tell tells told mean means meant give gives given gave get gets got let lets put puts
take takes took taken go goes went gone come comes came make makes made have had want wants try tries
use uses used using work works happen happens find finds found show shows shown list lists cover covers include includes
contain contains talk talks refer refers call calls called name names named see seen ask asks check checks consider
suppose become becomes became appear appears belong belongs whether both either each other
another such some any own same different certain several various many much more most least few together along through
under over about around across among between within toward towards into onto via per too also again
yet already even just really simply usually normally generally typically mostly mainly basically essentially quite
rather short brief briefly whole entire part parts kind kinds sort type place places line lines reason reasons matter
problem issue moment well good sure possible available likely enough able otherwise besides afterwards later then where
e.g. i.e. re ll ve etc itself themselves yourself someone something anything everything everyone else mind care aware
remember plus top end hand level number amount may must might cannot been being like flag feature variable parameter
argument function value field property attribute string
"""
CONTEXT_CHARS = 40
# Neighbouring units that are read together: a sentence of an answer often puts a few of them together.
WINDOW_UNITS = 4
WINDOW_CHARS = 300


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

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses(plain(self.text))


class Reading:
    """Passages prepared for any number of sentences."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = tuple(passages)
        self.evidence = Evidence(passages)
        # What a heading names is said of all that stands below it.
        heads = [passage.partition("\n")[0] for passage in passages]
        self.headings = Evidence(heads)
        self._heading_terms = content_terms("\n".join(heads))
        self._units = [[Unit(text) for text in unit_texts(passage)] for passage in passages]
        self.units = [unit for units in self._units for unit in units]
        self.terms = content_terms("\n".join(passages))

    def lacks(self, wanted: frozenset[str]) -> frozenset[str]:
        """The wanted terms that neither the headings hold nor the neighbouring units that hold most of them."""
        wanted -= self._heading_terms
        return min((wanted - terms for terms in self._window_terms), key=len, default=wanted)

    def windows(self, wanted: frozenset[str], weight: Weight, limit: int) -> list[str]:
        """At most `limit` windows of about `WINDOW_CHARS`, those first that hold most of the wanted terms."""
        return sorted(self._windows, key=lambda text: -coverage(wanted, content_terms(text), weight))[:limit]

    @cached_property
    def clauses(self) -> list[Clause]:
        return [clause for unit in self.units for clause in unit.clauses]

    @cached_property
    def _window_terms(self) -> list[frozenset[str]]:
        return [
            frozenset().union(*(unit.terms for unit in units[first : first + WINDOW_UNITS]))
            for units in self._units
            for first in range(max(1, len(units) - WINDOW_UNITS + 1))
        ]

    @cached_property
    def _windows(self) -> list[str]:
        joined: list[str] = []
        for unit in self.units:
            if joined and len(joined[-1]) + len(unit.text) < WINDOW_CHARS:
                joined[-1] += f" {unit.text}"
            else:
                joined.append(unit.text)
        return joined


def clauses_of(passage: str) -> list[Clause]:
    """The clauses of a passage in order."""
    return [clause for text in unit_texts(passage) for clause in clauses(text)]


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


@lru_cache(maxsize=8192)
def content_terms(text: str) -> frozenset[str]:
    """Search terms without stop words, negations and numbers, which are judged apart."""
    found = frozenset(term for term in terms(plain(text)) if not term.isdigit())
    return found - _stop_terms() - _NEGATIONS - _number_terms()


def claimed_terms(text: str) -> frozenset[str]:
    """The content terms without those that only frame what is said, as in "here is an example", or that all use."""
    return content_terms(text) - _framing() - _common()


@cache
def _stop_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(STOP_WORDS)))


@cache
def _number_terms() -> frozenset[str]:
    return frozenset(terms(" ".join(NUMBER_WORDS)))


@cache
def _framing() -> frozenset[str]:
    return content_terms(_FRAMING_WORDS)


@cache
def _common() -> frozenset[str]:
    return content_terms(_COMMON_WORDS)


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
