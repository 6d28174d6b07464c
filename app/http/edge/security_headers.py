"""security_headers: what each response says to browsers, unless its route has said it otherwise."""

_NOSNIFF = (b"x-content-type-options", b"nosniff")
_REFERRER = (b"referrer-policy", b"no-referrer")
# Of what is no page: nothing runs, nothing is loaded, and nobody shows it in a frame.
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


def with_security_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, and those of the three that are missing."""
    given = {name.lower() for name, _ in headers}
    return [*headers, *(header for header in (_NOSNIFF, _REFERRER, _POLICY) if header[0] not in given)]
