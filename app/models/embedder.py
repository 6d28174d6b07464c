"""Embedders: text to unit vectors, so that cosine is a dot product.

Every embedder has the two methods of LangChain's `Embeddings`, so either fits where the other is
asked for. The bundled one does not inherit from it: importing that class costs 0.3 s at start-up.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

from footnote.app.core.errors import ModelError
from footnote.app.core.files import sha256_of_all
from footnote.app.core.setting_groups import EmbeddingServiceSettings, LLMSettings, ModelSettings
from footnote.app.core.types import Fingerprint
from footnote.app.models.onnx_model import OnnxModel, bundled_folder
from footnote.app.models.sentence_transformers import SentenceTransformerEmbeddings, weights_sha256

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from footnote.app.models.embedding_service.embedder import ServiceEmbedder

BUNDLED = "bge_small_en"
BUNDLED_SHA256 = "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
# Source: the model card of BAAI/bge-small-en-v1.5; passages get no prefix.
BUNDLED_QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
_POOLING = "1_Pooling/config.json"
_NO_MODEL = (
    "no such folder; use `bundled`, a folder with model.onnx and tokenizer.json, `st:<model>` or `openai:<model>`"
)


class OnnxEmbedder:
    """A sentence encoder on onnxruntime: `(n, dim)` float32 rows of length 1."""

    def __init__(
        self,
        folder: Path,
        query_prefix: str = "",
        expected_sha256: str | None = None,
        threads: int = 0,
        passage_prefix: str = "",
    ) -> None:
        self._model = OnnxModel(folder, expected_sha256, threads)
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self._mean_pooling = _uses_mean_pooling(folder)
        self.fingerprint = _prefixed(
            Fingerprint(folder.name, self._model.sha256) if expected_sha256 else _folder_fingerprint(folder),
            passage_prefix,
        )

    def iter_embeddings(self, texts: list[str]) -> "Iterator[NDArray[np.float32]]":
        """The unit vector of each passage, in order, as soon as it is ready."""
        return self._vectors([self._passage_prefix + text for text in texts])

    def _vectors(self, texts: list[str]) -> "Iterator[NDArray[np.float32]]":
        import numpy as np

        for tokens in self._model.first_outputs(texts):
            vector = tokens.mean(axis=0) if self._mean_pooling else tokens[0]
            yield vector / np.linalg.norm(vector)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, in order; empty for no texts."""
        return [vector.tolist() for vector in self.iter_embeddings(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The question's vector."""
        vector: list[float] = next(self._vectors([self._query_prefix + text])).tolist()
        return vector


class PrefixedEmbeddings:
    """Another LangChain embedder, with prefixes for questions and passages, and a fingerprint."""

    def __init__(
        self,
        inner: "Embeddings | SentenceTransformerEmbeddings",
        query_prefix: str,
        fingerprint: Fingerprint,
        passage_prefix: str = "",
    ) -> None:
        self._inner = inner
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self.fingerprint = _prefixed(fingerprint, passage_prefix)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, in order.

        Raises:
            ModelError: the embedder failed.
        """
        with self._one_kind_of_error():
            return self._inner.embed_documents([self._passage_prefix + text for text in texts])

    def embed_query(self, text: str) -> list[float]:
        """The question's vector; raises as `embed_documents`."""
        with self._one_kind_of_error():
            return self._inner.embed_query(self._query_prefix + text)

    @contextmanager
    def _one_kind_of_error(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # every library has exceptions of its own
            raise ModelError(
                f"the embedder {self.fingerprint.name} failed ({error}): check FOOTNOTE_EMBEDDER"
            ) from error


# The last by name: its client takes a tenth of a second to import, and few need it.
Embedder: TypeAlias = Union[OnnxEmbedder, PrefixedEmbeddings, "ServiceEmbedder"]


def make_embedder(
    models: ModelSettings, llm: LLMSettings | None = None, service: EmbeddingServiceSettings | None = None
) -> Embedder:
    """The embedder that the settings name; `service` and `llm` have server and key of an `openai:` one.

    Raises:
        ModelError: it cannot be loaded; the message names the fix.
    """
    name, prefix, passage_prefix = models.embedder, models.query_prefix, models.passage_prefix or ""
    if name == "bundled":
        prefix = BUNDLED_QUERY_PREFIX if prefix is None else prefix
        return OnnxEmbedder(bundled_folder(BUNDLED), prefix, BUNDLED_SHA256, models.threads, passage_prefix)
    if name.startswith("st:"):
        model = name.removeprefix("st:")
        return PrefixedEmbeddings(
            SentenceTransformerEmbeddings(model),
            prefix or "",
            Fingerprint(name, weights_sha256(model)),
            passage_prefix,
        )
    if name.startswith("openai:"):
        model = name.removeprefix("openai:")
        return _service_embedder(model, models, service, llm)
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(f"FOOTNOTE_EMBEDDER={name}: {_NO_MODEL}")
    return OnnxEmbedder(folder, prefix or "", threads=models.threads, passage_prefix=passage_prefix)


def is_service(models: ModelSettings) -> bool:
    """Whether the embedder is that of a server."""
    return models.embedder.startswith("openai:")


def embedder_fingerprint(models: ModelSettings) -> Fingerprint:
    """The fingerprint of the embedder that the settings name, without loading it.

    Raises:
        ModelError: a folder holds no model.
    """
    return _prefixed(_model_fingerprint(models), models.passage_prefix or "")


def _prefixed(model: Fingerprint, passage_prefix: str) -> Fingerprint:
    """Vectors of passages with another prefix are those of another model."""
    return Fingerprint(f"{model.name} with {passage_prefix!r}", model.sha256) if passage_prefix else model


def _model_fingerprint(models: ModelSettings) -> Fingerprint:
    name = models.embedder
    if name == "bundled":
        return Fingerprint(BUNDLED, BUNDLED_SHA256)
    if name.startswith("st:"):
        return Fingerprint(name, weights_sha256(name.removeprefix("st:")))
    if name.startswith("openai:"):
        return Fingerprint(name, "")
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(f"FOOTNOTE_EMBEDDER={name}: {_NO_MODEL}")
    return _folder_fingerprint(folder)


def _service_embedder(
    model: str, models: ModelSettings, service: EmbeddingServiceSettings | None, llm: LLMSettings | None
) -> "ServiceEmbedder":
    from footnote.app.models.embedding_service.embedder import ServiceEmbedder
    from footnote.app.models.embedding_service.server import server_of

    # Without either it is as if nothing were set, whatever the environment says.
    server = server_of(
        model, service or EmbeddingServiceSettings.model_construct(), llm or LLMSettings.model_construct()
    )
    passage_prefix = models.passage_prefix or ""
    return ServiceEmbedder(server, embedder_fingerprint(models), models.query_prefix or "", passage_prefix)


def _folder_fingerprint(folder: Path) -> Fingerprint:
    """By all that a vector depends on: weights, tokenizer, pooling."""
    required = (folder / "model.onnx", folder / "tokenizer.json")
    for file in required:
        if not file.is_file():
            raise ModelError(f"no model at {folder}: {file.name} is missing")
    pooling = folder / _POOLING
    return Fingerprint(folder.name, sha256_of_all([*required, *([pooling] if pooling.is_file() else [])]))


def _uses_mean_pooling(folder: Path) -> bool:
    """As `1_Pooling/config.json` of a sentence-transformers folder says; the first token without one."""
    config = folder / _POOLING
    try:
        return config.is_file() and bool(json.loads(config.read_text("utf-8")).get("pooling_mode_mean_tokens"))
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{config} cannot be read: {error}") from error
