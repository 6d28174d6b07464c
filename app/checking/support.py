"""support: how well passages support a sentence, by models. One Protocol, two implementations."""

import math
from typing import Any, NamedTuple, Protocol

from footnote.app.checking.alignment import Reading, claimed_terms, content_terms, coverage
from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.models.reranker import Reranker
from footnote.app.models.sentence_transformers import import_sentence_transformers

# Windows that are scored: the ones that hold most of the sentence's terms. More add time and no recall.
MAX_WINDOWS = 4


class SupportModel(Protocol):
    def support(self, sentence: str, read: Reading, question: str) -> float:
        """How likely it is that the passages support the sentence, [0, 1]."""
        ...


class Weights(NamedTuple):
    """A logistic regression on the cross-encoder's logit and on term coverage."""

    logit: float
    coverage: float
    bias: float


# Source: bench/answer_check.py, fitted on both of its corpora; fitted on one they hold on the other.
# The cosine of the sentence embeddings was a third term and changed nothing.
WEIGHTS = Weights(0.4, 7.5, -6.2)
COVERAGE_WEIGHTS = Weights(0.0, 12.0, -7.0)


class Similarity(NamedTuple):
    """`logit` of the best window by the cross-encoder, 0 without one; `coverage` of the sentence's terms, [0, 1]."""

    logit: float
    coverage: float


class SimilaritySupport:
    """What search knows: the cross-encoder with the sentence as the question, and shared terms by rarity."""

    def __init__(self, reranker: Reranker | None, terms: TermCounts, weights: Weights | None = None) -> None:
        self._reranker = reranker
        self._terms = terms
        self._weights = weights or (WEIGHTS if reranker else COVERAGE_WEIGHTS)

    def support(self, sentence: str, read: Reading, question: str) -> float:
        if not claimed_terms(sentence):
            return 1.0
        similarity = self.similarity(sentence, read, question)
        weights = self._weights
        return _sigmoid(weights.logit * similarity.logit + weights.coverage * similarity.coverage + weights.bias)

    def similarity(self, sentence: str, read: Reading, question: str) -> Similarity:
        """The two numbers the weights are for."""
        weight = self._terms.idf
        # What a sentence repeats from the question, it need not have from the passage.
        wanted = claimed_terms(sentence) - (content_terms(question) - read.terms)
        windows = read.windows(wanted, weight, MAX_WINDOWS)
        best = max((coverage(wanted, terms, weight) for _, terms in windows), default=0.0)
        logit = 0.0
        if self._reranker and windows:
            logit = max(self._reranker.score([(sentence, text) for text, _ in windows]))
        return Similarity(logit, (best + coverage(wanted, read.terms, weight)) / 2)


class EntailmentSupport:
    """A natural language inference model of sentence-transformers: does a window entail the sentence?

    Raises:
        ModelError: the extra is missing, or the model cannot be loaded or has no label "entailment".
    """

    def __init__(self, name_or_folder: str) -> None:
        sentence_transformers = import_sentence_transformers()
        try:
            self._model: Any = sentence_transformers.CrossEncoder(name_or_folder, device="cpu")
            labels = {str(label).casefold(): int(at) for at, label in self._model.config.id2label.items()}
        except Exception as error:  # the library raises many kinds; all mean that the model is not to be had
            raise ModelError(f"cannot load the entailment model {name_or_folder}: {error}") from error
        if "entailment" not in labels:
            raise ModelError(f"{name_or_folder} has no label `entailment`: FOOTNOTE_ENTAILMENT needs an NLI model")
        self._column = labels["entailment"]

    def support(self, sentence: str, read: Reading, question: str) -> float:
        windows = read.windows(content_terms(sentence), lambda term: 1.0, MAX_WINDOWS)
        pairs = [(text, sentence) for text in [*(text for text, _ in windows), *read.passages]]
        scores = self._model.predict(pairs, batch_size=1, apply_softmax=True, show_progress_bar=False)
        return max((float(row[self._column]) for row in scores), default=0.0)


def make_entailment(name: str) -> EntailmentSupport | None:
    """The entailment model of FOOTNOTE_ENTAILMENT; None for `none`.

    Raises:
        SettingsError: the name is not `none` or `st:<model>`.
        ModelError: it cannot be loaded.
    """
    if name == "none":
        return None
    if not name.startswith("st:"):
        raise SettingsError(f"FOOTNOTE_ENTAILMENT={name}: use `none` or `st:<model>`")
    return EntailmentSupport(name.removeprefix("st:"))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0
