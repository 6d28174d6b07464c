"""reading: a call, and what becomes of its response."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from footnote.app.core.errors import ServiceError
from footnote.app.core.version import VERSION
from footnote.app.schemas.problem import Problem

R = TypeVar("R")
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """A request that is not sent yet, and how its response is read; parameters of None are not sent."""

    method: str
    path: str
    read: Callable[[httpx.Response], R]
    query: Mapping[str, Json] = field(default_factory=dict)
    body: Mapping[str, Json] | None = None
    accept: str = JSON_TYPE


def shape(kind: type[R]) -> Callable[[httpx.Response], R]:
    """Reads JSON of this type.

    Raises:
        ServiceError: it is no such JSON.
    """
    adapter = TypeAdapter(kind)

    def read(response: httpx.Response) -> R:
        try:
            return adapter.validate_json(response.content)
        except ValidationError as error:
            raise foreign(response, error) from error

    return read


def shapes(kind: type[R]) -> Callable[[httpx.Response], list[R]]:
    """Reads a JSON list of this type; raises as `shape`."""
    return shape(list[kind])  # type: ignore[valid-type]


def raw(response: httpx.Response) -> bytes:
    """The body as it is."""
    return response.content


def nothing(response: httpx.Response) -> None:
    """For a response without a body."""


def foreign(response: httpx.Response, error: ValidationError) -> ServiceError:
    """What to say of an answer that none of ours is like."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the body"
    return ServiceError(
        f"{_asked(response)} gave what Footnote {VERSION} does not know "
        f"({place}: {first['msg']}): is this the address of a Footnote, and of the same version?",
        status=response.status_code,
    )


def failed(response: httpx.Response) -> ServiceError:
    """The error that a response is; its body has been read."""
    status, after = response.status_code, response.headers.get("retry-after", "")
    retry_after_s = float(after) if after.isdecimal() else None
    try:
        return told(Problem.model_validate_json(response.content), status, retry_after_s)
    except ValidationError:
        return ServiceError(
            f"{_asked(response)} has the status {status}, and no reason "
            "that Footnote would give: is this the address of a Footnote, and what is before it in order?",
            status=status,
            retry_after_s=retry_after_s,
        )


def told(problem: Problem, status: int | None = None, retry_after_s: float | None = None) -> ServiceError:
    """The service's problem as an error."""
    return ServiceError(problem.detail, problem.type, status, retry_after_s)


def _asked(response: httpx.Response) -> str:
    """Without what was asked, and without a login."""
    request = response.request
    return f"{request.method} {request.url.copy_with(query=None, userinfo=b'')}"
