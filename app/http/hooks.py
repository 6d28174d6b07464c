"""`POST /hooks/git`: a push to the docs' repository, as GitHub, GitLab and those that send the same tell of it.

Nothing of a request is believed but that it was pushed: which repository is fetched is in the settings alone. A request
that is sent again does no harm, as an ingest with nothing to do does nothing. No part of the API that the OpenAPI
document describes, as its callers have shapes of their own.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from footnote.app.collections.hosted import Hosted
from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import (
    CollectionUnknownError,
    CollectionUnnamedError,
    FootnoteError,
    IndexDamagedError,
    IndexMissingError,
    UnauthorizedError,
    WebhookOffError,
)
from footnote.app.core.request_context import asked_in
from footnote.app.core.settings import Settings
from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import HostingDep
from footnote.app.index.docs_folder import with_docs_dir
from footnote.app.index.generations import live_manifest
from footnote.app.watching.metrics import Metrics, WebhookResult

log = logging.getLogger(__name__)

PATH = "/hooks/git"
router = APIRouter(route_class=AccessRoute, include_in_schema=False)
_GITLAB_KEY = "whsec_"
_HEADS, _TAGS = "refs/heads/", "refs/tags/"


@router.post(PATH)
async def git_hook(request: Request, hosting: HostingDep, collection: str | None = None) -> JSONResponse:
    """Start an ingest after a push to the branch of the docs; say what else it was.

    Where there are several collections the address names one.
    """
    metrics: Metrics = request.app.state.metrics
    try:
        body = await request.body()
        _require_signed(request.app.state.settings, request.headers, body)
    except FootnoteError:
        metrics.webhook("refused")
        raise
    event = _event(request.headers)
    if event == "ping":
        metrics.webhook("ping")
        return JSONResponse({"status": "pong"})
    payload = _payload(body, request.headers.get("content-type", ""))
    hosted = _hosted(hosting, collection)
    asked_in(hosted.collection.name, hosting.has_names)
    reason = await asyncio.to_thread(_not_for_us, hosted.settings, event, payload)
    if reason:
        metrics.webhook("ignored")
        return JSONResponse({"status": "ignored", "reason": reason})
    try:
        job = await asyncio.to_thread(hosted.pushes.pushed)
    except FootnoteError:
        metrics.webhook("failed")
        raise
    result: WebhookResult = "started" if job else "queued"
    metrics.webhook(result)
    of = f"?collection={hosted.collection.name}" if hosting.has_names else ""
    location = {"Location": f"/ingest/{job.id}{of}"} if job else {}
    return JSONResponse({"status": result, "ingest": job.id if job else None}, 202, location)


def _hosted(hosting: Hosting, collection: str | None) -> Hosted:
    """The collection that the address names, or the only one.

    Raises:
        CollectionUnknownError: there is none of this name.
        CollectionUnnamedError: there are several, and none is named.
    """
    names = hosting.names
    if collection is None and len(names) > 1:
        raise CollectionUnnamedError(
            "say which docs were pushed: add ?collection= and the name to the address of the webhook"
        )
    found = hosting.get(collection or names[0])
    if found is None:
        raise CollectionUnknownError("there is no collection of the name that the address of the webhook has")
    return found


def _require_signed(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    """Refuse what was not sent by someone who has the secret.

    Raises:
        WebhookOffError: there is none.
        UnauthorizedError: it was not.
    """
    if settings.git.webhook_secret is None:
        raise WebhookOffError("no webhook is taken: set FOOTNOTE_GIT_WEBHOOK_SECRET and restart the service")
    secret = settings.git.webhook_secret.get_secret_value()
    given, expected = _signature(headers, body, secret)
    if not _is_equal(given, expected):
        raise UnauthorizedError(
            "the webhook is not signed with the secret that FOOTNOTE_GIT_WEBHOOK_SECRET holds: give the same one to "
            "the repository's settings (X-Hub-Signature-256, X-Gitlab-Token or webhook-signature)"
        )


def _signature(headers: Mapping[str, str], body: bytes, secret: str) -> tuple[str, str]:
    """What was sent, and what ought to be; where nothing was sent, no text is equal to the second."""
    if signature := headers.get("x-hub-signature-256"):
        return signature, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if signatures := headers.get("webhook-signature"):
        # Source: standardwebhooks.com, which GitLab's signing tokens follow; more than one while a key is replaced.
        signed = b".".join((_raw(headers, "webhook-id"), _raw(headers, "webhook-timestamp"), body))
        digest = hmac.new(_signing_key(secret), signed, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        equal = [one for one in signatures.split() if _is_equal(one, expected)]
        return "".join(equal[:1]), expected
    return headers.get("x-gitlab-token", ""), secret


def _is_equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _raw(headers: Mapping[str, str], name: str) -> bytes:
    return headers.get(name, "").encode("latin-1", "replace")


def _signing_key(secret: str) -> bytes:
    """GitLab draws one, and shows it in this form; another secret is its own key."""
    if secret.startswith(_GITLAB_KEY):
        with suppress(binascii.Error):
            return base64.b64decode(secret.removeprefix(_GITLAB_KEY), validate=True)
    return secret.encode()


def _event(headers: Mapping[str, str]) -> str:
    """`push`, `ping`, or another one as its sender names it; "" where it does not."""
    event = headers.get("x-github-event") or headers.get("x-gitlab-event", "")
    return {"Push Hook": "push", "Tag Push Hook": "push", "System Hook": "push"}.get(event, event)


def _payload(body: bytes, content_type: str) -> dict[str, Any]:
    """What the sender says.

    Raises:
        HTTPException: it is no object of JSON.
    """
    try:
        if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            body = parse_qs(body.decode())["payload"][0].encode()
        said = json.loads(body)
    except (ValueError, KeyError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise HTTPException(400, "the body of a webhook is a JSON object")
    return said


def _not_for_us(settings: Settings, event: str, payload: Mapping[str, Any]) -> str:
    """Why it starts no ingest; "" where it does."""
    ref = payload.get("ref")
    if event != "push" or not isinstance(ref, str):
        return "only pushes start an ingest"
    after = payload.get("after")
    if payload.get("deleted") is True or (isinstance(after, str) and after and not after.strip("0")):
        return "the branch was deleted"
    wanted = _branch(settings, payload)
    if not wanted or ref in (wanted, _HEADS + wanted, _TAGS + wanted):
        return ""
    return f"the docs are of {wanted}"


def _branch(settings: Settings, payload: Mapping[str, Any]) -> str:
    """The branch that the docs are of; "" where it is not known, and any push may concern them."""
    address = with_docs_dir(settings).folders.git
    if address and address.branch:
        return address.branch
    try:
        branch = live_manifest(settings.folders.index_dir).branch
    except (IndexMissingError, IndexDamagedError):
        branch = ""
    if branch or not address:
        return branch
    of = payload.get("repository") or payload.get("project")
    default = of.get("default_branch") if isinstance(of, dict) else ""
    return default if isinstance(default, str) else ""
