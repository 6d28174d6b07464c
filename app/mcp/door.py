"""door: what the tools and the resources ask."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from footnote.app.access.types import Caller, Scope
from footnote.app.collections.choice import Choice, Desk
from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import CollectionUnknownError
from footnote.app.mcp.pages import Pages, collection_of, no_page
from footnote.app.service.seen import Seen


@dataclass(frozen=True, slots=True)
class Door:
    """The same parts that HTTP has.

    Attributes:
        hosting: the collections.
        opened: returns once they are opened; on stdio it waits until one can answer.
        caller: says who is asking now.
    """

    hosting: Hosting
    opened: Callable[[], Awaitable[None]]
    caller: Callable[[], Caller]

    async def asked(self, names: str | Sequence[str] | None) -> Desk:
        """What answers from these collections; raises as `Choice.desk`."""
        return await self._desk(("ask",), names)

    async def searched(self, names: str | Sequence[str] | None) -> Desk:
        """What searches these collections; raises as `Choice.desk`."""
        return await self._desk(("search",), names)

    async def read(self, name: str | None) -> Seen:
        """A collection, for what stands in its pages; raises as `Choice.one`."""
        one = self._choice(("read",)).one(name)
        await self.opened()
        return Seen(one.hosted.service, one.limits)

    def pages(self, name: str | None) -> Pages:
        """The pages of a collection that the caller may read; raises as `Choice.one`."""
        one = self._choice(("read",)).one(name)
        return Pages(one.hosted.library.limited(one.limits), one.hosted.settings.links)

    def pages_of(self, id: str, name: str | None) -> Pages:
        """Those of the collection that the id of a page names, or else of this one; raises as `Choice.one`.

        Raises:
            PageUnknownError: the id names a collection that is not there for the caller.
        """
        named = collection_of(id)
        try:
            return self.pages(named or name)
        except CollectionUnknownError as error:
            if named:
                raise no_page(id) from error
            raise

    def all_pages(self) -> list[Pages]:
        """The pages of every collection that the caller may read; raises as `Choice.some`."""
        found = self._choice(("read",)).some(None).values()
        return [Pages(one.hosted.library.limited(one.limits), one.hosted.settings.links) for one in found]

    async def _desk(self, scopes: Sequence[Scope], names: str | Sequence[str] | None) -> Desk:
        choice = self._choice(scopes)
        choice.some(names)  # before anything is opened for somebody who may not ask
        await self.opened()
        return choice.desk(names)

    def _choice(self, scopes: Sequence[Scope]) -> Choice:
        return Choice(self.hosting, self.caller(), scopes)
