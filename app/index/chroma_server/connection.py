"""Speaking to a Chroma server: the few requests of its API that a store needs, with one clear error.

Not by Chroma's own client: it waits for an answer without end, and leaves sockets open when it is closed.
"""

from collections.abc import Iterator
from typing import Any

import httpx
from pydantic import SecretStr

from footnote.app.core.errors import StoreError, StoreUnreachableError

# A thousand rows take a second, and one call in ten thousand rows waits for the graph to be written.
_ADDING_S = 300.0
_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"
_PAGE = 1_000


class UnknownCollectionError(Exception):
    """The server has no such collection."""


class Connection:
    """Requests to one server; safe to use from several threads."""

    def __init__(self, address: str, token: SecretStr | None, timeout_s: float) -> None:
        self.address = address
        self._timeout_s = timeout_s
        shown = token.get_secret_value() if token else ""
        self._http = httpx.Client(
            base_url=address,
            # Proxies read the first, Chroma's own cloud the second.
            headers={"Authorization": f"Bearer {shown}", "X-Chroma-Token": shown} if shown else {},
        )

    def close(self) -> None:
        """Let go of it; once is enough."""
        self._http.close()

    def create(self, name: str, hnsw: object) -> str:
        """The id of a new collection.

        Raises:
            StoreError: the server does not answer, or refuses; so do all requests.
        """
        try:
            return str(self._answer("POST", "", {"name": name, "configuration": {"hnsw": hnsw}})["id"])
        except UnknownCollectionError as error:
            raise StoreError(f"the Chroma server {self.address} lacks its default tenant or database") from error

    def find(self, name: str) -> str:
        """The id of a collection.

        Raises:
            UnknownCollectionError: there is none.
        """
        if not name:
            raise UnknownCollectionError
        return str(self._answer("GET", f"/{name}")["id"])

    def names(self) -> Iterator[str]:
        """The names of all collections."""
        first = 0
        while page := self._answer("GET", f"?limit={_PAGE}&offset={first}"):
            yield from (collection["name"] for collection in page)
            first += len(page)

    def delete(self, name: str) -> None:
        """Remove a collection, if it is there."""
        try:
            self._answer("DELETE", f"/{name}")
        except UnknownCollectionError:
            return

    def count(self, collection_id: str) -> int:
        """Rows of a collection."""
        return int(self._answer("GET", f"/{collection_id}/count"))

    def ask(self, collection_id: str, what: str, body: object) -> Any:
        """The answer to `get` or `query`."""
        return self._answer("POST", f"/{collection_id}/{what}", body)

    def add(self, collection_id: str, body: object) -> None:
        """Add rows."""
        self._answer("POST", f"/{collection_id}/add", body, max(_ADDING_S, self._timeout_s))

    def _answer(self, method: str, path: str, body: object = None, timeout_s: float | None = None) -> Any:
        timeout = httpx.Timeout(timeout_s or self._timeout_s, connect=self._timeout_s)
        response = self._sent(method, path, body, timeout)
        # What stands before a server, or another server, says 404 as well: then no index is damaged.
        if response.status_code == httpx.codes.NOT_FOUND and '"NotFoundError"' in response.text:
            raise UnknownCollectionError
        if not response.is_success:
            hint = "set FOOTNOTE_STORE_TOKEN" if response.status_code in (401, 403) else "see its log"
            raise StoreError(
                f"the Chroma server {self.address} refused a request ({response.status_code} {response.text[:200]}): "
                f"{hint}; the index is as it was"
            )
        try:
            return response.json() if response.content else None
        except ValueError as error:
            raise StoreError(f"{self.address} is no Chroma server: correct FOOTNOTE_STORE") from error

    def _sent(self, method: str, path: str, body: object, timeout: httpx.Timeout) -> httpx.Response:
        url = _COLLECTIONS + path
        try:
            return self._http.request(method, url, json=body, timeout=timeout)
        except httpx.HTTPError as error:
            raise StoreUnreachableError(
                f"the Chroma server {self.address} does not answer ({error or type(error).__name__}): start it, or "
                "correct FOOTNOTE_STORE; the index is as it was"
            ) from error
