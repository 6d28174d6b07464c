"""current: who the present work is done for, where no argument can say it: within a tool of the MCP SDK.

A context variable, so that it follows a request into its tasks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from footnote.app.access.types import NOBODY, READER_SCOPES, Caller, Grant

# A client on standard input and output started this process itself.
LOCAL = Caller("local", (Grant(READER_SCOPES),))
_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextmanager
def asked_by(caller: Caller) -> Iterator[None]:
    """What is done in the block is done for this caller."""
    token = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(token)


def current_caller() -> Caller:
    """Who this is done for; may do nothing where nobody has said so."""
    return _current.get() or Caller(NOBODY, ())
