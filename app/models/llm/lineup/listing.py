"""listing: which models a server says it has, and until when: `GET /models` of OpenAI and of compatible servers."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from footnote.app.core.setting_groups import LLMSettings

OPENAI_HOST = "api.openai.com"
_OPENAI_URL = f"https://{OPENAI_HOST}/v1"
_MAX_MODELS, _MAX_BYTES = 5_000, 4_000_000


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server lists: by a model's name the day on which it ends, None where none is announced.

    `status` is the status of its reply.
    """

    ends: Mapping[str, date | None]
    status: int = 200


def is_openai(llm: LLMSettings) -> bool:
    """Whether requests go to OpenAI itself."""
    try:
        return llm.openai_url is None or urlsplit(llm.openai_url).hostname == OPENAI_HOST
    except ValueError:  # it is no URL
        return False


def address(llm: LLMSettings) -> tuple[str | None, dict[str, str]]:
    """The base URL without the login that it may carry, None for OpenAI's own; and the headers that carry it.

    An HTTP client logs the addresses that it asks.
    """
    url = llm.openai_url
    if url is None or "@" not in (login := urlsplit(url).netloc):
        return url, {}
    name_and_password, _, host = login.rpartition("@")
    packed = base64.b64encode(unquote(name_and_password).encode()).decode()
    return urlsplit(url)._replace(netloc=host).geturl(), {"Authorization": f"Basic {packed}"}


def listed(llm: LLMSettings, timeout_s: float = 5.0) -> Listing | None:
    """The models of the server that the settings name, none where it does not say; None where it cannot be reached."""
    import httpx

    key = llm.openai_key.get_secret_value() if llm.openai_key else "none"
    base_url, login = address(llm)
    url = f"{(base_url or _OPENAI_URL).rstrip('/')}/models"
    try:
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Authorization": f"Bearer {key}", **login}) as response,
        ):
            said, began = b"", time.monotonic()
            for part in response.iter_bytes():
                said += part
                if len(said) > _MAX_BYTES or time.monotonic() - began > timeout_s:
                    return Listing({})
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        return None
    try:
        return replace(_read(json.loads(said) if response.is_success else None), status=response.status_code)
    except (ValueError, RecursionError):
        return Listing({})


def _read(said: Any) -> Listing:
    rows = said.get("data") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        return Listing({})
    ends: dict[str, date | None] = {}
    for row in rows[:_MAX_MODELS]:
        name = row.get("id") if isinstance(row, dict) else None
        if isinstance(name, str) and name.isprintable():
            ends[name] = _day(row.get("shutdown_date"))
    return Listing(ends)


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except ValueError:
        return None
