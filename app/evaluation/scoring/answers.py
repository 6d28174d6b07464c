"""Answer metrics of one question: refusal, citations against labels, words against the reference."""

import re
from collections import Counter
from collections.abc import Sequence

from footnote.app.core.types import Answer, Citation
from footnote.app.evaluation.scoring.labels import Target, overlaps
from footnote.app.evaluation.types import Checked

_LINK = re.compile(r"\]\([^)\s]*\)")
_WORD = re.compile(r"\w+")
_ARTICLES = frozenset(("a", "an", "the"))


def token_f1(answer: str, reference: str) -> float:
    """The harmonic mean of token precision and recall, [0, 1]; 0.0 where either text has no word.

    Source: Rajpurkar et al., "SQuAD", EMNLP 2016, section 6.1: lower case, without articles and punctuation, repeats
    counted. Here a word is a run of letters, digits and underscores, and targets of links are left out: SQuAD takes
    punctuation away instead, which would make one word of `--no-cache` or `pyproject.toml`.
    """
    precision, recall = _shares(answer, reference)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def token_recall(answer: str, reference: str) -> float:
    """The share of the reference's words that the answer holds, [0, 1]: its length makes no difference."""
    return _shares(answer, reference)[1]


def is_of_label(citation: Citation, targets: Sequence[Target]) -> bool:
    """Whether the cited passage overlaps a gold quote, or lies in the section or page of a label without one."""
    span = (citation.start, citation.end)
    return any(
        target.path == citation.path and any(overlaps(span, place) for place in target.spans) for target in targets
    )


def answer_text(answer: Answer) -> str:
    """What was said, without markers and verdicts; "" for a refusal."""
    return "\n".join(sentence.text for sentence in answer.sentences)


def checked_of(answer: Answer) -> Checked:
    """How its sentences came through the check."""
    seen = [sentence for sentence in answer.sentences if sentence.verdict != "not checkable"]
    verdicts = Counter(sentence.verdict for sentence in seen)
    return Checked(
        sentences=len(seen) + len(answer.dropped),
        supported=verdicts["supported"],
        unverified=verdicts["unverified"],
        left_out=len(answer.dropped),
        uncited=sum(not sentence.citations for sentence in seen),
    )


def _shares(answer: str, reference: str) -> tuple[float, float]:
    said, wanted = Counter(_words(answer)), Counter(_words(reference))
    shared = (said & wanted).total()
    return (shared / said.total(), shared / wanted.total()) if shared else (0.0, 0.0)


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(_LINK.sub("]", text).lower()) if word not in _ARTICLES]
