"""embedder: `openai:MODEL` as an embedder like the others."""

import weakref
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

import httpx

from footnote.app.core.errors import ModelError
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedding_service.asking import ask
from footnote.app.models.embedding_service.batches import Batches
from footnote.app.models.embedding_service.failures import NoVectors, Refused
from footnote.app.models.embedding_service.server import Server
from footnote.app.models.embedding_service.stream import Arrived, arriving


class ServiceEmbedder:
    """Unit vectors of an embedding server. Safe to call from several threads."""

    def __init__(self, server: Server, fingerprint: Fingerprint, query_prefix: str, passage_prefix: str) -> None:
        self._server = server
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self.fingerprint = fingerprint
        try:
            self._http = httpx.Client(follow_redirects=False)
        except (ImportError, ValueError) as error:  # a proxy of the environment that httpx cannot use
            raise ModelError(f"the proxy settings of the environment cannot be used: {error}") from error
        weakref.finalize(self, self._http.close)

    def arriving(self, texts: Iterable[str]) -> Generator[Arrived, None, None]:
        """The number of a first text and `(n, dim)` unit vectors of it and those behind it, until all texts had theirs.

        They come in any order, from several requests at the same time, for which an ingest waits as long as it takes.

        Raises:
            ModelError: the server failed for too long, refuses, or gives what are not their vectors.
        """
        with self._one_kind_of_error():
            yield from arriving(self._server, (self._passage_prefix + text for text in texts))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, in order, for a question that waits; raises as `arriving`."""
        return self._asked([self._passage_prefix + text for text in texts])

    def embed_query(self, text: str) -> list[float]:
        """The question's vector; raises as `arriving`."""
        return self._asked([self._query_prefix + text])[0]

    def _asked(self, texts: list[str]) -> list[list[float]]:
        limits = self._server.limits
        batches = Batches(texts, limits.batch, limits.batch_kb * 1_000)
        vectors: list[list[float]] = []
        with self._one_kind_of_error():
            while batch := batches.take():
                vectors += ask(self._http, self._server, batch.texts).vectors.tolist()
            if len({len(vector) for vector in vectors}) > 1:
                raise NoVectors("its vectors differ in length")
        return vectors

    @contextmanager
    def _one_kind_of_error(self) -> Iterator[None]:
        name = self.fingerprint.name
        try:
            yield
        except Refused as error:
            raise ModelError(
                f"the embedder {name} at {self._server.place} failed: {error}"
            ) from None  # a cause could repeat a secret
        except NoVectors as error:
            raise ModelError(
                f"{name} gives no vector of each text ({error}): is FOOTNOTE_EMBEDDER an embedding model, and "
                f"{self._server.url_setting} right?"
            ) from None
