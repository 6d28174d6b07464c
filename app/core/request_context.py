"""request_context: the request that something is done for, or the collection, wherever it is done.

Context variables, so that they follow the work into tasks and threads; who starts work in a thread hands the context
over.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class RequestContext:
    """One request.

    Attributes:
        id: safe to be logged and sent back.
        generation: what it is answered from; None as long as nothing is.
        caller: who sent it, as `Caller.id` names them; "" as long as nobody has looked.
        collections: in which it is asked; empty as long as none was named.
        has_names: whether collections have names there, so that what is said of the request names them.
    """

    id: str
    generation: int | None = None
    caller: str = ""
    collections: tuple[str, ...] = ()
    has_names: bool = False


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)
_collection: ContextVar[str | None] = ContextVar("collection", default=None)


def asked_in(collection: str, has_names: bool) -> None:
    """Note that the present request is about this collection, beside others that were noted."""
    request = _current.get()
    if request:
        request.has_names = has_names
        if collection not in request.collections:
            request.collections = (*request.collections, collection)


@contextmanager
def done_for(collection: str | None) -> Iterator[None]:
    """What is done in the block is done for this collection, whoever asks; None for one without a name."""
    token = _collection.set(collection)
    try:
        yield
    finally:
        _collection.reset(token)


def named_collections() -> tuple[str, ...]:
    """Those that the present work is about; empty where they have no names, and where it is about none."""
    own, request = _collection.get(), _current.get()
    if own is not None:
        return (own,)
    return request.collections if request and request.has_names else ()


def current_request() -> RequestContext | None:
    """The request that this is done for; None where it is done for nobody."""
    return _current.get()


@contextmanager
def within(request: RequestContext) -> Iterator[None]:
    """What is done in the block is done for the request."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)


def answered_from(generation: int) -> None:
    """Note for the request what it is answered from."""
    request = _current.get()
    if request:
        request.generation = generation


def sent_by(caller: str) -> None:
    """Note for the request who sent it."""
    request = _current.get()
    if request:
        request.caller = caller


def in_this_context(work: Callable[[], T]) -> Callable[[], T]:
    """The work as something to be called once, on whatever thread, for the request of the caller."""
    return partial(copy_context().run, work)
