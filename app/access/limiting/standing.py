"""standing: how a caller stands with what they may do, and how that is told over HTTP."""

from dataclasses import dataclass

_TIMES = {1: "second", 60: "minute", 3600: "hour", 86_400: "day"}


@dataclass(frozen=True, slots=True)
class Quota:
    """One rate, and what a caller has left of it.

    Attributes:
        name: tells it from the others in the header fields, as in `questions-per-minute`.
        limit: how much may be done within the window.
        window_s: its length.
        remaining: what may still be done now.
        reset_s: after so many whole seconds it is more, or all of it again.
    """

    name: str
    limit: int
    window_s: int
    remaining: int
    reset_s: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a request may do, and what its caller has left after it.

    Attributes:
        quotas: the rates that count it, the one of the shortest time first; empty where nothing is limited.
        retry_after_s: when it is worth trying again; None where the request was allowed.
    """

    quotas: tuple[Quota, ...] = ()
    retry_after_s: int | None = None

    @property
    def allowed(self) -> bool:
        return self.retry_after_s is None

    def headers(self) -> dict[str, str]:
        """The fields that tell it; none where nothing is limited.

        Source: draft-ietf-httpapi-ratelimit-headers-10, lists of strings with parameters (RFC 9651).
        """
        if not self.quotas:
            return {}
        return {
            "RateLimit-Policy": ", ".join(f'"{one.name}";q={one.limit};w={one.window_s}' for one in self.quotas),
            "RateLimit": ", ".join(f'"{one.name}";r={one.remaining};t={one.reset_s}' for one in self.quotas),
        }


def in_words(seconds: int) -> str:
    """A length of time: `minute`, `5 minutes`, `90 seconds`."""
    for unit_s, name in sorted(_TIMES.items(), reverse=True):
        if seconds % unit_s == 0:
            return name if seconds == unit_s else f"{seconds // unit_s} {name}s"
    raise AssertionError("every whole number is some seconds")
