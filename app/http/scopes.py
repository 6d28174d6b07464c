"""scopes: what a caller must be allowed for each route. A route that is not in the list is for nobody but admins."""

from footnote.app.access.types import READER_SCOPES, Scope

ANY_READER: tuple[Scope, ...] = ("ask", "search", "read")
_ASK: tuple[Scope, ...] = ("ask",)
_SEARCH: tuple[Scope, ...] = ("search",)
_READ: tuple[Scope, ...] = ("read",)
_INGEST: tuple[Scope, ...] = ("ingest",)
_ADMIN: tuple[Scope, ...] = ("admin",)
# Of these scopes one is enough.
NEEDED: dict[str, tuple[Scope, ...]] = {
    "POST /query": _ASK,
    "GET /v1/models": _ASK,
    "GET /v1/models/{model}": _ASK,
    "POST /v1/chat/completions": _ASK,
    "GET /search": _SEARCH,
    "GET /search/why-not": _SEARCH,
    "POST /verify": _READ,
    "GET /files/{generation}/{path:path}": _READ,
    "GET /view/{path:path}": _READ,
    "GET /a/{id}": _READ,
    "POST /answers": _ASK,
    "POST /feedback": ("feedback",),
    "GET /overview": ANY_READER,
    "GET /collections": ANY_READER,
    "GET /index": _READ,
    "GET /evaluation": _READ,
    "POST /ingest": _INGEST,
    "GET /ingest/{id}": _INGEST,
    "GET /generations": _INGEST,
    "GET /index/changes": _INGEST,
    "POST /rollback": _INGEST,
    "GET /gaps": _ADMIN,
    "POST /gaps/dismiss": _ADMIN,
    "POST /gaps/resolve": _ADMIN,
}
# Nothing of the docs is in them: the page and its parts, the API's description, whether the process is well.
PUBLIC = frozenset(
    {
        "GET /",
        "GET /widget.js",
        "GET /assets/{name}",
        "GET /docs",
        "GET /redoc",
        "GET /api-docs/{name}",
        "GET /reading.css",  # of views
        "GET /metrics",  # asks by itself, where the settings say so
        "GET /health/live",
        "GET /health/ready",
        "POST /hooks/git",  # asks by itself: its requests are signed
        "POST /session",
        "DELETE /session",
    }
)


def needed(method: str, path: str) -> tuple[Scope, ...] | None:
    """The scopes of which one is needed; None where nobody has to say who they are."""
    route = f"{method} {path}"
    return None if route in PUBLIC else NEEDED.get(route, _ADMIN)


def is_for_readers(scopes: tuple[Scope, ...]) -> bool:
    """Whether it is something that readers do."""
    return not READER_SCOPES.isdisjoint(scopes)
