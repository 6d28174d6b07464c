"""listing: which models a server says it has, and until when: `GET /models` of OpenAI and of compatible servers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from footnote.app.core.setting_groups import LLMSettings

OPENAI_URL = "https://api.openai.com/v1"
_MAX_MODELS = 5_000


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server lists: by a model's name the day on which it ends, None where none is announced."""

    ends: Mapping[str, date | None]


def is_openai(llm: LLMSettings) -> bool:
    """Whether requests go to OpenAI itself."""
    return llm.openai_url is None or urlsplit(llm.openai_url).hostname == "api.openai.com"


def listed(llm: LLMSettings, timeout_s: float = 5.0) -> Listing | None:
    """The models of the server that the settings name; None where it does not say."""
    import httpx

    key = llm.openai_key.get_secret_value() if llm.openai_key else "none"
    url = f"{(llm.openai_url or OPENAI_URL).rstrip('/')}/models"
    try:
        with httpx.Client(timeout=timeout_s, follow_redirects=False) as client:
            response = client.get(url, headers={"Authorization": f"Bearer {key}"})
            response.raise_for_status()
            return _read(response.json())
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, UnicodeError):
        return None


def _read(said: Any) -> Listing | None:
    rows = said.get("data") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        return None
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
