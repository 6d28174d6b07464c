"""answerability: how likely it is that the docs answer a question, from the best hit and the scores around it.

Four signals, each of which may only raise (or only lower) the probability; a logistic model joins them.
They cost no run of a model beyond those of retrieval.

    coverage   does the passage hold the question's words, rare ones first?
    cosine     is it about the same thing as a whole?
    standout   does the reranker single it out from the other candidates?
    unknown    does the question name something that the docs never name?

Source of the coefficients: `bench/refusals.py --fit` on development questions. They belong to the bundled
embedder and reranker: another model has other cosines and logits.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footnote.app.core.text.analysis import STOP_WORDS, Word, short_flags, terms, words
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Hit

# Words that shape a question but name nothing that a passage would have to hold.
_ASKING_WORDS = """
what which who whom whose when where why how many much long often does do did is are was were can could should would
will may might use used using way ways get make set work works need want mean means happen happens tell give show
thing possible example please explain difference between there any some one two first same different other about
before after without with
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_NAME = re.compile(r"[_\d/.]|[a-z][A-Z]|^-|[A-Z]{2,}")
# A number, a version or a size: docs answer for versions that they never spell. On nine sets 1.9% of the answerable
# questions had one that the docs lack, and 1.5% of the others.
_NUMBER = re.compile(r"v?\d+[a-z]?(?:[./-](?:\d+[a-z]?|x))*", re.IGNORECASE)
# Keeps candidates that all score alike from dividing by almost nothing. In logits.
_SPREAD_FLOOR = 0.5
# What the fit saw: so many candidates a question; the bundled reranker gives about -11 to what is unrelated.
CANDIDATES = 12
_LOWEST_LOGIT = -11.0
_HIGHEST_STANDOUT = 3.0
# The cosine of a passage that spells the flags of one letter in the question, at least: the embedder cannot tell `-i`
# from `-n`, and is near to neither. A round guess, between what is unrelated and what answers.
_FLAG_COSINE = 0.65


@dataclass(frozen=True, slots=True)
class Signals:
    """The evidence that a passage answers a question.

    Attributes:
        coverage: share of the question's rarity that the passage holds word for word, [0, 1].
        cosine: of question and passage, [-1, 1]; the lowest found when only the lexical search returned the passage;
            not below `_FLAG_COSINE` when the passage spells the flags of one letter that the question names.
        standout: best reranker logit in standard deviations above the mean of all candidates.
        unknown_names: what the question names and the docs nowhere hold, as the question spells it.
    """

    coverage: float
    cosine: float
    standout: float
    unknown_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coefficients:
    """One per signal, and the intercept; of a logistic model on the signals as they are.

    `unknown` is added once, however many names are unknown.
    """

    coverage: float
    cosine: float
    standout: float
    unknown: float
    intercept: float


COEFFICIENTS = Coefficients(coverage=3.6054, cosine=24.4717, standout=2.0197, unknown=-2.6776, intercept=-22.6146)


def signals(question: str, candidates: Sequence[Hit], counts: TermCounts) -> Signals:
    """The evidence that the first candidate answers the question.

    `candidates` are all that were reranked, best first, not only those that are shown. At least one.
    """
    best = candidates[0]
    similarities = [hit.vector.score for hit in candidates if hit.vector]
    asked = _asked_words(question)
    return Signals(
        coverage=_coverage(asked, best.chunk.index_text, counts),
        cosine=max(
            best.vector.score if best.vector else min(similarities, default=0.0),
            _FLAG_COSINE if _spells_flags(question, best.chunk.index_text) else 0.0,
        ),
        standout=_standout([hit.reranked.score for hit in candidates if hit.reranked]),
        unknown_names=tuple(word.text for word in asked if _is_name(word) and not _is_known(word, counts)),
    )


def probability(found: Signals, coefficients: Coefficients = COEFFICIENTS) -> float:
    """The calibrated probability that the docs answer the question, [0, 1]."""
    total = (
        coefficients.intercept
        + coefficients.coverage * found.coverage
        + coefficients.cosine * found.cosine
        + coefficients.standout * found.standout
        + coefficients.unknown * bool(found.unknown_names)
    )
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _asked_words(question: str) -> list[Word]:
    return [word for word in words(question) if word.text.lower() not in STOP_WORDS | _ASKING]


def _is_known(word: Word, counts: TermCounts) -> bool:
    if any(map(counts.chunks_with, word.names)):
        return True
    # `import/export` is two words, and no name unless one of them is.
    several = word.text.split("/")
    return len(several) > 1 and all(map(str.isalpha, several)) and all(map(counts.chunks_with, word.parts))


def _is_name(word: Word) -> bool:
    if _NUMBER.fullmatch(word.text):
        return False
    # The first word of a sentence is capitalised whatever it is.
    return bool(_NAME.search(word.text)) or (not word.is_first and word.text[:1].isupper())


def _spells_flags(question: str, passage: str) -> bool:
    flags = short_flags(question)
    return bool(flags) and flags <= short_flags(passage)


def _coverage(asked: Sequence[Word], passage: str, counts: TermCounts) -> float:
    held = set(terms(passage))
    total = covered = 0.0
    for word in asked:
        rarities = {term: counts.rarity(term) for term in (*word.names, *word.parts)}
        total += max(rarities.values())
        covered += max((rarity for term, rarity in rarities.items() if term in held), default=0.0)
    return covered / total if total else 0.0


def _standout(logits: Sequence[float]) -> float:
    """Over exactly `CANDIDATES`, so that a small corpus or a narrow filter means the same as a large one."""
    best = sorted(logits, reverse=True)[:CANDIDATES]
    scores = np.array(best + [_LOWEST_LOGIT] * (CANDIDATES - len(best)))
    return min(_HIGHEST_STANDOUT, float((scores.max() - scores.mean()) / (scores.std() + _SPREAD_FLOOR)))
