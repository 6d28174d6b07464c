"""choosing: which collections a request is about, as dependencies of its route."""

from typing import Annotated

from fastapi import Depends, Query, Request

from footnote.app.collections.choice import Choice, One


def _choice(request: Request) -> Choice:
    """Of a route that asked who its caller is."""
    return Choice(request.app.state.collections, request.state.caller, request.state.scopes)


ChoiceDep = Annotated[Choice, Depends(_choice)]
CollectionParam = Annotated[
    str | None,
    Query(max_length=100, description="The collection; needed only where the caller may use several."),
]
CollectionsParam = Annotated[
    list[str] | None,
    Query(max_length=100, description="The collections to search; without it all that the caller may."),
]


def _one(choice: ChoiceDep, collection: CollectionParam = None) -> One:
    return choice.one(collection)


OneDep = Annotated[One, Depends(_one)]
