"""Extractive answers: the passages that best support an answer, quoted verbatim. No language model."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from footnote.app.answering.answerer import PASSAGES_SILENT, Draft, refusal
from footnote.app.answering.citations import cite
from footnote.app.answering.defang import with_escaped_markers
from footnote.app.core.text.analysis import terms, words
from footnote.app.core.text.passages import in_context, passages
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Citation, Hit, OtherPlace, Passage, Sentence
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker

MAX_QUOTES = 3
# Sentences of a paragraph are quoted together up to this length: a lone sentence lacks its context.
# Chosen on two documentation sets (160 questions): the first quote holds the answer .49 of the time
# against .44 for single sentences, any of three .63 against .58.
PROSE_CHARS = 300
# Share of the whole chunk's score in a passage's, chosen on the same sets.
CHUNK_WEIGHT = 0.3
# A further quote must come this close to the best one. In logits; in cosine for the embedder.
LOGIT_MARGIN = 3.0
COSINE_MARGIN = 0.05


# What a passage gains that holds every name of the question, letter by letter: to the models one row of a table is like
# its neighbours. As much as the margin, so that these fall out. A guess.
NAME_WEIGHT = 3.0
_LEAD_IN_WORDS = 12  # "To reset it:"; a longer sentence says something of its own before its colon. A guess.
_Candidate: TypeAlias = tuple[Hit, Passage]
_LINK = re.compile(
    r"!?\[[^\]\n]*\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]*\])|<https?://[^>\s]*>"
)
_NAME = re.compile(r"[_\d/.]|[a-z][A-Z]|^-")


class ExtractiveAnswerer:
    """Scores each passage of the hits against the question and quotes the best, one citation each."""

    mode = "extractive"
    model = "extractive"

    def __init__(self, reranker: Reranker | None, embedder: Embedder) -> None:
        self._reranker = reranker
        self._embedder = embedder

    def answer(self, question: str, hits: Sequence[Hit], generation: int) -> Draft:
        """At most `MAX_QUOTES` quotes, best first; of equal ones the best placed, which names the others' places."""
        candidates = self._candidates(hits)
        if not candidates:
            return refusal("gate", PASSAGES_SILENT)
        scores = self._scores(question, candidates)
        margin = LOGIT_MARGIN if self._reranker else COSINE_MARGIN
        order = sorted(range(len(candidates)), key=lambda place: -scores[place])
        best: dict[str, list[_Candidate]] = {}
        taken: list[_Candidate] = []
        for place in order:
            candidate = candidates[place]
            if scores[place] < scores[order[0]] - margin or any(_overlap(candidate, one) for one in taken):
                continue
            said = " ".join(candidate[1].text.split())
            if said in best or len(best) < MAX_QUOTES:
                best.setdefault(said, []).append(candidate)
                taken.append(candidate)
        citations = tuple(_cited(number, same, generation) for number, same in enumerate(best.values(), 1))
        sentences = tuple(Sentence(citation.quote, (citation.number,), "supported") for citation in citations)
        return Draft(_marked(citations), sentences, citations, 0, None)

    @staticmethod
    def _candidates(hits: Sequence[Hit]) -> list[_Candidate]:
        found = [(hit, passage) for hit in hits for passage in passages(hit.chunk, PROSE_CHARS)]
        # What asks, announces or points elsewhere is no answer, unless there is nothing else.
        return [one for one in found if not says_nothing(one[1].text)] or found

    def _scores(self, question: str, candidates: Sequence[_Candidate]) -> list[float]:
        texts = [in_context(hit.chunk, passage) for hit, passage in candidates]
        if self._reranker:
            logits = self._reranker.score([(question, text) for text in texts])
            names = names_in(question)
            return [
                logit
                + CHUNK_WEIGHT * (hit.reranked.score if hit.reranked else 0.0)
                + NAME_WEIGHT * _share_held(names, f"{passage.label} {passage.text}")
                for logit, (hit, passage) in zip(logits, candidates, strict=True)
            ]
        vectors = np.asarray(self._embedder.embed_documents(texts))
        return [float(score) for score in vectors @ np.asarray(self._embedder.embed_query(question))]


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    """Whether two passages share text, as those of overlapping chunks do."""
    same_file = one[0].chunk.path == other[0].chunk.path
    return same_file and one[1].start < other[1].end and other[1].start < one[1].end


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


def _share_held(names: frozenset[str], text: str) -> float:
    return len(names & set(terms(text))) / len(names) if names else 0.0


def _cited(number: int, same: Sequence[_Candidate], generation: int) -> Citation:
    (hit, passage), others = same[0], same[1:]
    places = tuple(OtherPlace(other.chunk.path, place.start_line, place.end_line) for other, place in others)
    return replace(cite(number, hit.chunk, passage, generation), also_at=places)


def _marked(citations: Sequence[Citation]) -> str:
    """The quotes, each with its marker; below it when the quote has lines. No `[n]` of the docs is left a marker."""
    text, own = "", set()
    for citation in citations:
        quote = citation.quote if citation.fence is None else _fenced(citation.quote, citation.fence)
        separator = "\n" if "\n" in quote else " "
        text += ("\n\n" if text else "") + quote + separator
        own.add(len(text))
        text += f"[{citation.number}]"
    return with_escaped_markers(text, own)


def _fenced(code: str, info: str) -> str:
    """Lines of a fence that was cut as code of their own, or they would be read as prose."""
    mark = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{mark}{info}\n{textwrap.dedent(code)}\n{mark}"
