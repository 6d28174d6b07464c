"""limiter: whether somebody may ask once more."""

import ipaddress
import threading
from typing import TYPE_CHECKING, Literal

from footnote.app.access.limiting.standing import Quota, Standing, in_words
from footnote.app.core.rates import rates_of
from footnote.app.core.setting_groups import AccessSettings

if TYPE_CHECKING:
    from footnote.app.access.limiting.counts import Counts

Kind = Literal["question", "request"]
_ADDRESS = "address:"
_MOST_CALLERS = 50_000  # whose counts are kept for each rate; a guess
_NETWORK_BITS = 64  # what a provider gives to a household at the least; within it any address can be made up


class Limiter:
    """Counts what callers do, for one process; safe to use from several threads."""

    def __init__(self, access: AccessSettings, most_callers: int = _MOST_CALLERS) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Kind, list[Counts]] = {
            "question": _counts(access.rate_limit, most_callers),
            "request": _counts(access.rate_limit_requests, most_callers),
        }

    def hit(self, caller_id: str, kind: Kind) -> Standing:
        """How the caller, as `Caller.id` names them, stands after one more of this kind.

        What is not allowed is not counted: who goes on asking in vain waits no longer for that.
        """
        counts = self._counts[kind]
        if not counts:
            return Standing()
        caller = counted_as(caller_id)
        with self._lock:
            full = [not one.has_room(caller) for one in counts]
            if not any(full):
                for one in counts:
                    one.add(caller)
            quotas = tuple(
                Quota(
                    f"{kind}s-per-{in_words(one.window_s).replace(' ', '-')}",
                    one.limit,
                    one.window_s,
                    *one.left(caller),
                )
                for one in counts
            )
        waits = [quota.reset_s for quota, is_full in zip(quotas, full, strict=True) if is_full]
        return Standing(quotas, max(waits, default=None))


def counted_as(caller_id: str) -> str:
    """The name under which a caller is counted.

    An IPv6 address stands for its /64, of which its owner can use any; what is no address for all such callers.
    """
    if not caller_id.startswith(_ADDRESS):
        return caller_id
    try:
        address = ipaddress.ip_address(caller_id.removeprefix(_ADDRESS).partition("%")[0])
    except ValueError:
        return _ADDRESS + "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return f"{_ADDRESS}{address.ipv4_mapped}"
        return f"{_ADDRESS}{ipaddress.ip_network((address, _NETWORK_BITS), strict=False)}"
    return f"{_ADDRESS}{address}"


def _counts(rates: str | None, most_callers: int) -> "list[Counts]":
    found = rates_of(rates or "")
    if not found:
        return []
    from footnote.app.access.limiting.counts import Counts  # as in `rates_of`

    return [Counts(rate, most_callers) for rate in found]
