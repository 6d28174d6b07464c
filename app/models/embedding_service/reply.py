"""reply: what came from an embedding server -> unit vectors in the order of the texts, or one of `failures.py`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from footnote.app.models.embedding_service.failures import Later, NoVectors, Refused, TooLarge
from footnote.app.models.embedding_service.server import Server
from footnote.app.models.embedding_service.waiting import exhausted_s, named_s

_MAX_DETAIL = 300
_MAX_BYTES, _MAX_BYTES_A_TEXT = 1_000_000, 400_000  # 16,384 numbers as text, and some
_LATER = {408, 409, 424, 425, 429}  # 424: TEI's, when a run of the model failed
_TOO_LARGE = re.compile(
    r"too (?:large|long|many)|batch[ _]size|(?:maximum|max)[\w ]{0,20}(?:context|length|tokens|input)"
    r"|context length|less than \d+ tokens|exceed",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Vectors, `(n, dim)` float32 of length 1, and how long the server wants no further request."""

    vectors: NDArray[np.float32]
    pause_s: float


def body_of(server: Server, texts: list[str]) -> bytes:
    """The request."""
    return json.dumps({"model": server.model, "input": texts, "encoding_format": "float"}).encode()


def max_bytes(texts: list[str]) -> int:
    """How long an answer may be."""
    return _MAX_BYTES + _MAX_BYTES_A_TEXT * len(texts)


def answer_of(server: Server, response: httpx.Response, content: bytes, texts: list[str]) -> Answer:
    """The vectors of the texts.

    Raises:
        Later, TooLarge, Refused: there are none.
        NoVectors: they are not those of the texts.
    """
    if not response.is_success:
        raise _failure(server, response, content)
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        if content.lstrip()[:1] == b"<":
            raise Refused(f"a web page came: is {server.url_setting} right? It often ends in /v1") from None
        raise Later("its answer is cut off, or no JSON") from None
    vectors = unit_rows(_rows(said, len(texts)))
    usage = said.get("usage")
    tokens = usage.get("prompt_tokens") if isinstance(usage, Mapping) else None
    used = tokens if isinstance(tokens, int) else sum(map(len, texts)) // 4
    return Answer(vectors, exhausted_s(response.headers, used))


def failure_of(server: Server, error: Exception) -> Later | Refused:
    """What an error of the client, or a time-out of its own, means."""
    said = server.redacted(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError):
        return Refused(f"{said}; is {server.url_setting} right?")
    if isinstance(error, TimeoutError | httpx.ReadTimeout | httpx.WriteTimeout):
        return Later("it did not answer in time")
    return Later(said, is_first_contact=isinstance(error, httpx.ConnectError | httpx.ConnectTimeout))


def unit_rows(rows: list[list[float]]) -> NDArray[np.float32]:
    """`(n, dim)` float32 rows of length 1.

    Raises:
        NoVectors: they differ in length, or one has no direction.
    """
    try:
        vectors = np.asarray(rows, dtype=np.float32)
    except (ValueError, TypeError, OverflowError):
        raise NoVectors("its vectors differ in length, or are not of numbers") from None
    if vectors.ndim != 2 or vectors.shape[1] == 0:
        raise NoVectors("its vectors differ in length, or are empty")
    # In double precision: the square of what a float holds may be too large for one.
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise NoVectors("a vector of it has no direction")
    unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return unit


def _rows(said: Any, count: int) -> list[list[float]]:
    """The vectors by `index`: servers may give them in any order."""
    rows = said.get("data") if isinstance(said, Mapping) else None
    if not isinstance(rows, list):
        raise NoVectors("its answer holds no `data`")
    found: dict[int, list[float]] = {}
    for row in rows:
        index, vector = (row.get("index"), row.get("embedding")) if isinstance(row, Mapping) else (None, None)
        if not isinstance(index, int) or not isinstance(vector, list):
            raise NoVectors("its answer holds a row without `index` and `embedding`")
        found[index] = vector
    if len(rows) != count or sorted(found) != list(range(count)):
        raise NoVectors(f"it gave {len(rows)} vectors of {count} texts")
    return [found[index] for index in range(count)]


def _failure(server: Server, response: httpx.Response, content: bytes) -> Exception:
    status, message, code = response.status_code, *_said(content)
    detail = f"{status} {server.redacted(message or response.reason_phrase)[:_MAX_DETAIL]}".strip()
    # A limit of requests is told by its status, whatever its words: "too many requests".
    if status == 413 or (status in (400, 422) and _TOO_LARGE.search(message)):
        return TooLarge(detail)
    if code == "insufficient_quota":
        return Refused(f"{detail}; the account of {server.key_setting} has no budget left")
    if status in _LATER or status >= 500:
        return Later(detail, named_s(response.headers), is_limit=status == 429)
    fixes = {
        401: f"check the key in {server.key_setting}",
        403: f"the key in {server.key_setting} may not use this model",
        404: f"check the model's name in FOOTNOTE_EMBEDDER and {server.url_setting}, which often ends in /v1",
    }
    return Refused(f"{detail}; {fixes.get(status, f'check FOOTNOTE_EMBEDDER and {server.url_setting}')}")


def _said(content: bytes) -> tuple[str, str]:
    """Message and code of an error, as OpenAI, TEI, vLLM and FastAPI give them."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ("a web page" if content.lstrip()[:1] == b"<" else content[:_MAX_DETAIL].decode("utf-8", "replace")), ""
    inner = said.get("error", said) if isinstance(said, Mapping) else said
    if not isinstance(inner, Mapping):
        return str(inner), ""
    message = next((inner[name] for name in ("message", "detail", "error") if inner.get(name)), "")
    return (message if isinstance(message, str) else json.dumps(message)), str(inner.get("code") or "")
