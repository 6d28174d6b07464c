"""worker: what runs on the machines of a cluster: it cuts pages and holds the embedder. Bytes come in, no paths."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.setting_groups import IngestSettings, ModelSettings
from footnote.app.core.types import Fingerprint
from footnote.app.core.version import VERSION
from footnote.app.models.embedder import Embedder, embedder_fingerprint, make_embedder
from footnote.ingest.split import Split, split_or_skip
from footnote.ingest.types import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Identity:
    """What a worker's results depend on, beside what it is given.

    Attributes:
        version: of Footnote.
        code_sha256: of the code that cuts pages and makes vectors.
        embedder: None where that is a server's, which no worker asks.
    """

    version: str
    code_sha256: str
    embedder: Fingerprint | None


def identity_of(models: ModelSettings | None) -> Identity:
    """The identity of this installation.

    Raises:
        ModelError: the folder of the embedder is not there.
    """
    return Identity(VERSION, _code_sha256(), embedder_fingerprint(models) if models else None)


class Worker:
    """One worker, with one thread for its model: as many of them as processors keep a machine busy."""

    def __init__(self, rules: IngestSettings, models: ModelSettings | None) -> None:
        self._rules = rules
        self._models = models.model_copy(update={"threads": 1}) if models else None
        self._embedder: Embedder | None = None

    def identity(self) -> Identity:
        """Raises as `identity_of`."""
        return identity_of(self._models)

    def split(self, site: Flavour, documents: list[Document]) -> list[Split]:
        """The chunks of each document."""
        return [split_or_skip(document, self._rules, site) for document in documents]

    def embed(self, texts: list[str]) -> "NDArray[np.float32]":
        """`(n, dim)` unit vectors, the same bits as on any other machine of its kind.

        Raises:
            ModelError: it cannot be loaded, or failed.
        """
        from footnote.ingest.embed import vectors_of

        if self._embedder is None:
            assert self._models is not None
            self._embedder = make_embedder(self._models)
        return vectors_of(self._embedder, texts)


def _code_sha256() -> str:
    """A hash over the modules of `app/core`, `app/models` and `ingest`."""
    root = Path(__file__).parents[2]
    total = hashlib.sha256()
    for folder in ("app/core", "app/models", "ingest"):
        for file in sorted((root / folder).rglob("*.py")):
            total.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
