"""Extractive answers: the passages that best support an answer, quoted verbatim. No language model."""

from collections.abc import Sequence

import numpy as np

from footnote.app.answering.answerer import PASSAGES_SILENT, Draft, refusal
from footnote.app.answering.citations import cite
from footnote.app.answering.defang import with_escaped_markers
from footnote.app.core.text.passages import in_context, passages
from footnote.app.core.types import Citation, Hit, Passage, Sentence
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


class ExtractiveAnswerer:
    """Scores each passage of the hits against the question and quotes the best, one citation each."""

    mode = "extractive"
    model = "extractive"

    def __init__(self, reranker: Reranker | None, embedder: Embedder) -> None:
        self._reranker = reranker
        self._embedder = embedder

    def answer(self, question: str, hits: Sequence[Hit], generation: int) -> Draft:
        """At most `MAX_QUOTES` quotes, best first."""
        candidates = self._candidates(hits)
        if not candidates:
            return refusal("gate", PASSAGES_SILENT)
        scores = self._scores(question, candidates)
        margin = LOGIT_MARGIN if self._reranker else COSINE_MARGIN
        order = sorted(range(len(candidates)), key=lambda place: -scores[place])
        best: list[tuple[Hit, Passage]] = []
        for place in order:
            close_enough = scores[place] >= scores[order[0]] - margin
            if close_enough and len(best) < MAX_QUOTES and not any(_overlap(candidates[place], one) for one in best):
                best.append(candidates[place])
        citations = tuple(cite(number, hit.chunk, passage, generation) for number, (hit, passage) in enumerate(best, 1))
        sentences = tuple(Sentence(citation.quote, (citation.number,), "supported") for citation in citations)
        return Draft(_marked(citations), sentences, citations, 0, None)

    @staticmethod
    def _candidates(hits: Sequence[Hit]) -> list[tuple[Hit, Passage]]:
        return [(hit, passage) for hit in hits for passage in passages(hit.chunk, PROSE_CHARS)]

    def _scores(self, question: str, candidates: Sequence[tuple[Hit, Passage]]) -> list[float]:
        texts = [in_context(hit.chunk, passage) for hit, passage in candidates]
        if self._reranker:
            logits = self._reranker.score([(question, text) for text in texts])
            return [
                logit + CHUNK_WEIGHT * (hit.reranked.score if hit.reranked else 0.0)
                for logit, (hit, _) in zip(logits, candidates, strict=True)
            ]
        vectors = np.asarray(self._embedder.embed_documents(texts))
        return [float(score) for score in vectors @ np.asarray(self._embedder.embed_query(question))]


def _overlap(one: tuple[Hit, Passage], other: tuple[Hit, Passage]) -> bool:
    """Whether two passages share text, as those of overlapping chunks do."""
    same_file = one[0].chunk.path == other[0].chunk.path
    return same_file and one[1].start < other[1].end and other[1].start < one[1].end


def _marked(citations: Sequence[Citation]) -> str:
    """The quotes, each with its marker; below it when the quote has lines. No `[n]` of the docs is left a marker."""
    text, own = "", set()
    for citation in citations:
        separator = "\n" if "\n" in citation.quote else " "
        text += ("\n\n" if text else "") + citation.quote + separator
        own.add(len(text))
        text += f"[{citation.number}]"
    return with_escaped_markers(text, own)
