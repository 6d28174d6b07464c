"""measures: what is compared of two arms. Pure functions.

The arm is drawn by question, so a question that is asked again counts once: with the mean of its answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from footnote.app.core.types import Sentence
from footnote.app.evaluation.estimate import Floats
from footnote.app.kept.rows import KeptAnswer

Better = Literal["more", "less"] | None
Kind = Literal["yes or no", "share", "amount", "median"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of an answer.

    Attributes:
        of: the number; None where it says nothing of the answer.
        kind: "yes or no" is 0 or 1, a share between them; of amounts the mean is compared, or the median.
        better: which is good, more or less; None where neither is by itself.
        decides: whether the verdict rests on it.
    """

    name: str
    meaning: str
    of: Callable[[KeptAnswer], float | None]
    kind: Kind
    better: Better
    decides: bool = False

    def values(self, by_question: Mapping[str, Sequence[KeptAnswer]]) -> Floats:
        """`(questions,) float64`, those to which it applies."""
        found = []
        for answers in by_question.values():
            said = [value for value in map(self.of, answers) if value is not None]
            if said:
                found.append(sum(said) / len(said))
        return np.array(found, dtype=np.float64)


def _stated(kept: KeptAnswer) -> list[Sentence]:
    """The sentences that state something, of an answer that a model wrote, also those that were left out."""
    written = kept.mode == "llm"
    return [one for one in (*kept.sentences, *kept.dropped) if one.verdict != "not checkable"] if written else []


def _verdict(verdict: str) -> Callable[[KeptAnswer], float | None]:
    def share(kept: KeptAnswer) -> float | None:
        stated = _stated(kept)
        return sum(one.verdict == verdict for one in stated) / len(stated) if stated else None

    return share


def _uncited(kept: KeptAnswer) -> float | None:
    stated = [one for one in kept.sentences if one.verdict != "not checkable"] if kept.mode == "llm" else []
    return sum(not one.citations for one in stated) / len(stated) if stated else None


def _dropped(kept: KeptAnswer) -> float | None:
    stated = _stated(kept)
    left_out = [one for one in kept.dropped if one.verdict != "not checkable"]
    return len(left_out) / len(stated) if stated else None


def _liked(kept: KeptAnswer) -> float | None:
    return float(kept.feedback.helpful) if kept.feedback else None


def _tokens(kept: KeptAnswer) -> float | None:
    used = kept.tokens
    return float(used.prompt + used.completion) if used and not kept.from_cache else None


def _cost(kept: KeptAnswer) -> float | None:
    return kept.tokens.cost_usd if kept.tokens and not kept.from_cache else None


LIKED = Measure("liked", "answers that a reader said helped, of those with a word", _liked, "yes or no", "more", True)
RATED = Measure(
    "with a word",
    "answers of which a reader said anything",
    lambda kept: float(kept.feedback is not None),
    "share",
    None,
)
MEASURES = (
    LIKED,
    Measure(
        "sentences supported",
        "of all that the model stated, before the check",
        _verdict("supported"),
        "share",
        "more",
        True,
    ),
    Measure("sentences without source", "of those that were given", _uncited, "share", "less", True),
    Measure(
        "model failed",
        "quotes came instead, or the answer ends early",
        lambda kept: float((kept.mode != "llm" and not kept.refused) or kept.truncated),
        "yes or no",
        "less",
        True,
    ),
    Measure(
        "answered", "not refused by the model or the check", lambda kept: float(not kept.refused), "yes or no", None
    ),
    Measure(
        "sentences unverified", "marked, as the passages do not prove them", _verdict("unverified"), "share", "less"
    ),
    Measure("sentences dropped", "left out, as the passages do not support them", _dropped, "share", "less"),
    RATED,
    Measure("tokens", "read and written for an answer", _tokens, "amount", "less"),
    Measure("cost in USD", "where the price is known", _cost, "amount", "less"),
    Measure(
        "milliseconds",
        "from question to answer",
        lambda kept: None if kept.from_cache else kept.total_ms,
        "median",
        "less",
    ),
)
