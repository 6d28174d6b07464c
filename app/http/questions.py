"""The routes that ask: an answer, passages, and whether a saved answer still holds."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.sse import EventSourceResponse
from pydantic import Field

from footnote.app.audit.noting import note_found, note_question
from footnote.app.collections.choice import One
from footnote.app.engine.engine import Engine, checked_question
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.joining.named import NamedEngine
from footnote.app.http.access import AccessRoute
from footnote.app.http.asking import Reception, answered, gone, streamed
from footnote.app.http.choosing import ChoiceDep, CollectionParam, CollectionsParam
from footnote.app.http.dependencies import ServiceDep
from footnote.app.http.problems import UNAVAILABLE, problem_doc
from footnote.app.http.streaming import QueryEvents
from footnote.app.index.docs_folder import docs_folder, read_by
from footnote.app.index.filters import QueryFilter, parse_fields
from footnote.app.schemas.answers import AnswerOut, QueryIn
from footnote.app.schemas.search import SearchOut
from footnote.app.schemas.shape import NAME_AND_VALUE, NOT_BLANK
from footnote.app.schemas.verification import SavedCitation, VerificationOut, VerifyIn
from footnote.app.schemas.why_not import WhyNotOut
from footnote.app.service.answers import Asking
from footnote.app.service.seen import Seen
from footnote.app.verifying.verify import describe, joined
from footnote.app.verifying.verify import verify as check_citations

_ASKING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    422: problem_doc("The question or a filter is empty, too long or malformed."),
    502: problem_doc("The language model failed or cannot be reached."),
    **UNAVAILABLE,
}
_WITH_BODY: dict[int | str, dict[str, Any]] = {
    415: problem_doc("The body is not sent as `application/json`."),
}
_VERIFYING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    **_WITH_BODY,
    422: problem_doc("The body is no saved answer, or has over 100 citations."),
    503: problem_doc("Still loading, no index, no docs folder, or over capacity; see `Retry-After`."),
}
QuestionParam = Annotated[str, Query(description="The question.", examples=["chunk size"], json_schema_extra=NOT_BLANK)]
PathParam = Annotated[str | None, Query(max_length=500, description="A file, a folder or a glob.")]
TagParam = Annotated[list[str] | None, Query(max_length=20, description="Tags the file must have.")]
Where = Annotated[str, Field(json_schema_extra=NAME_AND_VALUE)]
WhereParam = Annotated[list[Where] | None, Query(max_length=20, description="Front-matter fields, `name=value`.")]
router = APIRouter(route_class=AccessRoute, tags=["questions"])


@router.post("/query", responses={**_ASKING, **_WITH_BODY}, response_model=AnswerOut)
async def query(
    request: Request, response: Response, choice: ChoiceDep, body: QueryIn, afterwards: BackgroundTasks
) -> AnswerOut | Response:
    """Answer a question from the docs, with citations.

    With `Accept: text/event-stream` the answer comes as it is written: each sentence once it is complete and checked,
    and at the end all of it, as it is without.
    """
    desk = Reception(choice.desk(body.collection))
    settings = desk.service.settings
    question = checked_question(body.question, settings.service.max_question_chars)
    turns = tuple(turn.to_turn() for turn in body.history)
    opened = desk.open(Asking(question, body.top_k or settings.search.top_k, body.filters.to_filter(), turns))
    if accepts_stream(request):
        return await streamed(request, opened, QueryEvents())
    answer = await answered(request, opened)
    if answer is None:
        return gone()
    response.headers.update(opened.headers)
    afterwards.add_task(opened.keep)  # on a thread, once the answer is sent
    return AnswerOut.model_validate(answer)


def accepts_stream(request: Request) -> bool:
    """Whether the client names the media type of a stream."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(one.partition(";")[0].strip() == EventSourceResponse.media_type for one in accepted)


@router.get("/search", responses=_ASKING)
async def search(
    choice: ChoiceDep,
    q: QuestionParam,
    top_k: Annotated[int, Query(ge=1, le=200, description="Hits to return.")] = 10,
    path: PathParam = None,
    tag: TagParam = None,
    where: WhereParam = None,
    collection: CollectionsParam = None,
) -> SearchOut:
    """The passages an answer would be written from, with the rank and score of each stage."""
    query_filter = QueryFilter(path, tuple(tag or ()), parse_fields(where or ()))

    service = choice.desk(collection).service

    def work(engine: Engine | JoinedEngine | NamedEngine) -> SearchOut:
        found = engine.search(q, top_k, query_filter)
        service.metrics.stages(found.stages_ms)
        return SearchOut.of(q, found, engine.generation, engine.generations)

    note_question("search", q)
    out = await service.run(work)
    generations = {one.name: one.generation for one in out.collections}
    note_found(((hit.collection, hit.chunk.path) for hit in out.hits), out.generation, generations)
    return out


@router.get("/search/why-not", responses=_ASKING)
async def why_not(
    service: ServiceDep,
    q: QuestionParam,
    page: Annotated[str, Query(description="`PATH` or `PATH#HEADING`.", examples=["guides/install.md#linux"])],
    top_k: Annotated[
        int | None, Query(ge=1, le=200, description="Passages to answer from; the setting without it.")
    ] = None,
    path: PathParam = None,
    tag: TagParam = None,
    where: WhereParam = None,
) -> WhyNotOut:
    """Where a page or a section was lost on its way to the answer, and what would keep it."""
    query_filter = QueryFilter(path, tuple(tag or ()), parse_fields(where or ()))
    note_question("search", q)
    found = await service.run(lambda engine: engine.why_not(q, page, top_k, query_filter))
    return WhyNotOut.model_validate(found)


@router.post("/verify", responses=_VERIFYING)
async def verify(choice: ChoiceDep, body: VerifyIn, collection: CollectionParam = None) -> VerificationOut:
    """Check that the docs folder, as it is now, still holds what a saved answer cites.

    A citation is looked for in the collection that it names, else in the one of the request.
    """
    of = [citation.collection or collection if choice.has_names else None for citation in body.citations]
    parts = {}
    for name in dict.fromkeys(of or [collection]):
        citations = [citation for citation, its in zip(body.citations, of, strict=True) if its == name]
        parts[name] = await _verified(choice.one(name), citations)
    return joined(parts, of)


async def _verified(one: One, citations: Sequence[SavedCitation]) -> VerificationOut:
    service = Seen(one.hosted.service, one.limits)
    settings = service.settings

    def work(engine: Engine) -> VerificationOut:
        docs_dir = docs_folder(settings, engine.index.manifest)
        rules = read_by(settings, engine.index.manifest)
        told = describe(check_citations(citations, docs_dir, rules, service.limits, engine.index.files), docs_dir)
        # Where the docs lie is no business of those who may not see all of them.
        return told if service.limits is None else told.model_copy(update={"docs_dir": ""})

    return await service.run(work)
