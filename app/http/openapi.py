"""openapi: the description of the service, with what FastAPI does not see.

the events of streams; the shape that the service gives to a request of another shape
"""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from footnote.app.http.problems import problem_doc
from footnote.app.http.scopes import is_for_readers, needed
from footnote.app.schemas.chat import CompletionChunkOut
from footnote.app.schemas.events import QueryEvent

_FASTAPIS = "HTTPValidationError"
_REF = "#/components/schemas/"
_KEY = "Key"
_NAMED_IN_BODY = ("/query", "/feedback")
# As FastAPI describes them, and as their routes are written.
_PATHS = {"/files/{generation}/{path}": "/files/{generation}/{path:path}", "/view/{path}": "/view/{path:path}"}


def describe(app: FastAPI) -> None:
    """Complete the app's OpenAPI document."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            _add_events(document)
            _replace_validation_errors(document)
            _add_access(document)
            _add_unknown_collections(document)
        return generate()

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
        "description": "A chunk as one line of JSON.",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"{_REF}CompletionChunkOut"},
    }
    _content(document, "/v1/chat/completions")["text/event-stream"] = {
        "itemSchema": {
            "type": "object",
            "properties": {"data": {"anyOf": [{"const": "[DONE]"}, chunk]}},
            "required": ["data"],
        }
    }


def _replace_validation_errors(document: dict[str, Any]) -> None:
    """Describe what FastAPI would send where parameters are wrong as the problem that is sent."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if _FASTAPIS in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
                if not path.startswith("/v1/"):  # whose one parameter is any text
                    operation["responses"]["422"] = problem_doc("A parameter has another shape.")
    for name in (_FASTAPIS, "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _add_unknown_collections(document: dict[str, Any]) -> None:
    """Say of the routes that may be given a collection that there may be none of its name."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            named = any(one["name"] == "collection" for one in operation.get("parameters", ()))
            if (named or path in _NAMED_IN_BODY) and "404" not in operation["responses"]:
                operation["responses"]["404"] = problem_doc("There is no such collection, or not for this caller.")


def _add_access(document: dict[str, Any]) -> None:
    """Say which routes want a key: FastAPI cannot see it, as a route's class looks at that."""
    described = "A key of `footnote keys`, FOOTNOTE_ADMIN_KEY, or a token of your issuer; see FOOTNOTE_AUTH."
    document["components"]["securitySchemes"] = {_KEY: {"type": "http", "scheme": "bearer", "description": described}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scopes = needed(method.upper(), _PATHS.get(path, path))
            if scopes is not None:
                # What readers do needs none where FOOTNOTE_AUTH asks for none.
                operation["security"] = [{}, {_KEY: []}] if is_for_readers(scopes) else [{_KEY: []}]
                shape = problem_doc("")
                if path.startswith("/v1/"):
                    shape = document["paths"]["/v1/models/{model}"]["get"]["responses"]["404"]
                _add_refusals(operation["responses"], " or ".join(f"`{scope}`" for scope in scopes), shape)


def _add_refusals(responses: dict[str, Any], scopes: str, shape: dict[str, Any]) -> None:
    """Add what somebody is told who may not."""
    said = {
        "401": "No key is shown that counts, and one is needed.",
        "403": f"The key lacks the scope {scopes}.",
        "429": "This key or address has asked too often; see `Retry-After`.",
    }
    for status, why in said.items():
        stated = responses.get(status)
        responses[status] = {**shape, "description": f"{stated['description']} Or: {why}" if stated else why}


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
