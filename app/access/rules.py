"""rules: which scopes go together with limits; of keys, and of what is granted to tokens."""

from collections.abc import Collection

from footnote.app.access.types import READER_SCOPES, SCOPES, Scope
from footnote.app.core.errors import QuestionError, SettingsError
from footnote.app.index.filters import path_glob

_SEE_ALL: tuple[Scope, ...] = ("ingest", "admin")


def as_scopes(names: Collection[str]) -> frozenset[Scope]:
    """The scopes of these names; the readers' for none.

    Raises:
        SettingsError: there is no scope of a name.
    """
    for name in names:
        if name not in SCOPES:
            raise SettingsError(f"there is no scope {name!r}: the scopes are {', '.join(SCOPES)}")
    return frozenset(scope for scope in SCOPES if scope in names) or READER_SCOPES


def require_possible(
    scopes: Collection[Scope],
    collections: Collection[str] | None,
    paths: Collection[str] | None,
    origins: Collection[str] | None = None,
) -> None:
    """Refuse limits that hold nobody back, and those that nothing can fit.

    Raises:
        SettingsError: the scopes go beyond the limits, or a limit is malformed.
    """
    too_much = [scope for scope in scopes if scope not in READER_SCOPES]
    if origins and too_much:
        raise SettingsError(
            f"who may use a page can read the key in its source, so a key with origins may not hold "
            f"{_listed(too_much)}: leave that scope out, or make another key without origins"
        )
    seeing = [scope for scope in _SEE_ALL if scope in scopes]
    if paths is not None and seeing:
        raise SettingsError(
            f"{_listed(seeing)} sees every page, so a limit to paths would hold nobody back: leave that scope out, "
            "or the paths"
        )
    for glob in paths or ():
        try:
            path_glob(glob)
        except QuestionError as error:
            raise SettingsError(str(error)) from error
    for name in collections or ():
        if not name or not name.isprintable() or name != name.strip():
            raise SettingsError(f"{name!r} names no collection: give one that `footnote.toml` has, such as docs")


def _listed(scopes: Collection[Scope]) -> str:
    return " and ".join(f"`{scope}`" for scope in SCOPES if scope in scopes)
