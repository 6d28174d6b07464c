"""choice: which collections are meant, of those in which somebody may do what they ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footnote.app.access.require import require
from footnote.app.access.types import Caller, PathLimits, Scope
from footnote.app.collections.hosted import Hosted
from footnote.app.collections.hosting import Hosting
from footnote.app.collections.together import Together, ready_ones
from footnote.app.core.errors import CollectionUnknownError, CollectionUnnamedError
from footnote.app.core.request_context import asked_in
from footnote.app.core.types import Answer
from footnote.app.service.keeping import keep_of_several
from footnote.app.service.seen import Seen


@dataclass(frozen=True, slots=True)
class One:
    """One collection, and the pages of it that the caller may read; None for all."""

    hosted: Hosted
    limits: PathLimits | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers from the collections that are asked, and each of them by name."""

    service: Seen | Together
    hosted: Mapping[str, Hosted]

    def keep(self, answer: Answer, from_cache: bool) -> None:
        """Keep of an answer what is to be kept, see `keep_of_several`."""
        keep_of_several(answer, {name: one.keeping for name, one in self.hosted.items()}, from_cache)


class Choice:
    """The collections that a caller may choose from."""

    def __init__(self, hosting: Hosting, caller: Caller, scopes: Sequence[Scope]) -> None:
        self._hosting = hosting
        self._caller = caller
        self._scopes = scopes

    @property
    def has_names(self) -> bool:
        """Whether collections have names here."""
        return self._hosting.has_names

    def allowed(self) -> list[str]:
        """Those in which the caller may do it.

        Raises:
            UnauthorizedError, ForbiddenError: there is none.
        """
        names = self._hosting.names
        found = [name for name in names if any(self._caller.may(scope, name) for scope in self._scopes)]
        if not found:
            require(self._caller, self._scopes, names[0])
        return found

    def one(self, name: str | None) -> One:
        """The collection of this name, or the only one.

        Raises:
            CollectionUnknownError: there is none, or not for this caller; what they may not know is not told.
            CollectionUnnamedError: there are several, and none is named.
            UnauthorizedError, ForbiddenError: as `allowed`.
        """
        allowed = self.allowed()
        if name is None and len(allowed) > 1:
            raise CollectionUnnamedError(f"say which `collection`: {', '.join(allowed)}")
        return self._found(allowed[0] if name is None else name, allowed)

    def some(self, names: str | Sequence[str] | None) -> dict[str, One]:
        """The collections of these names, each once; without names all.

        Raises:
            CollectionUnknownError, UnauthorizedError, ForbiddenError: as `one`.
        """
        allowed = self.allowed()
        wanted = [names] if isinstance(names, str) else list(names or allowed)
        return {name: self._found(name, allowed) for name in dict.fromkeys(wanted)}

    def desk(self, names: str | Sequence[str] | None) -> Desk:
        """What answers from these collections; raises as `some`, and where none of them can answer yet."""
        found = self.some(names)
        service = self._hosting.together({name: one.limits for name, one in found.items()}, are_named=bool(names))
        asked = service.names if isinstance(service, Together) else list(found)
        return Desk(service, {name: found[name].hosted for name in asked})

    def ready(self, names: Sequence[str] | None) -> list[Seen]:
        """The collections as the caller sees them; where none is named, those that can answer. Raises as `desk`."""
        seen = {name: Seen(one.hosted.service, one.limits) for name, one in self.some(names).items()}
        return list((seen if names else ready_ones(seen)).values())

    def _found(self, name: str, allowed: Sequence[str]) -> One:
        hosted = self._hosting.get(name) if name in allowed else None
        if hosted is None:
            raise CollectionUnknownError(
                f"there is no collection {name[:100]!r} that you may use: name one of {', '.join(allowed)}"
            )
        asked_in(name, self.has_names)
        return One(hosted, require(self._caller, self._scopes, name))
