"""expiry: until when a key is good, as somebody writes it."""

import datetime
import re

from footnote.app.core.errors import SettingsError

_MOST_DAYS = 36_500
_DAY_S = 86_400


def expires_s(written: str, now_s: float) -> int:
    """From when on a key is refused, in seconds since 1970: after so many days (`90d`), or after a day (UTC).

    Raises:
        SettingsError: it is neither, or over.
    """
    written = written.strip()
    days = re.fullmatch(r"([0-9]{1,6})d", written, re.ASCII)
    if days and 0 < int(days[1]) <= _MOST_DAYS:
        return int(now_s) + int(days[1]) * _DAY_S
    try:
        last = datetime.date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII) else None
        after = None if last is None else last + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        after = None
    if after is None:
        raise SettingsError(
            f"{written!r} is no time to expire: give a number of days up to {_MOST_DAYS} such as 90d, or the key's "
            "last day such as 2027-01-31"
        )
    expires = datetime.datetime.combine(after, datetime.time.min, datetime.UTC)
    if expires.timestamp() <= now_s:
        raise SettingsError(f"{written} is over: give a later day, or a number of days such as 90d")
    return int(expires.timestamp())
