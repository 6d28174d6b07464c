"""scopes: what somebody who asks may do, by name."""

from typing import Literal, get_args

Scope = Literal["ask", "search", "read", "feedback", "ingest", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
READER_SCOPES: frozenset[Scope] = frozenset({"ask", "search", "read", "feedback"})
