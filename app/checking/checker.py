"""check: does what an answer says follow from the passages it cites? Sentence by sentence.

sentence -> facts -> names -> polarity -> support by models -> verdict
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from footnote.app.checking.alignment import Reading, claimed_terms, content_terms, counted, coverage, reading
from footnote.app.checking.facts import Evidence, Fact, facts, plain
from footnote.app.checking.language import capitalises_nouns, is_other_language
from footnote.app.checking.polarity import flipped
from footnote.app.checking.support import SupportModel
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Verdict

_SILENCE = re.compile(
    r"\b(?:docs?|documentation|sources?|passages?|pages?|text|context)\b.{0,40}"
    r"\b(?:do(?:es)? not|don't|doesn't|no(?:t|thing)?)\b"
    r".{0,20}\b(?:say|state|mention|specify|describe|contain|cover|explain|provide|answer|name|include|information|details?)",
    re.I,
)
# The share of a sentence's terms, weighted by rarity, that a passage about it holds.
MIN_RELATED = 0.25
# Where the best unit holds so much of a sentence, the sentence's numbers must stand in units that hold this share
# of that.
NEAR = ((0.8, 0.75), (0.6, 0.5))
# The fewest terms a sentence must have for that.
MIN_TERMS = 3
# The share of a unit's terms that makes it a part of the sentence.
MIN_INSIDE = 0.5
# How many terms more another number must share with what stands around a number.
MISCOUNT_MARGIN = 2
# A name in more of the chunks than this is what the docs are all about.
COMMON_SHARE = 0.2
# Source: bench/answer_check.py, which adds at most one false alarm in 200 sentences; in between lies "partly".
UNSUPPORTED_BELOW = 0.3
PARTLY_BELOW = 0.6
_ITEM_MARK = re.compile(r"(?:\s*(?:[-*+]|\d{1,3}[.)])\s+(?=\S))+")
_ANSWER_WORD = re.compile(r"\s*(?:yes|no|none|correct|right)\s*[.!]?\s*", re.I)
_NAME = re.compile(r"(?<![\w`.<$@-])(?:[A-Z][a-z]+(?:[A-Z][a-z]*)*|[A-Z]{2,}s?)(?![\w`])")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reason` is for the reader, "" when the sentence is supported."""

    verdict: Verdict
    reason: str = ""


SUPPORTED = Judgement("supported")


