"""A model file from its address, which goes on where an earlier try stopped."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from footnote.app.core.version import VERSION
from footnote.app.models.fetching.partial import Partial
from footnote.app.models.fetching.source import RefusedError, SourceError

if TYPE_CHECKING:
    import httpx

# Guesses: who has no network should not wait long for the wheels; a busy mirror may be silent for a while.
_CONNECT_S, _SILENCE_S = 5.0, 60.0
_MAX_SILENCES = 2
_PASSING = (408, 425, 429)  # of the 4xx those that another try may mend
_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


def download(url: str, partial: Partial) -> None:
    """Fetch what is missing; a connection that breaks is made again while that brings more, and once after silence.

    Raises:
        RefusedError: the address is wrong, or not open to us.
        SourceError: the address cannot be reached or gives another file; what came stays for the next try.
        ModelError: the disk has no room.
    """
    import httpx

    headers = {"Accept-Encoding": "identity", "User-Agent": f"footnote/{VERSION}"}
    timeout = httpx.Timeout(_SILENCE_S, connect=_CONNECT_S)
    try:
        client = httpx.Client(follow_redirects=True, timeout=timeout, headers=headers)
    except (ImportError, ValueError) as error:  # a proxy of the environment that httpx cannot use
        raise SourceError(str(error)) from error
    with client:
        silences = 0
        while not partial.is_whole:
            before = partial.size
            problem = "the connection ended early"
            try:
                if _is_all(client, url, partial):
                    return
            except httpx.ReadTimeout:
                problem = f"nothing came for {_SILENCE_S:g} seconds"
                silences += 1
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = str(error) or type(error).__name__
            if partial.size <= before or silences == _MAX_SILENCES:
                raise SourceError(problem)


def _is_all(client: "httpx.Client", url: str, partial: Partial) -> bool:
    """Add what one response gives; whether that is all, as far as the server has told the length."""
    start = partial.size
    with client.stream("GET", url, headers={"Range": f"bytes={start}-"} if start else {}) as response:
        first, total = _span(response)
        if response.status_code == 416 and total == start:
            partial.expect(start)
            return True
        if response.status_code == 416:  # what is there belongs to another file
            partial.cut(0)
        if response.status_code not in (200, 206) or first not in (0, start):
            raise _refusal(response.status_code, response.reason_phrase)
        if total is not None:
            partial.expect(total)
        partial.cut(first)
        partial.require_space()
        partial.append(response.iter_raw())
    return partial.total is None or partial.is_whole


def _refusal(status: int, reason: str) -> SourceError:
    message = f"it answers {status} {reason}".rstrip()
    if 400 <= status < 500 and status not in _PASSING:
        return RefusedError(message, wants_login=status in (401, 403))
    return SourceError(message)


def _span(response: "httpx.Response") -> tuple[int | None, int | None]:
    """Where the bytes of a response begin in the file, and how long the file is, as far as it says so."""
    if response.status_code == 200:
        with suppress(ValueError):
            return 0, int(response.headers.get("Content-Length", ""))
        return 0, None
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    first, total = found.groups() if found else (None, None)
    return int(first) if first else None, int(total) if total and total != "*" else None
