"""openapi: the description of the service, with the events of a stream, which FastAPI does not see."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from footnote.app.schemas.events import QueryEvent

_REF = "#/components/schemas/"


def describe_stream(app: FastAPI) -> None:
    """Add `QueryEvent`, and that `POST /query` sends such events, to the app's OpenAPI document."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_events(describe())
        return describe()

    app.openapi = described  # type: ignore[method-assign]


def _add_events(document: dict[str, Any]) -> None:
    union = TypeAdapter(QueryEvent).json_schema(ref_template=f"{_REF}{{model}}", mode="serialization")
    schemas = document["components"]["schemas"]
    for name, schema in union.pop("$defs").items():
        schemas.setdefault(name, schema)
    schemas["QueryEvent"] = {
        "title": "QueryEvent",
        "description": "An event of the stream: its name, and its data, which is sent as one line of JSON.",
        **union,
    }
    answered = document["paths"]["/query"]["post"]["responses"]["200"]
    answered["content"]["text/event-stream"] = {
        "schema": {"type": "string", "description": "Server-sent events."},
        "itemSchema": {"$ref": f"{_REF}QueryEvent"},
    }
