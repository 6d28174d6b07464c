"""waiting: when to ask a server again: as its headers say, else after a random time that doubles with each try."""

import random
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# Guesses: a server that restarts is asked soon, one that is overloaded not for long by all at once.
FIRST_S, LONGEST_S = 0.5, 30.0
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SINCE_1970_S = 1e9  # a larger number is a time, not a duration
_KINDS = ("-requests", "-tokens", "")


def backoff_s(tries: int) -> float:
    """Seconds until the next try after so many, from 0 to a limit that doubles.

    Source: "full jitter" of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
    """
    return random.uniform(0, min(LONGEST_S, FIRST_S * 2.0 ** min(tries, 16)))


def named_s(headers: Mapping[str, str]) -> float | None:
    """How long the server wants to be left alone, by `Retry-After`; None where it does not say so."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
    except ValueError:
        pass
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", said):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time()) if said else None
    except (ValueError, TypeError, OverflowError):
        return None


def exhausted_s(headers: Mapping[str, str], used_tokens: int) -> float:
    """How long to send nothing, by the `x-ratelimit` headers of an answer that took so many tokens; 0 for not at all.

    A limit that fills up all the time, as OpenAI's does, is waited for until the next request fits, not until it is
    full.
    """
    return max((_exhausted_s(headers, kind, used_tokens) for kind in _KINDS), default=0.0)


def _exhausted_s(headers: Mapping[str, str], kind: str, used_tokens: int) -> float:
    remaining, limit = (_number(headers.get(f"x-ratelimit-{name}{kind}")) for name in ("remaining", "limit"))
    full_s = duration_s(headers.get(f"x-ratelimit-reset{kind}", ""))
    needed = used_tokens if kind == "-tokens" else 1
    if remaining is None or full_s is None or remaining >= needed:
        return 0.0
    if limit is None or limit < needed or limit <= remaining:
        return full_s
    return full_s * (needed - remaining) / (limit - remaining)


def duration_s(said: str) -> float | None:
    """Seconds of `6m0s`, `120ms`, `12` or a time since 1970; None where it is none of them."""
    said = said.strip()
    number = _number(said)
    if number is not None:
        return max(0.0, number - time.time()) if number > _SINCE_1970_S else number
    if not re.fullmatch(f"(?:{_DURATION.pattern})+", said):
        return None
    return sum(float(amount) * _UNIT_S[unit] for amount, unit in _DURATION.findall(said))


def _number(said: str | None) -> float | None:
    return float(said) if said and re.fullmatch(r"\d{1,15}(\.\d{1,9})?", said.strip()) else None
