"""check: does what an answer says follow from the passages? Sentence by sentence.

claim -> facts -> names -> numbers -> polarity -> what is new in it -> support by a model -> verdict

What the passages contradict, or what is invented, is unsupported; what is merely not found is unverified.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from footnote.app.checking.alignment import Reading, claimed_terms, content_terms, counted, coverage, reading
from footnote.app.checking.claims import read_claim
from footnote.app.checking.code import foreign_code
from footnote.app.checking.facts import Evidence, Fact, facts, plain
from footnote.app.checking.language import capitalises_nouns, is_other_language
from footnote.app.checking.polarity import contrary
from footnote.app.checking.quantities import NUMBER_WORDS
from footnote.app.checking.support import SupportModel
from footnote.app.core.text.analysis import terms, words
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Verdict

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
# How many words and facts of a sentence may be found nowhere. Chosen on three sets of bench/real_answers.py.
MAX_NEW = 1
# From so many different ones on it is made up.
MADE_UP = 6
# A name in so many of the chunks is known to every reader of the docs.
KNOWN_SHARE = 0.05
# What a support model must say at least.
MIN_SUPPORT = 0.5
# The kinds of facts that nobody makes up as an example.
_DOCS_KINDS = ("flag", "bound", "switch", "date")
_EXAMPLE = re.compile(
    r"\b(?:e\.g\.|for (?:example|instance)\b|such as\b|(?:named|called|examples?|your|replace|here)\b|say,)",
    re.I,
)
_CODE_SPAN = re.compile(r"`+[^`]*`+")
_ROUGH = re.compile(
    r"\b(?:about|around|roughly|approximately|almost|nearly|in total|twice|half)\b|[*…](?:\W|$)|\.{3}", re.I
)
_NAME = re.compile(r"(?<![\w`.<$@-])(?:[A-Z][a-z]+(?:[A-Z][a-z]*)*|[A-Z]{2,}s?)(?![\w`])")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reason` is for the reader, "" when the sentence is supported.

    `new` counts what neither passages nor question have, `missing` the words that the passages lack.
    """

    verdict: Verdict
    reason: str = ""
    new: int = 0
    missing: int = 0


@dataclass
class _Findings:
    """What speaks against a sentence: `false` refutes it, each of `new` is something that was not found."""

    false: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


