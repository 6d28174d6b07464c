"""quotes: the smallest part of a chunk that supports a sentence, for its citation to quote. No model is asked."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from footnote.app.checking.alignment import content_terms, coverage
from footnote.app.checking.checker import Checker
from footnote.app.checking.facts import Evidence, facts
from footnote.app.core.text.passages import code_lines, in_context, passages
from footnote.app.core.types import Chunk, Passage

# The share that a quote must hold of those of the sentence's terms, weighted by rarity, that its chunk holds.
KEPT_COVERAGE = 0.8


def supporting_passage(sentence: str, chunk: Chunk, checker: Checker) -> Passage | None:
    """The shortest run of neighbouring passages that says as much of the sentence as the whole chunk does.

    It holds every fact of the sentence that the chunk holds, nearly all of its terms, and the rules find no fault
    with it that they do not find with the whole. None when no run is like that: then the chunk is the quote.
    """
    whole = checker.rules.judge(sentence, [chunk.index_text]).verdict
    for passage in _sufficient(sentence, chunk, checker):
        if whole == "unsupported" or checker.rules.judge(sentence, [in_context(chunk, passage)]).verdict == whole:
            return passage
    return None


class _Part(NamedTuple):
    passage: Passage
    terms: frozenset[str]
    facts: frozenset[int]


def _sufficient(sentence: str, chunk: Chunk, checker: Checker) -> list[Passage]:
    """For each part of the chunk the shortest run from it that holds what is needed, shortest first."""
    wanted = content_terms(sentence) - content_terms(chunk.breadcrumb)
    above = Evidence([chunk.breadcrumb])
    claimed = [fact for fact in facts(sentence) if not above.holds(fact)]
    parts = []
    for passage in (part for whole in passages(chunk) for part in code_lines(whole)):
        evidence = Evidence([passage.label, passage.table_header, passage.text])
        held = frozenset(number for number, fact in enumerate(claimed) if evidence.holds(fact))
        parts.append(_Part(passage, content_terms(in_context(chunk, passage)), held))
    weight = checker.terms.idf
    needed_facts = frozenset().union(*(part.facts for part in parts))
    held_terms = frozenset().union(*(part.terms for part in parts))
    needed = KEPT_COVERAGE * coverage(wanted, held_terms, weight)
    found = []
    for first in range(len(parts)):
        terms: frozenset[str] = frozenset()
        held = frozenset()
        for last in range(first, len(parts)):
            terms |= parts[last].terms
            held |= parts[last].facts
            if held >= needed_facts and coverage(wanted, terms, weight) >= needed:
                found.append(_joined(chunk, [part.passage for part in parts[first : last + 1]]))
                break
    return sorted(found, key=lambda passage: passage.end - passage.start)


def _joined(chunk: Chunk, run: Sequence[Passage]) -> Passage:
    """One passage from the first of the run to its last, with what lies between them."""
    first, last = run[0], run[-1]
    if len(run) == 1:
        return first
    content = chunk.text.encode()[first.start - chunk.start : last.end - chunk.start]
    labels = [label for label, _ in groupby(passage.label for passage in run)]
    return Passage(
        content.decode(),
        first.start,
        last.end,
        first.start_line,
        last.end_line,
        labels[0] if len(labels) == 1 else "",
        first.table_header,
        first.fence if all(passage.fence == first.fence for passage in run) else None,
    )
