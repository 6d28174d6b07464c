"""Milliseconds of one question by stage, the same for all pipelines."""

from dataclasses import dataclass

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.timing import timed
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker


@dataclass(frozen=True, slots=True)
class Stages:
    """Milliseconds.

    Attributes:
        embed, rerank: inside the two models.
        lexical, vector: the two searches, without embedding the question. Footnote's lexical search runs beside embed.
        fuse: the rest of the pipeline: fusion, texts and excerpts of what is fused, its framework.
        not_models: lexical + vector + fuse.
        total: from the question to the passages, by the clock.
    """

    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    not_models: float
    total: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One pipeline, asked; how long it took to open (models apart), and its resident memory when it was done."""

    questions: list[Stages]
    opened_s: float
    resident_mb: float


class ModelClock:
    """The milliseconds that the models took since `reset`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.embed_ms = self.rerank_ms = 0.0


class TimedEmbedder:
    """An embedder whose questions are timed."""

    def __init__(self, inner: Embedder, clock: ModelClock) -> None:
        self._inner = inner
        self._clock = clock
        self.fingerprint = inner.fingerprint
        self.embed_documents = inner.embed_documents

    def embed_query(self, text: str) -> list[float]:
        vector, ms = timed(lambda: self._inner.embed_query(text))
        self._clock.embed_ms += ms
        return vector


class TimedReranker(BaseCrossEncoder):
    """A reranker that is timed."""

    def __init__(self, inner: Reranker, clock: ModelClock) -> None:
        self._inner = inner
        self._clock = clock
        self.fingerprint = inner.fingerprint

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        logits, ms = timed(lambda: self._inner.score(text_pairs))
        self._clock.rerank_ms += ms
        return logits