class Checker:
    """Judges sentences against passages.

    Args:
        support: a model that decides where the rules refute nothing; None for the rules alone.
        terms: how often terms occur in the corpus.
    """

    def __init__(self, support: SupportModel | None, terms: TermCounts) -> None:
        self.terms = terms
        self._support = support

    @property
    def rules(self) -> "Checker":
        """The rules alone."""
        return self if self._support is None else Checker(None, self.terms)

    def judge(self, sentence: str, passages: Sequence[str], question: str = "") -> Judgement:
        """The verdict on one sentence; `passages` are those that it may follow from, each below a line of headings."""
        read = reading(tuple(passages))
        claim = read_claim(sentence)
        if claim.role != "reply" and read.evidence.repeats(sentence):
            return Judgement("supported")
        if claim.role in ("reply", "silence", "rule") or not (claimed_terms(claim.text) or facts(claim.text)):
            return Judgement("not checkable", "nothing in it can be looked up")
        if not passages:
            return Judgement("unsupported", "it cites nothing")
        found = _Findings()
        if claim.role == "code":
            self._look_up_code(claim.text, read, question, found)
        else:
            self._look_up_facts(claim.text, read, question, found)
            if not found.false and read.evidence.quotes(claim.text):
                return Judgement("supported")
            if is_other_language(claim.text, "\n".join(read.passages)) and not found.false:
                return Judgement(
                    "unverified", "in another language than the passage: numbers, flags and the like agree"
                )
            self._look_up_names(claim.text, read, question, found)
            self._look_up_numbers(claim.text, read, found)
            self._look_up_polarity(claim.text, read, found)
            self._look_up_words(claim.text, read, question, found)
        if claim.role == "lead-in" and not found.false and len(found.new) <= MAX_NEW + 1:
            return Judgement("not checkable", "it introduces what follows")
        return self._verdict(claim.text, read, question, found)

    def _verdict(self, text: str, read: Reading, question: str, found: _Findings) -> Judgement:
        counts = len(found.new), len(read.lacks(_prose_terms(text)))
        if found.false:
            return Judgement("unsupported", "; ".join(found.false[:2]), *counts)
        if self._support:
            if self._support.support(text, read, question) >= MIN_SUPPORT:
                return Judgement("supported", "", *counts)
            return Judgement("unverified", "the entailment model finds no support for it", *counts)
        if counts[0] > MAX_NEW or counts[0] * 2 >= max(2, len(claimed_terms(text))):
            new = list(dict.fromkeys(found.new))
            return Judgement(
                "unsupported" if len(new) >= MADE_UP else "unverified", f"not found: {', '.join(new)}", *counts
            )
        return Judgement("supported", "", *counts)

    def _look_up_facts(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        asked = Evidence([question])
        missing = [fact for fact in facts(text) if not read.evidence.holds(fact)]
        for fact in missing:
            if not any(fact.text in other.text and fact.text != other.text for other in missing):  # 17 of `box-17`
                self._weigh(fact, text, asked.holds(fact), found)

    def _look_up_names(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        for name in absent_names(text, read.evidence, self.terms.share):
            if name.casefold() in question.casefold():
                continue
            if _EXAMPLE.search(text) or any(map(self.terms.chunks_with, terms(name))):
                found.new += [name] * (MAX_NEW + 1)
            else:
                found.false.append(f"{name} not in the passage")

    def _weigh(self, fact: Fact, text: str, is_asked: bool, found: _Findings) -> None:
        """What it means that the passages lack the fact."""
        is_named = fact.kind in ("identifier", "path", "code")
        if is_named and self.terms.share(_name_of(fact.text)) >= KNOWN_SHARE:
            return
        if fact.kind not in _DOCS_KINDS and (_EXAMPLE.search(text) or fact.text.casefold() in NUMBER_WORDS):
            found.new.append(fact.text)
        elif is_asked:
            found.new += [f"{fact.text} (only in the question)"] * (MAX_NEW + 1)
        elif fact.kind == "quoted" or _ROUGH.search(text) or (is_named and self._is_known(fact)):
            found.new += [fact.text] * (MAX_NEW + 1)
        else:
            found.false.append(f"{fact.text} not in the passage")

    def _is_known(self, fact: Fact) -> bool:
        """Whether the docs have the name somewhere; of `OpenMetrics` or a path also all that it is made of."""
        parts = terms(fact.text)
        is_made_of_words = len(parts) > 1 and "_" not in fact.text
        return any(map(self.terms.chunks_with, parts[:1])) or (
            is_made_of_words and all(map(self.terms.chunks_with, parts[1:]))
        )

    def _look_up_code(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        asked = Evidence([question])
        for name in foreign_code(text, read.evidence):
            if asked.holds(name) or name.kind != "flag":
                found.new += [name.text] * (MAX_NEW + 1)
            else:
                found.false.append(f"{name.text} not in the passage")

    def _look_up_numbers(self, text: str, read: Reading, found: _Findings) -> None:
        elsewhere = self._said_elsewhere(text, read, facts(text))
        if elsewhere:
            found.new += [f"the passage says {elsewhere} of something else"] * (MAX_NEW + 1)

    def _look_up_polarity(self, text: str, read: Reading, found: _Findings) -> None:
        turned = contrary(text, read.clauses)
        if turned and turned.is_clear:
            found.false.append(f"the passage says the opposite ({turned.word})")
        elif turned:
            found.new += [turned.word] * (MAX_NEW + 1)

    def _look_up_words(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        lacking = read.lacks(_prose_terms(text) - content_terms(question))
        spelled = {name: word.text for word in words(plain(text)) for name in (*word.names, *word.parts)}
        new = [spelled.get(term, term) for term in sorted(lacking)]
        found.new += new

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


def _prose_terms(text: str) -> frozenset[str]:
    """The claimed terms but those of code and names: they are facts, and looked up as such."""
    return frozenset(term for term in claimed_terms(_CODE_SPAN.sub(" ", text)) if term.isalpha() and len(term) > 1)


def _name_of(text: str) -> str:
    return next(iter(terms(text)), "")


def absent_names(sentence: str, evidence: Evidence, share: Callable[[str], float]) -> Iterator[str]:
    """Proper names of the sentence that the evidence lacks, but not those of what the docs are all about."""
    text = re.sub(r"`[^`]*`", "` `", plain(sentence))
    if capitalises_nouns(evidence.text):
        return
    for match in _NAME.finditer(text):
        name = match.group()
        first = re.search(r"(?:^|[.:;!?|*\"(>-])[\W_]*$", text[: match.start()])
        if first and not name.rstrip("s").isupper():
            continue
        if not evidence.mentions(name) and share(name.casefold()) < COMMON_SHARE:
            yield name
