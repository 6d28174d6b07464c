"""told_commands: a `footnote ...` in a message is the one that works where the message is about a collection."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from footnote.app.core.request_context import named_collections

# Those that are about one index, as they stand in a message; `footnote publish` is run elsewhere, under other names.
_OF_ONE = re.compile(
    r"`footnote (?:ingest|status|eval|tune|gaps|usage|rollback|answers (?:list|show|delete|export)"
    r"|tune-llm (?:data|pairs|report|ab|advise))(?=[ `])(?![^`]* --(?:collection|index-dir)\b)"
)


@dataclass(slots=True)
class _Told:
    collection: str | None


_told: ContextVar[_Told | None] = ContextVar("told", default=None)


@contextmanager
def told_for(collection: str | None = None) -> Iterator[None]:
    """Within the block messages are about this collection, where no other one is worked for; None for none as yet."""
    token = _told.set(_Told(collection))
    try:
        yield
    finally:
        _told.reset(token)


def tell_for(collection: str | None) -> None:
    """Say what the block in which this is called turned out to be about; nothing outside of one."""
    told = _told.get()
    if told:
        told.collection = collection


def of_collection(text: str) -> str:
    """The text, whose commands name the collection that the present work is about; as it is where that is none."""
    named, told = named_collections(), _told.get()
    name = (named[0] if len(named) == 1 else None) if named else told and told.collection
    return _OF_ONE.sub(lambda found: f"{found[0]} --collection {shlex.quote(name)}", text) if name else text