class Checker:
    """Judges sentences against passages.

    Args:
        support: the semantic layer; None for the deterministic one alone.
        terms: how often terms occur in the corpus.
    """

    def __init__(self, support: SupportModel | None, terms: TermCounts) -> None:
        self.terms = terms
        self._support = support

    @property
    def rules(self) -> "Checker":
        """The deterministic layer alone."""
        return self if self._support is None else Checker(None, self.terms)

    def judge(self, sentence: str, passages: Sequence[str], question: str = "") -> Judgement:
        """The verdict on one sentence; `passages` are what it cites, with their headings."""
        read = reading(tuple(passages))
        if not _ANSWER_WORD.fullmatch(sentence) and read.evidence.repeats(sentence):
            return SUPPORTED
        sentence = _ITEM_MARK.sub("", sentence, count=1)  # the number of a step is no number of the docs
        if _ANSWER_WORD.fullmatch(sentence) or _SILENCE.search(sentence) or not _states_anything(sentence):
            return Judgement("not checkable", "nothing in it can be looked up")
        if not passages:
            return Judgement("unsupported", "it cites nothing")
        wrong = self._judge_facts(sentence, read, question)
        if wrong or read.evidence.quotes(sentence):
            return wrong or SUPPORTED
        if sentence.rstrip("*_ ").endswith(":") and claimed_terms(sentence) <= read.terms | content_terms(question):
            return Judgement("not checkable", "it introduces what follows")
        return self._judge_meaning(sentence, read, question) or SUPPORTED

    def relates(self, sentence: str, passage: str) -> bool:
        """Whether a passage alone could be what the sentence says, by facts, polarity and shared terms."""
        shared = coverage(content_terms(sentence), content_terms(passage), self.terms.idf)
        return shared >= MIN_RELATED and self.rules.judge(sentence, [passage]).verdict != "unsupported"

    def _judge_facts(self, sentence: str, read: Reading, question: str) -> Judgement | None:
        found = facts(sentence)
        missing = [fact for fact in found if not read.evidence.holds(fact)]
        asked = Evidence([question])
        foreign = [fact for fact in missing if not asked.holds(fact)]
        if foreign:
            return Judgement("unsupported", f"{_listed(foreign)} not in the passage")
        if is_other_language(sentence, "\n".join(read.passages)):
            return Judgement("partly", "in another language than the passage: numbers, flags and the like agree")
        for name in absent_names(sentence, read.evidence, self.terms.share):
            if name.casefold() not in question.casefold():
                return Judgement("unsupported", f"{name} not in the passage")
        elsewhere = self._said_elsewhere(sentence, read, found)
        if elsewhere:
            return Judgement("unsupported", f"the passage says {elsewhere} of something else")
        if missing:
            return Judgement("partly", f"{_listed(missing)} only in the question")
        return None

    def _said_elsewhere(self, sentence: str, read: Reading, found: Sequence[Fact]) -> str | None:
        """A number of the sentence that stands only in parts of the passages that are about something else."""
        wanted = content_terms(sentence)
        if len(wanted) < MIN_TERMS:
            return None
        alone = [coverage(wanted, unit.terms, self.terms.idf) for unit in read.units]
        best = max(alone, default=0.0)
        # "The default is 7070." is about what the unit before it names.
        parts = list(zip(map(max, alone, [0.0, *alone]), read.units, strict=True))
        near = next((near * best for least, near in NEAR if best >= least), 0.0)
        numbers = [
            fact for fact in found if fact.kind in ("number", "version", "date") and not read.headings.holds(fact)
        ]
        for fact in numbers:
            holding = [(covered, unit) for covered, unit in parts if unit.evidence.holds(fact)]
            # A short unit, as a line of code, can lie inside the sentence.
            inside = any(coverage(unit.terms, wanted, self.terms.idf) >= MIN_INSIDE for _, unit in holding)
            if holding and not inside and max(covered for covered, _ in holding) < near:
                return fact.text
        return self._miscounted(sentence, read)

    @staticmethod
    def _miscounted(sentence: str, read: Reading) -> str | None:
        """A number of the sentence in whose place the passage has another one."""
        stated = [one for unit in read.units for one in unit.numbers]
        for said in counted(sentence):
            quantity = said.written.quantity
            named = any(quantity.agrees_with(one) for one in read.headings.quantities)
            shares = [(len(said.context & one.context), quantity.agrees_with(one.written.quantity)) for one in stated]
            same = max((share for share, agrees in shares if agrees), default=0)
            other = max((share for share, agrees in shares if not agrees), default=0)
            if other >= same + MISCOUNT_MARGIN + named:
                return said.written.text
        return None

    def _judge_meaning(self, sentence: str, read: Reading, question: str) -> Judgement | None:
        turned = flipped(sentence, [unit.text for unit, _ in read.aligned(sentence, self.terms.idf)])
        if turned:
            return Judgement("unsupported", f"the passage says the opposite ({turned})")
        support = 1.0 if self._support is None else self._support.support(sentence, read, question)
        if support < UNSUPPORTED_BELOW:
            return Judgement("unsupported", "the passage is about something else")
        return Judgement("partly", "the passage says only something like it") if support < PARTLY_BELOW else None


def _states_anything(sentence: str) -> bool:
    return bool(claimed_terms(sentence) or facts(sentence))


def absent_names(sentence: str, evidence: Evidence, share: Callable[[str], float]) -> Iterator[str]:
    """Proper names of the sentence that the evidence lacks, but not those of what the docs are all about."""
    text = re.sub(r"`[^`]*`", "` `", plain(sentence))
    if capitalises_nouns(evidence.text):
        return
    for match in _NAME.finditer(text):
        name = match.group()
        first = not re.search(r"\w", text[: match.start()]) or re.search(r"[.:;!?]\s*$", text[: match.start()])
        if first and not name.rstrip("s").isupper():
            continue
        if not evidence.mentions(name) and share(name.casefold()) < COMMON_SHARE:
            yield name


def _listed(missing: Sequence[Fact]) -> str:
    return ", ".join(fact.text for fact in missing[:3])
