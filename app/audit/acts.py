"""acts: what a request does, by its route; also one that was refused."""

from typing import Literal

Act = Literal[
    "ask",
    "search",
    "read",
    "verify",
    "save",
    "feedback",
    "gaps",
    "ingest",
    "rollback",
    "sign-in",
    "look",
    "other",
]
_ACTS: dict[str, Act] = {
    "POST /query": "ask",
    "POST /v1/chat/completions": "ask",
    "GET /search": "search",
    "GET /search/why-not": "search",
    "POST /verify": "verify",
    "GET /files/{generation}/{path}": "read",
    "GET /view/{path}": "read",
    "GET /a/{id}": "read",
    "POST /answers": "save",
    "POST /feedback": "feedback",
    "POST /ingest": "ingest",
    "POST /hooks/git": "ingest",
    "POST /rollback": "rollback",
    "GET /gaps": "gaps",
    "POST /gaps/dismiss": "gaps",
    "POST /gaps/resolve": "gaps",
    "POST /session": "sign-in",
    "DELETE /session": "sign-in",
    "POST /mcp": "other",  # which tool is called says what it is
    # What there is, and how it does: kept only where it was refused.
    "GET /overview": "look",
    "GET /index": "look",
    "GET /collections": "look",
    "GET /index/changes": "look",
    "GET /evaluation": "look",
    "GET /generations": "look",
    "GET /ingest/{id}": "look",
    "GET /v1/models": "look",
    "GET /v1/models/{model}": "look",
    "GET /session": "look",
}
REFUSALS = frozenset({401, 403, 429})


def act_of(method: str, route: str) -> Act:
    """What a request of this method does; `route` is the template that took it, without converters: `/view/{path}`."""
    return _ACTS.get(f"{method} {route}", "other")


def is_kept(act: Act, status: int) -> bool:
    """Whether the audit has a line for it: for what was done or tried, and for each refusal of access."""
    return act not in ("look", "other") or status in REFUSALS
