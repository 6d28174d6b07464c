"""Keys for a terminal and as JSON. Names are printed as text: never markup or escapes."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from footnote.app.access.keys.types import Key
from footnote.app.access.types import SCOPES
from footnote.app.core.console import plain

_STYLES = {"good": "green", "expired": "yellow", "revoked": "red"}


def render_keys(keys: Sequence[Key], now_s: float) -> RenderableType:
    """A block for each key; one friendly line when there is none."""
    if not keys:
        return Text("There is no key yet: make one with `footnote keys create NAME`.")
    return Group(*(_block(key, now_s) for key in keys))


def about(key: Key) -> list[str]:
    """What a new key is for, in lines."""
    until = "" if key.expires_s is None else f", good until {_minute(key.expires_s)} UTC"
    return [f"{key.id} ({key.name}){until}", *_limits(key)]


def key_json(key: Key, now_s: float) -> dict[str, object]:
    """All that is known of a key; times are ISO 8601 in UTC, a limit that is null is none."""
    return {
        "id": key.id,
        "name": key.name,
        "shown": key.shown,
        "state": key.state(now_s),
        "scopes": _scopes(key),
        "collections": _sorted(key.grant.collections),
        "paths": _sorted(key.grant.paths),
        "origins": _sorted(key.origins),
        "created": _iso(key.created_s),
        "expires": _iso(key.expires_s),
        "revoked": _iso(key.revoked_s),
        "last_used": key.last_used.isoformat() if key.last_used else None,
    }


def _block(key: Key, now_s: float) -> RenderableType:
    state = key.state(now_s)
    title = Text.assemble(
        (key.id, "bold"), "  ", (plain(key.name), "bold"), f"  {key.shown}  ", (state, _STYLES[state])
    )
    return Group(title, Padding(Group(*map(Text, map(plain, _limits(key))), Text(_times(key), "dim")), (0, 0, 1, 3)))


def _limits(key: Key) -> list[str]:
    limits = {"collections": key.grant.collections, "paths": key.grant.paths, "origins": key.origins}
    named = [f"{name}: {', '.join(sorted(limit))}" for name, limit in limits.items() if limit is not None]
    return [f"scopes: {', '.join(_scopes(key))}", *named]


def _times(key: Key) -> str:
    parts = [f"created {_minute(key.created_s)}"]
    if key.expires_s is not None:
        parts.append(f"expires {_minute(key.expires_s)}")
    if key.revoked_s is not None:
        parts.append(f"revoked {_minute(key.revoked_s)}")
    parts.append(f"last used {key.last_used}" if key.last_used else "never used")
    return ", ".join(parts) + " (UTC)"


def _scopes(key: Key) -> list[str]:
    return [scope for scope in SCOPES if scope in key.grant.scopes]


def _sorted(limit: Collection[str] | None) -> list[str] | None:
    return None if limit is None else sorted(limit)


def _minute(time_s: int) -> str:
    return f"{datetime.fromtimestamp(time_s, UTC):%Y-%m-%d %H:%M}"


def _iso(time_s: int | None) -> str | None:
    return None if time_s is None else datetime.fromtimestamp(time_s, UTC).isoformat()
