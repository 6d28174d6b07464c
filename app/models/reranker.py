"""Cross-encoders behind LangChain's `BaseCrossEncoder`: a question and a passage to one logit."""

import re
from pathlib import Path
from typing import Any

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.errors import ModelError
from footnote.app.core.setting_groups import ModelSettings
from footnote.app.core.text.analysis import question_terms, short_flags, terms, written_in_pairs
from footnote.app.core.types import Fingerprint
from footnote.app.models.onnx_model import OnnxModel, bundled_folder
from footnote.app.models.sentence_transformers import import_sentence_transformers, weights_sha256

BUNDLED = "reranker_en"
BUNDLED_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"

# The logit of a passage that shares nothing with the question, and of one that holds all of its terms: round guesses,
# by which a tenth of the terms is refused (`FOOTNOTE_MIN_RERANK_SCORE`) and two fifths come near what a model says.
UNRELATED_LOGIT, IDENTICAL_LOGIT = -6.5, 9.5
# What a passage gains that spells every flag of one letter that the question names. The model reads `-o` as a dash and
# a letter, and finds a passage about `-n` as good. A round guess: those logits lie within three of each other.
FLAG_LOGIT = 6.0
_HIRAGANA = re.compile("[\u3041-\u309f]+")


class OnnxReranker(BaseCrossEncoder):
    """A cross-encoder with one output, on onnxruntime."""

    def __init__(self, folder: Path, expected_sha256: str | None = None, threads: int = 0) -> None:
        self._model = OnnxModel(folder, expected_sha256, threads)
        self.fingerprint = Fingerprint(folder.name, self._model.sha256)

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """A logit for each (question, passage), in order: unbounded, higher is better."""
        # The longest first: no core is left with a long one when the others are done.
        order = sorted(range(len(text_pairs)), key=lambda place: -len(text_pairs[place][1]))
        logits = [0.0] * len(text_pairs)
        outputs = self._model.first_outputs([text_pairs[place] for place in order])
        for place, output in zip(order, outputs, strict=True):
            logits[place] = float(output.reshape(-1)[0])
        return logits


class BundledReranker(OnnxReranker):
    """The model that comes with Footnote, helped where it cannot read.

    In a script whose words are found by pairs of characters, shared terms are the score.
    """

    def __init__(self, threads: int = 0) -> None:
        super().__init__(bundled_folder(BUNDLED), BUNDLED_SHA256, threads)

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        """A logit for each (question, passage), in order: unbounded, higher is better."""
        unread = {question for question, _ in text_pairs if written_in_pairs(question)}
        logits = iter(super().score([pair for pair in text_pairs if pair[0] not in unread]))
        return [
            _overlap_logit(*pair) if pair[0] in unread else next(logits) + _flag_logit(*pair) for pair in text_pairs
        ]


class SentenceTransformersReranker(BaseCrossEncoder):
    """Any cross-encoder that sentence-transformers loads; raw logits, without an activation."""

    def __init__(self, name_or_folder: str) -> None:
        sentence_transformers = import_sentence_transformers()
        import torch

        try:
            self._model: Any = sentence_transformers.CrossEncoder(
                name_or_folder, device="cpu", activation_fn=torch.nn.Identity()
            )
        except Exception as error:  # the library raises many kinds; all mean that the model is not to be had
            raise ModelError(f"cannot load the cross-encoder {name_or_folder}: {error}") from error
        self.fingerprint = Fingerprint(f"st:{name_or_folder}", weights_sha256(name_or_folder))

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        scores: list[float] = self._model.predict(text_pairs, batch_size=1, show_progress_bar=False).tolist()
        return scores


Reranker = OnnxReranker | SentenceTransformersReranker


def make_reranker(models: ModelSettings) -> Reranker | None:
    """The reranker that the settings name; None for `none`.

    Raises:
        ModelError: it cannot be loaded; the message names the fix.
    """
    name = models.reranker
    if name == "none":
        return None
    if name == "bundled":
        return BundledReranker(models.threads)
    if name.startswith("st:"):
        return SentenceTransformersReranker(name.removeprefix("st:"))
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(
            f"FOOTNOTE_RERANKER={name}: no such folder; use `bundled`, `none`, a folder with model.onnx "
            "and tokenizer.json, or `st:<model>`"
        )
    return OnnxReranker(folder, threads=models.threads)


def _overlap_logit(question: str, passage: str) -> float:
    asked = set(question_terms(question))
    # Pairs of hiragana are mostly grammar, which any two Japanese sentences share.
    wanted = {term for term in asked if not _HIRAGANA.fullmatch(term)} or asked
    share = len(wanted & set(terms(passage))) / max(1, len(wanted))
    return UNRELATED_LOGIT + (IDENTICAL_LOGIT - UNRELATED_LOGIT) * share


def _flag_logit(question: str, passage: str) -> float:
    flags = short_flags(question)
    return FLAG_LOGIT * len(flags & short_flags(passage)) / len(flags) if flags else 0.0
