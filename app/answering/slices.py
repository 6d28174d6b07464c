"""slices: the text of an answer, or of a part of it, cut into what each of its sentences has of it. Pure functions."""

from collections.abc import Sequence
from itertools import pairwise

from footnote.app.answering.citations import located_sentences
from footnote.app.answering.markers import markers
from footnote.app.core.types import Sentence


def slices(text: str, sentences: Sequence[Sentence]) -> list[tuple[str, Sentence]]:
    """Each sentence with its part of the text, in order; put together these are the text, or nothing without sentences.

    A part begins where the one before ended, with headings and white space. Where it cannot be told which part is
    whose, the first sentence has all of it.
    """
    count = len(sentences)
    ends = _ends_of_sentences(text, sentences) or _ends_of_quotes(text, count)
    cuts = [0, *ends[:-1], len(text)] if ends else [0, len(text), *[len(text)] * (count - 1)]
    return [(text[start:end], one) for (start, end), one in zip(pairwise(cuts), sentences, strict=False)]


def _ends_of_sentences(text: str, sentences: Sequence[Sentence]) -> list[int]:
    """Of a written answer; what is wrong with the question may stand before its sentences."""
    located = located_sentences(text)[-len(sentences) :]
    same = [one.sentence.text for one in located] == [sentence.text for sentence in sentences]
    return [one.end for one in located] if same else []


def _ends_of_quotes(text: str, count: int) -> list[int]:
    """Of an extractive answer: each quote ends with its marker, and no other marker stands outside code."""
    ends = [marker.end for marker in markers(text)]
    return ends[-count:] if len(ends) >= count else []
