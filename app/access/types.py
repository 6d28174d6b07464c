"""Who asks, and what they may do: what the doors of the service look at, however somebody was recognised."""

from dataclasses import dataclass

from footnote.app.core.scopes import READER_SCOPES as READER_SCOPES
from footnote.app.core.scopes import SCOPES as SCOPES
from footnote.app.core.scopes import Scope as Scope

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PathLimits:
    """The pages that somebody may read: those that match one of these globs of paths below the docs folder.

    Equal limits are equal, whatever their order: what was made for some limits serves all who have these.
    """

    globs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """What one key, or one rule about tokens, allows.

    Attributes:
        scopes: what may be done; `admin` allows everything.
        collections: names of the collections in which; None means all, also those that are added later.
        paths: globs of the pages below their docs folders; None means all.
    """

    scopes: frozenset[Scope]
    collections: frozenset[str] | None = None
    paths: frozenset[str] | None = None

    def allows(self, scope: Scope, collection: str) -> bool:
        """Whether this may be done in the collection."""
        return bool(self.scopes & {scope, "admin"}) and (self.collections is None or collection in self.collections)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request.

    Attributes:
        id: names them in the audit and in limits of rate: `key:` and the key's id, `oidc:` and the token's subject,
            `admin` for the key of the settings, `address:` and the address of whoever showed nothing.
        grants: what they may do; none of it is lost by another one.
        is_shared: whether this names many people, as a key does that stands open in a web page.
    """

    id: str
    grants: tuple[Grant, ...]
    is_shared: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether they have not shown who they are."""
        return self.id == NOBODY or self.id.startswith("address:")

    def may(self, scope: Scope, collection: str) -> bool:
        """Whether they may do this in the collection."""
        return any(grant.allows(scope, collection) for grant in self.grants)

    def has(self, scope: Scope) -> bool:
        """Whether they may do it in any collection, be it one that is not there."""
        return any(grant.scopes & {scope, "admin"} for grant in self.grants)

    def limits(self, scope: Scope, collection: str) -> PathLimits | None:
        """The pages of the collection in which they may do it, None for all; with no grant none."""
        fitting = [grant for grant in self.grants if grant.allows(scope, collection)]
        if any(grant.paths is None for grant in fitting):
            return None
        return PathLimits(frozenset().union(*(grant.paths or () for grant in fitting)))
