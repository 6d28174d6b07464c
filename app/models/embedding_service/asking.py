"""asking: the vectors of a few texts for a question, which waits: one short time for all tries together."""

import time

import httpx

from footnote.app.core.spans import trace_headers
from footnote.app.models.embedding_service.failures import Later, Refused, TooLarge
from footnote.app.models.embedding_service.reply import Answer, answer_of, body_of, failure_of, max_bytes
from footnote.app.models.embedding_service.server import Server
from footnote.app.models.embedding_service.waiting import backoff_s

TRIES = 3


def ask(http: httpx.Client, server: Server, texts: list[str]) -> Answer:
    """The vectors of texts that fit into one request.

    Raises:
        Refused: there are none, or not in time.
        NoVectors: they are not those of the texts.
    """
    ends = time.monotonic() + server.limits.query_timeout_s
    for tries in range(TRIES):
        try:
            return _once(http, server, texts, ends)
        except TooLarge as error:
            raise Refused(f"{error}; it takes no such text") from error
        except Later as error:
            wait_s = max(error.after_s or 0.0, backoff_s(tries))
            if tries + 1 == TRIES or time.monotonic() + wait_s >= ends:
                raise Refused(
                    f"{error}; try again{'' if error.after_s is None else f' in {error.after_s:.0f} s'}, or check "
                    f"{server.url_setting}"
                ) from error
        time.sleep(wait_s)
    raise AssertionError("the last try returns or raises")


def _once(http: httpx.Client, server: Server, texts: list[str], ends: float) -> Answer:
    left_s = max(0.001, ends - time.monotonic())
    content = bytearray()
    try:
        with http.stream(
            "POST",
            server.url,
            content=body_of(server, texts),
            headers={**server.headers, **trace_headers()},
            timeout=left_s,
        ) as response:
            for part in response.iter_bytes():
                content += part
                # The client's own limit is for each part.
                if time.monotonic() > ends:
                    raise TimeoutError
                if len(content) > max_bytes(texts):
                    raise Refused("its answer is too long to be one of an embedding server")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
        raise failure_of(server, error) from error
    return answer_of(server, response, bytes(content), texts)
