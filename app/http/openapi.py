"""openapi: the description of the service, with the events of a stream, which FastAPI does not see."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from footnote.app.schemas.chat import ChunkOut
from footnote.app.schemas.events import QueryEvent

_REF = "#/components/schemas/"


def describe_stream(app: FastAPI) -> None:
    """Add what routes send as streams to the app's OpenAPI document: `QueryEvent`, for OpenAI's clients `ChunkOut`."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_events(describe())
        return describe()

    app.openapi = described  # type: ignore[method-assign]


def _add_events(document: dict[str, Any]) -> None:
    union = _schema(document, QueryEvent)
    document["components"]["schemas"]["QueryEvent"] = {
        "title": "QueryEvent",
        "description": "An event of the stream: its name, and its data, which is sent as one line of JSON.",
        **union,
    }
    document["components"]["schemas"]["ChunkOut"] = _schema(document, ChunkOut)
    _streams(document, "/query", "QueryEvent")
    _streams(document, "/v1/chat/completions", "ChunkOut")


def _schema(document: dict[str, Any], shape: Any) -> dict[str, Any]:
    """The schema of a shape; those that it refers to are added to the document."""
    schema = TypeAdapter(shape).json_schema(ref_template=f"{_REF}{{model}}", mode="serialization")
    for name, part in schema.pop("$defs").items():
        document["components"]["schemas"].setdefault(name, part)
    return schema


def _streams(document: dict[str, Any], path: str, shape: str) -> None:
    answered = document["paths"][path]["post"]["responses"]["200"]
    answered["content"]["text/event-stream"] = {
        "schema": {"type": "string", "description": "Server-sent events."},
        "itemSchema": {"$ref": f"{_REF}{shape}"},
    }
