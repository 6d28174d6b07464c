"""rates: how often something may be done, as it is written in a setting: `30/minute;500/day`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem

_EXAMPLE = "write it as 30/minute, 10/5 minutes or 500/day, several of them separated by `;`"


def rates_of(text: str) -> "list[RateLimitItem]":
    """The rates, the one of the shortest time first; none of an empty text.

    Raises:
        ValueError: it is no rate, allows nothing at all, or has two for the same time.
    """
    if not text.strip():
        return []
    # It takes 60 ms, which the commands that limit nothing need not wait for.
    from limits import parse_many

    try:
        rates = sorted(parse_many(text.strip().rstrip(";")), key=lambda rate: rate.get_expiry())
    except ValueError:
        raise ValueError(f"{text!r} is no rate: {_EXAMPLE}") from None
    if any(rate.amount == 0 for rate in rates):
        raise ValueError(f"{text!r} would allow nothing: leave it empty for no limit, or {_EXAMPLE}")
    times = [rate.get_expiry() for rate in rates]
    if len(set(times)) < len(times):
        raise ValueError(f"{text!r} has two rates for the same time: leave the lower one")
    return rates
