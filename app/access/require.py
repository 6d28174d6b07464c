"""require: whether somebody may do something, and what they are told if not."""

from collections.abc import Sequence

from footnote.app.access.types import Caller, PathLimits, Scope
from footnote.app.core.errors import ForbiddenError, UnauthorizedError


def require(caller: Caller, scopes: Sequence[Scope], collection: str) -> PathLimits | None:
    """The pages in which the caller may do one of these, None for all of them.

    Raises:
        UnauthorizedError: they may not, and have not said who they are.
        ForbiddenError: they may not.
    """
    for scope in scopes:
        if caller.may(scope, collection):
            return caller.limits(scope, collection)
    wanted = " or ".join(f"`{scope}`" for scope in scopes)
    if caller.is_unknown:
        raise UnauthorizedError(
            f"send the header `Authorization: Bearer` with a key that has the scope {wanted}: the one that "
            "FOOTNOTE_ADMIN_KEY holds, or one of `footnote keys`"
        )
    if any(caller.has(scope) for scope in scopes):
        raise ForbiddenError("this key is good for collections that are not here: ask who runs the service for another")
    has = ", ".join(sorted({f"`{scope}`" for grant in caller.grants for scope in grant.scopes})) or "none"
    raise ForbiddenError(f"the scope {wanted} is needed here, and this key has {has}: ask who runs the service for one")
