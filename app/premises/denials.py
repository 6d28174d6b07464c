"""denials: the passage that says otherwise than a question takes for granted. Polarity and numbers decide, no model.

A passage denies a claim only where it is about the same: it holds most of the claim's words, and no other passage that
holds as many affirms it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from footnote.app.checking.alignment import clauses_of
from footnote.app.checking.polarity import contrary
from footnote.app.checking.quantities import Quantity, number_words, quantities
from footnote.app.core.text.analysis import question_terms, terms
from footnote.app.core.text.passages import passages
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk, Hit, Passage
from footnote.app.premises.claims import Claim

# The share of a claim's words, weighted by rarity, that the passage that denies it holds. Chosen, as all below, on
# questions about uv and Prometheus (bench/premises.py).
MIN_HELD = 0.6
# A passage that affirms the claim and is as near to it as this share of the denial's nearness makes it no denial.
RIVAL = 0.9
# What is not supported is said in few words, and they must be the question's: the share of the passage's words.
MIN_INSIDE = 0.6
MAX_CHARS = 400
MIN_TERMS = 2
_UNSUPPORTED = re.compile(
    r"\b(?:(?:not|never)(?: yet| currently| be)* (?:supported|possible|allowed|available)|unsupported|no longer"
    r"|(?:do|does) not (?:yet |currently )?(?:support|allow)|cannot be|(?:has|have) been (?:removed|deprecated)"
    r"|(?:is|are) deprecated)\b",
    re.I,
)
# What holds in some case, or for whom it concerns, denies nothing that is asked of all.
_CONDITIONAL = re.compile(
    r"^\W*(?:if|when|unless|once|while|where|for|until|after|without)\b"
    r"|\b(?:if|when|unless|whether|where|while|until|you|we)\b[^,.;:]{0,40}?(?:n't|\b(?:not|never|no|cannot))\b",
    re.I,
)
_REFERS = re.compile(r"\W*(?:the default|defaults?|by default|it|its|this)\b", re.I)
_DEFAULT = frozenset(terms("default"))
_NOW = frozenset(terms("yet currently"))
_ASIDE = re.compile(r"\([^()]*\)")


class Denial(NamedTuple):
    chunk: Chunk
    passage: Passage


class _Part(NamedTuple):
    """A passage with the share of the claim that it holds, and how near it is to it; both [0, 1]."""

    held: float
    nearness: float
    terms: frozenset[str]
    chunk: Chunk
    passage: Passage


def denial(claim: Claim, hits: Sequence[Hit], counts: TermCounts) -> Denial | None:
    """The passage of the hits that denies the claim; None when none does, or another one affirms it."""
    wanted = frozenset(question_terms(claim.text))
    if len(wanted) < MIN_TERMS:
        return None
    parts = _parts(wanted, [one for hit in hits for one in _passages(hit.chunk, claim.kind == "value")], counts)
    if claim.quantity is not None:
        found = _other_value(claim.quantity, parts)
    elif claim.kind == "statement":
        found = _opposite(claim.text, parts)
    else:
        found = _unsupported(wanted, parts, counts)
    return Denial(found.chunk, found.passage) if found else None


def _passages(chunk: Chunk, with_reference: bool) -> Iterator[tuple[Chunk, Passage]]:
    """What of a chunk can deny; `with_reference`, "The default is 7070." comes with the sentence before it."""
    before: Passage | None = None
    for passage in passages(chunk):
        if passage.fence is None and len(passage.text) <= MAX_CHARS:
            refers = with_reference and before and _REFERS.match(passage.text)
            yield chunk, _after(before, passage, chunk) if before and refers else passage
        before = passage


def _after(before: Passage, passage: Passage, chunk: Chunk) -> Passage:
    """The passage with the one before it; alone where they are not of one paragraph."""
    text = chunk.text.encode()[before.start - chunk.start : passage.end - chunk.start].decode()
    if text.strip("\r\n").count("\n\n") or len(text) > MAX_CHARS:
        return passage
    return replace(passage, text=text, start=before.start, start_line=before.start_line)


def _parts(wanted: frozenset[str], found: Sequence[tuple[Chunk, Passage]], counts: TermCounts) -> list[_Part]:
    """The passages, nearest first."""
    parts = []
    for chunk, passage in found:
        said = frozenset(question_terms(_ASIDE.sub(" ", passage.text)))
        held, inside = _share(wanted, said, counts), _share(said, wanted, counts)
        # The F-measure that counts what is held twice: what a passage says besides matters less.
        nearness = 5 * held * inside / (4 * inside + held) if held else 0.0
        parts.append(_Part(held, nearness, said, chunk, passage))
    return sorted(parts, key=lambda part: -part.nearness)


def _share(wanted: frozenset[str], held: frozenset[str], counts: TermCounts) -> float:
    total = sum(map(counts.idf, wanted))
    return sum(map(counts.idf, wanted & held)) / total if total else 0.0


def _opposite(claim: str, parts: Sequence[_Part]) -> _Part | None:
    for part in parts:
        text = part.passage.text
        if part.held < MIN_HELD or _CONDITIONAL.search(text) or not (turned := _turned(claim, text)):
            continue
        shared = turned | (part.terms & _DEFAULT & frozenset(question_terms(claim)))
        rivals = [one for one in parts if one.nearness >= RIVAL * part.nearness and shared <= one.terms]
        return part if all(_turned(claim, one.passage.text) for one in rivals) else None
    return None


def _turned(claim: str, text: str) -> frozenset[str]:
    """The terms of what the text turns round of the claim; none where it does not."""
    found = contrary(claim, clauses_of(text))
    return frozenset(question_terms(found.word.removeprefix("not "))) if found else frozenset()


def _other_value(said: Quantity, parts: Sequence[_Part]) -> _Part | None:
    stating = [(part, {one for one in _quantities(part.passage.text) if one.unit == said.unit}) for part in parts]
    best = next((part for part, stated in stating if part.held >= MIN_HELD and stated), None)
    if best is None:
        return None
    # Two values are of two things, and which of them is asked about nobody knows.
    values = {one for part, stated in stating if part.held >= RIVAL * best.held for one in stated}
    around = [best.chunk.text, *(part.passage.text for part in parts if part.held >= best.held / 2)]
    is_said = any(said.agrees_with(one) for text in around for one in _quantities(text))
    return best if len(values) == 1 and not is_said else None


def _quantities(text: str) -> list[Quantity]:
    return [one.quantity for one in (*quantities(text), *number_words(text))]


def _unsupported(wanted: frozenset[str], parts: Sequence[_Part], counts: TermCounts) -> _Part | None:
    for part in parts:
        text = _ASIDE.sub(" ", part.passage.text)
        if part.held >= MIN_HELD and _UNSUPPORTED.search(text) and not _CONDITIONAL.search(text):
            said = frozenset(question_terms(_UNSUPPORTED.sub(" ", text))) - _NOW
            if len(said) >= MIN_TERMS and _share(said, wanted, counts) >= MIN_INSIDE:
                return part
    return None
