"""events: the lines of a stream as typed events.

lines -> server-sent events -> QueryEvent, up to `done`
"""

import json
from collections.abc import Iterator
from typing import get_args

import httpx
from pydantic import TypeAdapter, ValidationError

from footnote.app.client.reading import foreign, told
from footnote.app.core.errors import ServiceError
from footnote.app.schemas.events import DoneEvent, ErrorEvent, QueryEvent

_EVENT: TypeAdapter[QueryEvent] = TypeAdapter(QueryEvent)
_NAMES = frozenset(kind.model_fields["event"].default for kind in get_args(get_args(QueryEvent)[0]))


class Events:
    """Reads one stream, a line at a time."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._name = ""
        self._data: list[str] = []
        self.is_over = False

    def of(self, line: str) -> Iterator[QueryEvent]:
        """The event that the line ends, if it ends one that is known: a later version may have others.

        Raises:
            ServiceError: the service failed on the way, or an event has another shape.
        """
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                self._name = value
            elif name == "data":
                self._data.append(value)
            return
        name, data = self._name, "\n".join(self._data)
        self._name, self._data = "", []
        if name not in _NAMES:
            return
        try:
            event = _EVENT.validate_json(f'{{"event": {json.dumps(name)}, "data": {data}}}')
        except ValidationError as error:
            raise foreign(self._response, error) from error
        if isinstance(event, ErrorEvent):
            raise told(event.data)
        self.is_over = isinstance(event, DoneEvent)
        yield event

    def check_over(self) -> None:
        """Be sure that the stream ended as it should.

        Raises:
            ServiceError: it broke off.
        """
        if not self.is_over:
            raise ServiceError("the stream broke off before the answer was complete: ask again", status=200)
