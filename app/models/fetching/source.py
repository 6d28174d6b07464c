"""Where a model file can come from."""

from enum import StrEnum


class Source(StrEnum):
    AUTO = "auto"  # the address, and where that gives nothing the wheels
    URL = "url"
    WHEELS = "wheels"


class SourceError(Exception):
    """A source does not give the file; the message is a clause that says why. Another source may have it."""
