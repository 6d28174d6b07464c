"""Cross-encoders behind LangChain's `BaseCrossEncoder`: a question and a passage to one logit."""

from pathlib import Path
from typing import Any

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.errors import ModelError
from footnote.app.core.setting_groups import ModelSettings
from footnote.app.core.types import Fingerprint
from footnote.app.models.onnx_model import OnnxModel, bundled_folder
from footnote.app.models.sentence_transformers import import_sentence_transformers, weights_sha256

BUNDLED = "reranker_en"
BUNDLED_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"


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
        return OnnxReranker(bundled_folder(BUNDLED), BUNDLED_SHA256, models.threads)
    if name.startswith("st:"):
        return SentenceTransformersReranker(name.removeprefix("st:"))
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(
            f"FOOTNOTE_RERANKER={name}: no such folder; use `bundled`, `none`, a folder with model.onnx "
            "and tokenizer.json, or `st:<model>`"
        )
    return OnnxReranker(folder, threads=models.threads)
