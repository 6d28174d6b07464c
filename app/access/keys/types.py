"""What is kept of a key, which is not the key; and what a new one is to be."""

import datetime
from dataclasses import dataclass
from typing import Literal

from footnote.app.access.types import READER_SCOPES, Grant

PREFIX = "fn_"
State = Literal["good", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is to be for, as somebody asked for it.

    Attributes:
        expires_s: from when on it is refused, in seconds since 1970, UTC; None for never.
        origins: of the pages that alone may use it, such as `https://docs.example.com`; None for anybody who has it.
    """

    name: str
    grant: Grant = Grant(READER_SCOPES)
    expires_s: int | None = None
    origins: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One key, of which the hash is kept; times are seconds since 1970, UTC.

    Attributes:
        id: 8 hex digits, by which it is named and revoked; no secret.
        shown: the key with all but its ends left out.
        last_used: the day, UTC; None where it never was, or that could not be written.
    """

    id: str
    name: str
    sha256: str
    shown: str
    grant: Grant
    origins: frozenset[str] | None
    created_s: int
    expires_s: int | None = None
    revoked_s: int | None = None
    last_used: datetime.date | None = None

    def state(self, now_s: float) -> State:
        """Whether it is accepted."""
        if self.revoked_s is not None:
            return "revoked"
        return "expired" if self.expires_s is not None and self.expires_s <= now_s else "good"
