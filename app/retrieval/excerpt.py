"""excerpt: the part of a passage that holds most of what a question asks about."""

import math
from collections.abc import Mapping

from footnote.app.core.text.analysis import question_terms, terms
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.text.term_counts import TermCounts


def question_rarities(question: str, counts: TermCounts) -> dict[str, float]:
    """How much each of the question's terms says about its subject."""
    return {term: counts.idf(term) for term in question_terms(question)}


def excerpt(text: str, rarities: Mapping[str, float], max_chars: int) -> str:
    """The run of whole lines, of at most `max_chars` characters, whose terms sum up to most; the first of equals.

    Lines of more than half of that are taken by sentences, and a sentence that alone is too long is cut. A text that is
    short enough is returned whole. A term counts once.
    """
    if len(text) <= max_chars:
        return text
    spans = _units(text, max_chars // 2)
    held = [rarities.keys() & set(terms(text[start:end])) for start, end in spans]
    best, most = (0, 0), -1.0
    for first, (start, end) in enumerate(spans):
        found = set(held[first])
        for (_, later), here in zip(spans[first + 1 :], held[first + 1 :], strict=True):
            if later - start > max_chars:
                break
            end = later
            found |= here
        # Exact, because the order of a set is another in each process: equals must stay equal.
        total = math.fsum(rarities[term] for term in found)
        if total > most:
            best, most = (start, end), total
    return text[best[0] : best[1]][:max_chars]


def _units(text: str, longest_line: int) -> list[tuple[int, int]]:
    units = []
    start = 0
    for line in text.splitlines(keepends=True):
        sentences = [(start + first, start + last) for first, last in sentence_spans(line)]
        if sentences:
            units += sentences if len(line) > longest_line else [(sentences[0][0], sentences[-1][1])]
        start += len(line)
    return units
