"""errors: a problem in OpenAI's shape, which its clients raise as exceptions of their own."""

from collections.abc import MutableMapping
from typing import Any

from fastapi.responses import JSONResponse

from footnote.app.core.errors import PROBLEM_TYPE
from footnote.app.schemas.chat import ChatErrorBody, ChatErrorOut
from footnote.app.schemas.problem import Problem

_PATHS = "/v1/"
# Of what is wrong with its shape OpenAI says 400.
_MALFORMED = {PROBLEM_TYPE + "invalid-request", PROBLEM_TYPE + "invalid-json"}


def is_openai_path(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request goes to a route that OpenAI's clients know."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).startswith(_PATHS)


def error_body(problem: Problem, param: str | None = None) -> ChatErrorBody:
    """The problem as OpenAI would say it; `param` is the field that is wrong."""
    return ChatErrorBody(
        error=ChatErrorOut(
            message=problem.detail,
            type="server_error" if _status(problem) >= 500 else "invalid_request_error",
            param=param,
            code=problem.type.removeprefix(PROBLEM_TYPE).replace("-", "_"),
        )
    )


def openai_error(problem: Problem, param: str | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """The same as a response."""
    return JSONResponse(error_body(problem, param).model_dump(), _status(problem), headers=headers)


def error_doc(description: str) -> dict[str, Any]:
    """Such an error as the OpenAPI document describes a response."""
    return {"description": description, "model": ChatErrorBody}


def _status(problem: Problem) -> int:
    return 400 if problem.type in _MALFORMED else problem.status or 500
