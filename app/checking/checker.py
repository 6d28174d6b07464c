"""check: does what an answer says follow from the passages? Sentence by sentence.

claim -> facts -> names -> numbers -> polarity -> what is new in it -> support by a model -> verdict

What the passages contradict, or what is invented, is unsupported; what is merely not found is unverified.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from footnote.app.checking.alignment import Reading, claimed_terms, content_terms, reading
from footnote.app.checking.claims import read_claim
from footnote.app.checking.code import foreign_code
from footnote.app.checking.facts import Evidence, Fact, facts, plain
from footnote.app.checking.language import is_other_language
from footnote.app.checking.misplaced import misplaced_number
from footnote.app.checking.names import absent_names
from footnote.app.checking.polarity import contrary
from footnote.app.checking.quantities import NUMBER_WORDS
from footnote.app.checking.support import SupportModel
from footnote.app.core.text.analysis import terms, words
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Verdict

# Names in so many of the chunks are known to every reader of the docs.
COMMON_SHARE, KNOWN_SHARE = 0.2, 0.05
# So many words of a sentence may be found nowhere; a name or number is enough by itself to doubt it. Chosen on three
# sets of bench/real_answers.py.
MAX_NEW = 1
ENOUGH = MAX_NEW + 1
# From so many words and names on that are found nowhere, a sentence is made up.
MADE_UP = 6
# What a support model must say at least.
MIN_SUPPORT = 0.5
# The kinds of facts that nobody makes up as an example.
_DOCS_KINDS = ("flag", "bound", "switch", "date")
_EXAMPLE = re.compile(
    r"\b(?:e\.g\.|for (?:example|instance)\b|such as\b|(?:named|called|examples?|your|replace|here)\b|say,)",
    re.I,
)
_ASKS = re.compile(r"[?？][\s*_\"'”’)\]]*\Z")
_CODE_SPAN = re.compile(r"`+[^`]*`+")
_ROUGH = re.compile(
    r"\b(?:about|around|roughly|approximately|almost|nearly|in total|twice|half)\b|[*…](?:\W|$)|\.{3}", re.I
)


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
    """What speaks against a sentence: `false` refutes it, `new` was not found, with what each counts."""

    false: list[str] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.new.values())


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
        judgement = self._judged(sentence, passages, question)
        # What it takes for granted may be false, but nothing of it is proven by words that the passages share.
        if judgement.verdict == "supported" and _ASKS.search(sentence) and read_claim(sentence).role != "code":
            return Judgement("not checkable", "it asks, and states nothing")
        return judgement

    def _judged(self, sentence: str, passages: Sequence[str], question: str) -> Judgement:
        read = reading(tuple(passages))
        claim = read_claim(sentence)
        if claim.role != "reply" and read.evidence.repeats(sentence):
            return Judgement("supported")
        if claim.role in ("reply", "silence", "rule") or not (claimed_terms(claim.text) or facts(claim.text)):
            return Judgement("not checkable", "nothing in it can be looked up")
        if not passages:
            return Judgement("unsupported", "it cites nothing")
        found = _Findings()
        asked = reading((question,)).evidence
        if claim.role == "code":
            self._look_up_code(claim.text, read, asked, found)
        else:
            self._look_up_facts(claim.text, read, asked, found)
            if not found.false and read.evidence.quotes(claim.text):
                return Judgement("supported")
            if is_other_language(claim.text, "\n".join(read.passages)) and not found.false:
                return Judgement(
                    "unverified", "in another language than the passage: numbers, flags and the like agree"
                )
            self._look_up_names(claim.text, read, question, found)
            if number := misplaced_number(claim.text, read, self.terms.idf):
                found.new[f"the passage says {number} of something else"] = ENOUGH
            self._look_up_polarity(claim.text, read, found)
            self._look_up_words(claim.text, read, question, found)
        if claim.role == "lead-in" and not found.false and found.count <= ENOUGH:
            return Judgement("not checkable", "it introduces what follows")
        return self._verdict(claim.text, read, question, found)

    def _verdict(self, text: str, read: Reading, question: str, found: _Findings) -> Judgement:
        counts = found.count, len(read.lacks(_prose_terms(text)))
        if found.false:
            return Judgement("unsupported", "; ".join(found.false[:2]), *counts)
        if self._support:
            if self._support.support(text, read, question) >= MIN_SUPPORT:
                return Judgement("supported", "", *counts)
            return Judgement("unverified", "the entailment model finds no support for it", *counts)
        said = claimed_terms(text) - content_terms(question)
        if counts[0] > MAX_NEW or counts[0] * 2 >= max(2, len(said)):
            verdict: Verdict = "unsupported" if len(found.new) >= MADE_UP else "unverified"
            return Judgement(verdict, f"not found: {', '.join(found.new)}", *counts)
        return Judgement("supported", "", *counts)

    def _look_up_facts(self, text: str, read: Reading, asked: Evidence, found: _Findings) -> None:
        missing = [fact for fact in facts(text) if not read.evidence.holds(fact)]
        for fact in missing:
            if not any(fact.text in other.text and fact.text != other.text for other in missing):  # 17 of `box-17`
                self._weigh(fact, text, asked.holds(fact), found)

    def _weigh(self, fact: Fact, text: str, is_asked: bool, found: _Findings) -> None:
        """What it means that the passages lack the fact."""
        is_named = fact.kind in ("identifier", "path", "code")
        if is_named and self.terms.share(next(iter(terms(fact.text)), "")) >= KNOWN_SHARE:
            return
        if fact.kind not in _DOCS_KINDS and (_EXAMPLE.search(text) or fact.text.casefold() in NUMBER_WORDS):
            found.new[fact.text] = 1
        elif is_asked:
            found.new[f"{fact.text} (only in the question)"] = ENOUGH
        elif fact.kind == "quoted" or _ROUGH.search(text) or (is_named and self._is_known(fact)):
            found.new[fact.text] = ENOUGH
        else:
            found.false.append(f"{fact.text} not in the passage")

    def _is_known(self, fact: Fact) -> bool:
        """Whether the docs have the name somewhere; of `OpenMetrics` or a path also all that it is made of."""
        parts = terms(fact.text)
        is_made_of_words = len(parts) > 1 and "_" not in fact.text
        return any(map(self.terms.chunks_with, parts[:1])) or (
            is_made_of_words and all(map(self.terms.chunks_with, parts[1:]))
        )

    def _look_up_names(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        for name in absent_names(text, read.evidence):
            if name.casefold() in question.casefold() or self.terms.share(name.casefold()) >= COMMON_SHARE:
                continue
            if _EXAMPLE.search(text) or any(map(self.terms.chunks_with, terms(name))):
                found.new[name] = ENOUGH
            else:
                found.false.append(f"{name} not in the passage")

    def _look_up_code(self, text: str, read: Reading, asked: Evidence, found: _Findings) -> None:
        for name in foreign_code(text, read.evidence):
            if asked.holds(name) or name.kind != "flag":
                found.new[name.text] = ENOUGH
            else:
                found.false.append(f"{name.text} not in the passage")

    def _look_up_polarity(self, text: str, read: Reading, found: _Findings) -> None:
        turned = contrary(text, read.clauses)
        if turned and turned.is_clear:
            found.false.append(f"the passage says the opposite ({turned.word})")
        elif turned:
            found.new[turned.word] = ENOUGH

    def _look_up_words(self, text: str, read: Reading, question: str, found: _Findings) -> None:
        lacking = read.lacks(_prose_terms(text) - content_terms(question))
        spelled = {name: word.text for word in words(plain(text)) for name in (*word.names, *word.parts)}
        for term in sorted(lacking):
            found.new.setdefault(spelled.get(term, term), 1)


def _prose_terms(text: str) -> frozenset[str]:
    """The claimed terms but those of code and names: they are facts, and looked up as such."""
    return frozenset(term for term in claimed_terms(_CODE_SPAN.sub(" ", text)) if term.isalpha() and len(term) > 1)
