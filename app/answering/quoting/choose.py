"""choose: the passages of the stretches, scored against the question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from footnote.app.answering.quoting.stretches import Stretch
from footnote.app.core.text.analysis import STOP_WORDS, terms, words
from footnote.app.core.text.passages import in_context, last_of_example
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Part
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker

# Neighbouring sentences, and neighbouring items of a list, are scored together up to this length: a lone sentence lacks
# its context. Chosen on two documentation sets (160 questions).
SCORED_CHARS = 300
# What a passage gains that holds every name of the question, letter by letter: to the models one row of a table is like
# its neighbours. As much as the margin, so that these fall out. A guess.
NAME_WEIGHT = 3.0
_LEAD_IN_WORDS = 12  # "To reset it:"; a longer sentence says something of its own before its colon. A guess.
_LINK = re.compile(
    r"!?\[[^\]\n]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]*\])|<https?://[^>\s]*>"
)
_QUOTED = " \t>"
_LIST_BELOW = re.compile(r"[ \t]*\n(?:[ \t>]*\n)?[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_NAME = re.compile(r"[_\d/.]|[a-z][A-Z]|^-")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Parts `[first, last]` of a stretch, by place, with their score."""

    stretch: Stretch
    first: int
    last: int
    score: float = 0.0

    @property
    def label(self) -> str:
        """Of its first part."""
        return self.stretch.parts[self.first].label

    @property
    def text(self) -> str:
        """As it is spelled."""
        parts = self.stretch.parts
        return self.stretch.text[parts[self.first].start : parts[self.last].end]


def scored(question: str, found: Sequence[Stretch], reranker: Reranker | None, embedder: Embedder) -> list[Candidate]:
    """The passages of the stretches with their scores, in the order of the page; logits, or cosines of the embedder."""
    everything = [one for stretch in found for one in _passages(stretch)]
    # What asks, announces or points elsewhere is no answer, unless there is nothing else.
    candidates = [one for one in everything if says_something(one.stretch, one.first, one.last)] or everything
    texts = [in_context(one.stretch.chunk, one.stretch.passage(one.first, one.last)) for one in candidates]
    if reranker:
        logits = reranker.score([(question, text) for text in texts])
        names = names_in(question)
        scores = [
            logit
            + (one.stretch.logit(one.first, one.last) or 0.0)
            + NAME_WEIGHT * (_share_held(names, one) + 2 * _defines(question, names, one))
            for logit, one in zip(logits, candidates, strict=True)
        ]
    elif texts:
        vectors = np.asarray(embedder.embed_documents(texts))
        scores = [float(score) for score in vectors @ np.asarray(embedder.embed_query(question))]
    else:
        scores = []
    return [Candidate(one.stretch, one.first, one.last, score) for one, score in zip(candidates, scores, strict=True)]


def says_something(stretch: Stretch, first: int, last: int) -> bool:
    """Whether any of the parts from place to place does more than ask, announce or point elsewhere."""
    if introduces(stretch.text, stretch.parts[first]) and last > first:
        return True
    return not all(says_nothing(stretch.text[part.start : part.end]) for part in stretch.parts[first : last + 1])


def says_nothing(text: str) -> bool:
    """Whether a passage only asks, announces what is not in it, or points elsewhere."""
    if _LINK.search(text) and not any(map(str.isalnum, _LINK.sub("", text))):
        return True
    bare = text.strip(" \t\r\n*_>-")
    if "\n" in bare:
        return False
    announces = bare.endswith(":") and len(bare.split()) <= _LEAD_IN_WORDS
    return announces or (bare.endswith("?") and len(sentence_spans(bare)) == 1)


def names_in(question: str) -> frozenset[str]:
    """What the question spells that no other word stands for: `sensor_37`, `--no-cache`, `3.12`; as terms."""
    return frozenset(word.names[0] for word in words(question) if _NAME.search(word.text))


def _share_held(names: frozenset[str], one: Candidate) -> float:
    label = one.stretch.parts[one.first].label
    return len(names & set(terms(f"{label} {one.text}"))) / len(names) if names else 0.0


def _defines(question: str, names: frozenset[str], one: Candidate) -> bool:
    """Whether the question is a name and nothing else, and the passage a row or item that begins with it."""
    asked = (word.names[0] for word in words(question) if word.text.lower() not in STOP_WORDS)
    if not names or not names.issuperset(asked):
        return False
    first = next(words(one.text.lstrip("|*-+`_ \t")), None)
    return one.stretch.parts[one.first].kind in ("row", "item") and first is not None and first.names[0] in names


def _passages(stretch: Stretch) -> Iterator[Candidate]:
    """What can be quoted of the hits, in their order."""
    parts = stretch.parts
    is_found = [stretch.logit(place, place) is not None for place in range(len(parts))]
    first = 0
    while first < len(parts):
        last = first
        if parts[first].kind in ("sentence", "item"):
            while (
                last + 1 < len(parts)
                and is_found[last + 1] == is_found[first]
                and _together(parts[first], parts[last + 1], SCORED_CHARS)
            ):
                last += 1
            if introduces(stretch.text, parts[last]):
                last = last_of_example(parts, last, ("item", "row", "code"))
        if is_found[first]:
            yield Candidate(stretch, first, last)
        first = last + 1


def _together(first: Part, other: Part, chars: int) -> bool:
    alike = (first.kind, first.block, first.label) == (other.kind, other.block, other.label)
    return alike and other.end - first.start <= chars


def introduces(text: str, part: Part) -> bool:
    """Whether what is below belongs to a sentence: it ends in a colon, or is a line without an end above a list."""
    if part.kind != "sentence":
        return False
    said = text[part.start : part.end]
    return said.rstrip("*_").endswith((":", "：")) or _is_label(text, part, said)


def _is_label(text: str, part: Part, said: str) -> bool:
    begins_line = not text[text.rfind("\n", 0, part.start) + 1 : part.start].strip(_QUOTED)
    short = "\n" not in said and len(said.split()) <= _LEAD_IN_WORDS
    return begins_line and short and said.rstrip("*_`)\"' ")[-1:].isalnum() and bool(_LIST_BELOW.match(text, part.end))
