"""claims: what a question states by the way it asks. English; pure functions.

Only what is said of the product is taken, and only what is affirmed: "Why does X do Y?" states that X does Y, "the
default timeout of 30 seconds" that it is that, and "How do I do Z?" that Z can be done.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from footnote.app.checking.quantities import Quantity, Written, quantities
from footnote.app.core.text.sentences import sentence_spans

ClaimKind = Literal["statement", "value", "possible"]

_ASIDE = r"(?:how|what|which|where|when|why|who|can|could|should|do|does|did|is|are)\b"
_I = r"(?:do|can|could|should|would) (?:i|we|you)"
_STATEMENTS = (
    re.compile(r"\bwhy (?:do|does|did|is|are|was|were|can|could|will|would|has|have|must) (?P<said>.+)", re.I),
    re.compile(rf"^(?:since|as|because|given that|now that|considering that) (?P<said>[^,]+), {_ASIDE}", re.I),
    re.compile(rf"\bhow {_I} (?:stop|prevent|keep) (?P<said>.+? from (?:\w+ing|being)\b.*)", re.I),
)
_POSSIBLE = re.compile(rf"\bhow {_I} (?P<said>.+)", re.I)
# The asker's own case, which the docs do not know.
_OWN_SUBJECT = re.compile(r"^(?:i|we|you|my|our|your|this|that|it|there|some|these|those)\b", re.I)
_DENIES = re.compile(r"n't\b|\b(?:not|never|no|cannot|without|neither|nor|none|nothing|only|unable)\b", re.I)
_OF_VALUES = re.compile(r"\b(?:defaults?|limit(?:s|ed)?|timeout|maximum|minimum|cap|budget|interval)\b", re.I)
_WHY = re.compile(r"\bwhy\b", re.I)
# A number that is wanted or the asker's own is not said of the product.
_NOT_SAID = re.compile(
    r"\b(?:to|than|with|after|within|every|have|has|had|need|use|using|my|our|version)\s$|[=.\w-]$", re.I
)
_AFTER_NAME = re.compile(r"\b[A-Z][a-z]+\s$")  # a version: Ray 2
_CHANGING = re.compile(
    r"^.*?\b(?:change|raise|lower|increase|decrease|reduce|extend|shorten|adjust|override|set|is|are|does|do)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a question takes for true; `quantity` is the number that it says, of a value only."""

    text: str
    kind: ClaimKind
    quantity: Quantity | None = None


def claims(question: str) -> Iterator[Claim]:
    """What the question takes for true, in order; of what it denies nothing."""
    for start, end in sentence_spans(question):
        sentence = question[start:end].rstrip(" ?!.")
        value = _value(sentence)
        said = next((match["said"] for pattern in _STATEMENTS if (match := pattern.search(sentence))), None)
        if value:
            yield value
        elif said:
            if not _OWN_SUBJECT.match(said) and not _DENIES.search(said):
                yield Claim(said, "statement")
        elif (asked := _POSSIBLE.search(sentence)) and not _DENIES.search(asked["said"]):
            yield Claim(asked["said"], "possible")


def _value(sentence: str) -> Claim | None:
    """The only number of a sentence on a default or a limit, or that asks why, and what it is said of."""
    found: list[Written] = list(quantities(sentence))
    if len(found) != 1:
        return None
    number = found[0]
    if not _OF_VALUES.search(sentence) and not (_WHY.search(sentence) and number.quantity.unit):
        return None
    before, after = sentence[: number.start], sentence[number.start + len(number.text) :]
    if _NOT_SAID.search(before) or (_AFTER_NAME.search(before) and not number.quantity.unit):
        return None
    return Claim(_CHANGING.sub("", f"{before} {after}", count=1), "value", number.quantity)
