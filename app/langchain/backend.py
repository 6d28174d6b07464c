"""backend: what answers, as the retriever and the chain ask it."""

import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Hashable
from typing import Protocol

from footnote.app.core.settings import Settings
from footnote.app.langchain.over_http import OverHttp
from footnote.app.schemas.events import QueryEvent
from footnote.app.schemas.search import SearchOut
from footnote.app.service.answers import Asking


class Backend(Protocol):
    """Is asked on our own event loop.

    Attributes:
        base_url: the address of the service, where one shows the cited pages.
    """

    @property
    def base_url(self) -> str | None: ...

    async def search(self, asking: Asking) -> SearchOut:
        """The passages, best first.

        Raises:
            FootnoteError: there are none; says why.
        """
        ...

    def events(self, asking: Asking) -> AsyncGenerator[QueryEvent, None]:
        """What happens while the question is answered; the last is the answer. Closing it ends the work.

        Raises:
            FootnoteError: it cannot be answered; says why.
        """
        ...


def in_process(settings: Settings) -> Backend:
    """The index of the settings, in this process; models and index are loaded with the first question."""

    def opened() -> Backend:
        from footnote.app.langchain.in_process import InProcess  # with all that a search needs

        return InProcess(settings)

    return _shared(settings, opened)


def over_http(url: str, key: str | None, timeout_s: float) -> Backend:
    """A running service.

    Raises:
        SettingsError: the address or the key is none.
    """
    return _shared((url, key, timeout_s), lambda: OverHttp(url, key, timeout_s))


_lock = threading.Lock()
_in_use: "weakref.WeakValueDictionary[Hashable, Backend]" = weakref.WeakValueDictionary()


def _shared(key: Hashable, opened: Callable[[], Backend]) -> Backend:
    """The one that is in use already, or else a new one: a retriever and a chain on one index load it once."""
    with _lock:
        backend = _in_use.get(key)
        if backend is None:
            backend = _in_use[key] = opened()
        return backend


def _forget() -> None:
    """In a process that was forked nothing of this works any more; it is held, as it must not be closed either."""
    global _lock
    _lock = threading.Lock()
    _left_behind.extend(_in_use.values())
    _in_use.clear()


_left_behind: list[Backend] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
