"""openapi: the description of the service, with the events of a stream, which FastAPI does not see."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from footnote.app.schemas.chat import CompletionChunkOut
from footnote.app.schemas.events import QueryEvent

_REF = "#/components/schemas/"


def describe_stream(app: FastAPI) -> None:
    """Add what routes send as streams to the app's OpenAPI document."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_events(describe())
        return describe()

    app.openapi = described  # type: ignore[method-assign]


def _add_events(document: dict[str, Any]) -> None:
    _add(document, "QueryEvent", QueryEvent)
    document["components"]["schemas"]["QueryEvent"] |= {
        "title": "QueryEvent",
        "description": "An event of the stream: its name, and its data, which is sent as one line of JSON.",
    }
    _content(document, "/query")["text/event-stream"] = {
        "schema": {"type": "string", "description": "Server-sent events."},
        "itemSchema": {"$ref": f"{_REF}QueryEvent"},
    }
    _add(document, "CompletionChunkOut", CompletionChunkOut)
    chunk = {
        "type": "string",
        "description": "A chunk as one line of JSON; the last one is `[DONE]`.",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"{_REF}CompletionChunkOut"},
    }
    _content(document, "/v1/chat/completions")["text/event-stream"] = {
        "itemSchema": {"type": "object", "properties": {"data": chunk}, "required": ["data"]}
    }


def _add(document: dict[str, Any], name: str, shape: Any) -> None:
    """Add the schema of a shape under a name that no other has, and those that it refers to."""
    schema = TypeAdapter(shape).json_schema(ref_template=f"{_REF}{{model}}", mode="serialization")
    parts = schema.pop("$defs")
    schemas = document["components"]["schemas"]
    if name in schemas:
        raise RuntimeError(f"two shapes are called {name}")
    schemas[name] = schema
    for part, described in parts.items():
        schemas.setdefault(part, described)


def _content(document: dict[str, Any], path: str) -> dict[str, Any]:
    content: dict[str, Any] = document["paths"][path]["post"]["responses"]["200"]["content"]
    return content
