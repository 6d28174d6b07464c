"""limiting: which requests are counted as what, and what becomes of one too many."""

from starlette.types import Scope

from footnote.app.access.limiting.limiter import Kind, Limiter
from footnote.app.access.limiting.standing import Standing, in_words
from footnote.app.core.errors import TooManyRequestsError

# What takes models and seconds. Whatever is asked of /mcp counts: which tool is called stands in the body alone.
_QUESTIONS = {
    ("POST", "/query"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/search"),
    ("GET", "/search/why-not"),
    ("POST", "/mcp"),
}
# What is the same for everybody and costs next to nothing, and what has to be told also to who asks every second.
_FREE = {"/", "/widget.js", "/docs", "/redoc", "/openapi.json", "/reading.css", "/metrics"}
_FREE_BELOW = ("/assets/", "/api-docs/", "/health/")
_STANDING = "standing"


def kind_of(scope: Scope) -> Kind | None:
    """As what the request is counted; None where it is not."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if path in _FREE or path.startswith(_FREE_BELOW) or scope["method"] == "OPTIONS":
        return None
    return "question" if (scope["method"], path) in _QUESTIONS else "request"


def limit(scope: Scope, caller_id: str) -> None:
    """Count the request for its caller; `standing_of` knows then how they stand.

    Raises:
        TooManyRequestsError: they have asked too often.
    """
    kind = kind_of(scope)
    if kind is None:
        return
    limiter: Limiter = scope["app"].state.limiter
    standing = limiter.hit(caller_id, kind)
    scope.setdefault("state", {})[_STANDING] = standing
    if standing.retry_after_s is not None:
        setting = "FOOTNOTE_RATE_LIMIT" if kind == "question" else "FOOTNOTE_RATE_LIMIT_REQUESTS"
        allowed = " and ".join(f"{one.limit} {kind}s {_each(one.window_s)}" for one in standing.quotas)
        raise TooManyRequestsError(
            f"{allowed} are answered for one key or address: try again in {standing.retry_after_s} s, or ask who runs "
            f"the service for more ({setting})",
            standing.retry_after_s,
        )


def standing_of(scope: Scope) -> Standing | None:
    """How the caller of a request stands; None where it was not counted."""
    return (scope.get("state") or {}).get(_STANDING)


def _each(window_s: int) -> str:
    """`a minute`, `an hour`, `in 5 minutes`."""
    time = in_words(window_s)
    if " " in time:
        return f"in {time}"
    return f"an {time}" if time == "hour" else f"a {time}"
