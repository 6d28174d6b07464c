"""parameters: a query parameter that a route does not know is refused: `collections` would else search all of them."""

import difflib
from collections.abc import Sequence

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

# Of links that are passed on, which others add theirs to; of what other programs ask in their own way.
_TAKES_ANY = (
    "/view/",
    "/files/",
    "/a/",
    "/v1/",
    "/hooks/",
    "/health/",
    "/metrics",
    "/session",
    "/assets/",
    "/api-docs/",
)
_TAKES_ANY_EXACTLY = ("/", "/widget.js", "/docs", "/redoc", "/reading.css")


def known_parameters(route: APIRoute) -> tuple[str, ...] | None:
    """The names of the query parameters of a route, in order; None where it takes any."""
    if route.path in _TAKES_ANY_EXACTLY or route.path.startswith(_TAKES_ANY):
        return None
    fields = [one for one in get_flat_params(route.dependant) if isinstance(one.field_info, params.Query)]
    return tuple(sorted({field.alias for field in fields}))


def require_known(request: Request, known: Sequence[str]) -> None:
    """Refuse what the route would not look at.

    Raises:
        RequestValidationError: there is a parameter of another name.
    """
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name), "msg": _said(name, known)} for name in unknown]
        )


def _said(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name.casefold(), known, n=1)
    if close:
        return f"there is no such parameter; did you mean {close[0]}?"
    return "there is no such parameter; " + (f"there are {', '.join(known)}" if known else "there are none")
