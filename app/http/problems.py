"""Errors over HTTP: RFC 9457 problem details, and the one table from error to status.

Where OpenAI's clients ask, the same problems have the shape that these know.
"""

import logging
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from footnote.app.core.errors import (
    PROBLEM_TYPE,
    AnswerNotGivenError,
    AuditError,
    ChatRequestError,
    CollectionUnknownError,
    CollectionUnnamedError,
    DocsFolderError,
    FeedbackOffError,
    FootnoteError,
    ForbiddenError,
    GapUnknownError,
    GenerationUnknownError,
    GitSourceError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IngestOffError,
    IngestRunningError,
    IngestUnknownError,
    IssuerUnreachableError,
    KeyStoreError,
    LLMError,
    ModelError,
    ModelUnknownError,
    NotReadyError,
    OtherDocsError,
    OverCapacityError,
    PageUnknownError,
    QuestionError,
    ReplicaError,
    SavedAnswerUnknownError,
    SavingOffError,
    SettingsError,
    StoreError,
    StoreUnreachableError,
    TooManyRequestsError,
    UnauthorizedError,
    WebhookOffError,
)
from footnote.app.core.html import element
from footnote.app.core.request_context import current_request
from footnote.app.http.bodies import body_problem, unreadable_body, wrong_fields
from footnote.app.http.openai.errors import is_openai_path, openai_error
from footnote.app.reading.shell import HEADERS, document
from footnote.app.schemas.problem import Problem, problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[FootnoteError], int] = {
    QuestionError: 422,
    ChatRequestError: 400,
    ModelUnknownError: 404,
    DocsFolderError: 503,
    IndexMissingError: 503,
    GenerationUnknownError: 404,
    IndexMismatchError: 503,
    IndexDamagedError: 503,
    StoreError: 502,
    StoreUnreachableError: 503,
    IngestRunningError: 409,
    OtherDocsError: 409,
    ReplicaError: 409,
    OverCapacityError: 503,
    TooManyRequestsError: 429,
    ModelError: 503,
    SettingsError: 500,
    LLMError: 502,
    NotReadyError: 503,
    AuditError: 503,
    IngestOffError: 403,
    WebhookOffError: 403,
    GitSourceError: 502,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    IssuerUnreachableError: 503,
    IngestUnknownError: 404,
    PageUnknownError: 404,
    SavingOffError: 403,
    AnswerNotGivenError: 422,
    SavedAnswerUnknownError: 404,
    FeedbackOffError: 403,
    GapUnknownError: 404,
    CollectionUnknownError: 404,
    CollectionUnnamedError: 422,
}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="footnote"'}
_RETRY_AFTER_S = 2  # what a client should wait for a service that is still loading


def problem_doc(description: str) -> dict[str, Any]:
    """A problem as the OpenAPI document describes a response."""
    return {"description": description, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}


# Of a route that needs models and index.
UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    503: problem_doc("Still loading, no index, or over capacity; see `Retry-After`.")
}


def problem_response(
    scope: MutableMapping[str, Any], body: Problem, headers: dict[str, str] | None = None, param: str | None = None
) -> JSONResponse:
    """The problem as a response of its own status, in the shape that the client knows.

    `param` is the field of the request that is wrong; problem details name it in their text alone.
    """
    if is_openai_path(scope):
        return openai_error(body, param, headers)
    content = named(body).model_dump()
    return JSONResponse(content, body.status or 500, headers=headers, media_type=MEDIA_TYPE)


def named(body: Problem) -> Problem:
    """The problem with the id of the request that it is about."""
    request = current_request()
    return body.model_copy(update={"request_id": request.id}) if request else body


def problem_of(error: FootnoteError) -> Problem:
    """The error as a problem, with its status; where the index and the keys lie is no business of who asks."""
    found = problem(error, STATUS.get(type(error), 500))
    if type(error) is IndexMissingError:
        _, colon, what_to_do = str(error).rpartition(": ")
        return found.model_copy(update={"detail": f"nothing has been ingested yet{colon}{what_to_do}"})
    if type(error) is KeyStoreError:
        return found.model_copy(update={"detail": "the keys cannot be read or written: see the service's log"})
    return found


def internal_problem() -> Problem:
    """What is said of an error that nobody foresaw."""
    return Problem(type=PROBLEM_TYPE + "internal", title="Internal error", status=500, detail="see the service's log")


def error_response(scope: MutableMapping[str, Any], error: FootnoteError) -> JSONResponse:
    """The error as a problem, with Retry-After where trying again can help, and with what 401 must carry."""
    body = problem_of(error)
    headers = {}
    if isinstance(error, (OverCapacityError, TooManyRequestsError)):
        headers["Retry-After"] = str(error.retry_after_s)
    elif body.status == 503:
        headers["Retry-After"] = str(_RETRY_AFTER_S)
    elif body.status == 401:
        headers |= _CHALLENGE
    return problem_response(scope, body, headers, error.param if isinstance(error, ChatRequestError) else None)


def _key_wanted(request: Request) -> HTMLResponse:
    """For somebody in a browser, who can show a key on the page alone."""
    root = request.scope.get("root_path", "")
    way = element("p", "Show it on ", element("a", "the page", href=f"{root}/"), ", and open this address again.")
    told = element("main", element("h1", "A key is needed"), way, class_="problem")
    return HTMLResponse(document("A key is needed", [told], root), 401, {**HEADERS, **_CHALLENGE})


def install_handlers(app: FastAPI) -> None:
    """Make every error response of the app a problem."""

    @app.exception_handler(FootnoteError)
    async def footnote_error(request: Request, error: FootnoteError) -> Response:
        # 503 is expected while loading and under load; probes would fill the log with it.
        if STATUS.get(type(error), 500) in (500, 502):
            log.error("%s", error)
        if isinstance(error, UnauthorizedError) and "text/html" in request.headers.get("accept", ""):
            return _key_wanted(request)
        return error_response(request.scope, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        unread = body_problem(request, error)
        if unread:
            return problem_response(request.scope, unread)
        said = wrong_fields(error)
        detail = "; ".join(f"{place or 'body'}: {what}" for place, what in said)
        body = Problem(type=PROBLEM_TYPE + "invalid-request", title="Invalid request", status=422, detail=detail)
        return problem_response(request.scope, body, param=said[0][0] or None)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        unread = unreadable_body(error.__cause__)
        if unread:
            return problem_response(request.scope, unread)
        slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http")
        body = Problem(
            type=PROBLEM_TYPE + slug,
            title=HTTPStatus(error.status_code).phrase,
            status=error.status_code,
            detail=f"{request.method} {request.url.path}: {error.detail}; /docs lists what there is",
        )
        return problem_response(request.scope, body, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("a request failed", exc_info=error)
        return problem_response(request.scope, internal_problem())
