"""Where a model file can come from."""

from enum import StrEnum


class Source(StrEnum):
    AUTO = "auto"  # the address, and where that gives nothing the wheels
    URL = "url"
    WHEELS = "wheels"


class SourceError(Exception):
    """A source does not give the file; the message is a clause that says why. Another source may have it."""


class RefusedError(SourceError):
    """An address is answered with a status that trying again does not change."""

    def __init__(self, message: str, wants_login: bool) -> None:
        super().__init__(message)
        self.wants_login = wants_login
