"""The route that lists the collections."""

from fastapi import APIRouter, Request

from footnote.app.access.types import Caller
from footnote.app.collections.choice import One
from footnote.app.core.errors import FootnoteError
from footnote.app.http.access import AccessRoute
from footnote.app.http.choosing import ChoiceDep
from footnote.app.http.dependencies import HostingDep
from footnote.app.index.manifest import named_languages
from footnote.app.schemas.collections import CollectionOut, CollectionsOut
from footnote.app.service.seen import Seen

router = APIRouter(route_class=AccessRoute, tags=["service"])


@router.get("/collections")
async def collections(request: Request, choice: ChoiceDep, hosting: HostingDep) -> CollectionsOut:
    """The collections that can be asked, with what there is of each."""
    found = choice.some(None)
    is_admin = all(request.state.caller.may("admin", name) for name in hosting.names)
    return CollectionsOut(
        collections=[await _described(one, request.state.caller) for one in found.values()],
        problem=hosting.problem if is_admin else None,
    )


async def _described(one: One, caller: Caller) -> CollectionOut:
    collection = one.hosted.collection
    try:
        manifest = await Seen(one.hosted.service, one.limits).manifest()
    except FootnoteError as error:
        return CollectionOut(
            name=collection.name,
            title=collection.title,
            ready=False,
            generation=None,
            documents=0,
            languages={},
            problem=str(error) if caller.may("admin", collection.name) else None,
        )
    return CollectionOut(
        name=collection.name,
        title=collection.title,
        ready=True,
        generation=manifest.generation,
        documents=manifest.files,
        languages=named_languages(manifest.languages),
    )
