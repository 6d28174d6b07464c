"""words: which of a question's words a passage lacks."""

from footnote.app.core.text.analysis import STOP_WORDS, terms, words
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.explaining.types import MissingWord


def missing_words(question: str, passage: str, counts: TermCounts) -> tuple[MissingWord, ...]:
    """The words of the question that the passage does not hold, rare ones first; each once.

    A word is held by its stem, and a name of several parts also by all of these.
    """
    held = set(terms(passage))
    missing: dict[tuple[str, ...], MissingWord] = {}
    for word in words(question):
        is_held = not held.isdisjoint(word.names) or (word.parts and held.issuperset(word.parts))
        if not is_held and word.text.lower() not in STOP_WORDS:
            missing.setdefault(word.names, MissingWord(word.text, max(map(counts.chunks_with, word.names))))
    return tuple(sorted(missing.values(), key=lambda one: one.passages))
