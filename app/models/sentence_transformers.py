"""Models of the library sentence-transformers, an extra: it needs torch."""

from pathlib import Path
from typing import Any

from footnote.app.core.errors import ModelError
from footnote.app.core.files import sha256_of


class SentenceTransformerEmbeddings:
    """Any sentence-transformers model, normalised to unit vectors."""

    def __init__(self, name_or_folder: str) -> None:
        sentence_transformers = import_sentence_transformers()
        try:
            self._model: Any = sentence_transformers.SentenceTransformer(name_or_folder, device="cpu")
        except Exception as error:  # the library raises many kinds; all mean that the model is not to be had
            raise ModelError(f"cannot load the sentence-transformers model {name_or_folder}: {error}") from error

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        # One text a batch: a vector must not depend on its neighbours' padding.
        vectors: list[list[float]] = self._model.encode(
            texts, batch_size=1, normalize_embeddings=True, show_progress_bar=False
        ).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def import_sentence_transformers() -> Any:
    """The module.

    Raises:
        ModelError: the extra is not installed.
    """
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelError(
            "sentence-transformers is not installed: run `pip install -c constraints.txt -e '.[sentence-transformers]'`"
        ) from error
    return sentence_transformers


def weights_sha256(folder: str) -> str:
    """The sha256 of a model folder's weights; "" for a Hugging Face id."""
    weights = sorted(Path(folder).glob("*.safetensors")) + sorted(Path(folder).glob("*.bin"))
    return sha256_of(weights[0]) if weights else ""
