"""request_ids: one name for a request, in the response, in problems, in logs and in traces."""

import re
import uuid

HEADER = b"x-request-id"
# What the usual proxies send, and nothing that a log, a header or JSON would have to escape.
_SANE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:=+/@-]{0,127}")


def request_id_of(headers: list[tuple[bytes, bytes]]) -> str:
    """The id that the client or a proxy gave the request; one of our own where there is none, or none that is sane."""
    given = [value for name, value in headers if name == HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0].decode("ascii")
    return uuid.uuid4().hex
