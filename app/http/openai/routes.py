"""The routes that OpenAI's clients ask: the models there are, and the answer to a conversation."""

from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.sse import EventSourceResponse

from footnote.app.engine.engine import checked_question
from footnote.app.http.access import AccessRoute
from footnote.app.http.asking import Reception, answered, gone, streamed
from footnote.app.http.choosing import ChoiceDep
from footnote.app.http.openai.annotations import address_at
from footnote.app.http.openai.completion import (
    ChunkSpeaker,
    Wanted,
    completion,
    helper_chunks,
    helper_completion,
)
from footnote.app.http.openai.conversation import pages_found, read_conversation, require_answerable, require_model
from footnote.app.http.openai.errors import error_doc
from footnote.app.http.openai.helper_prompts import helper_reply
from footnote.app.http.openai.open_webui import is_open_webui
from footnote.app.schemas.answers import FiltersIn
from footnote.app.schemas.chat import MODEL, ChatIn, CompletionOut, ModelOut, ModelsOut
from footnote.app.service.answers import Asking

_ASKING: dict[int | str, dict[str, Any]] = {
    400: error_doc("The body cannot be read, has another shape, or asks for what no answer could honour."),
    404: error_doc("There is no such model."),
    413: error_doc("The body is too large."),
    415: error_doc("The body is not sent as `application/json`."),
    422: error_doc("The question or a filter is empty, too long or malformed."),
    502: error_doc("The language model failed or cannot be reached."),
    503: error_doc("Still loading, no index, or over capacity; see `Retry-After`."),
}
router = APIRouter(route_class=AccessRoute, prefix="/v1", tags=["for OpenAI's clients"])


@router.get("/models")
async def models() -> ModelsOut:
    """The one model there is."""
    return ModelsOut(data=[ModelOut(id=MODEL)])


@router.get("/models/{model}", responses={404: _ASKING[404]})
async def model(model: str) -> ModelOut:
    """The one model there is, if that is asked for."""
    require_model(model)
    return ModelOut(id=model)


@router.post("/chat/completions", responses=_ASKING, response_model=CompletionOut)
async def chat_completions(
    request: Request, response: Response, choice: ChoiceDep, body: ChatIn, afterwards: BackgroundTasks
) -> CompletionOut | Response:
    """Answer the last question of a conversation from the docs, in the shapes of OpenAI's API.

    The answer is that of `POST /query`: `[n]` in the content, each of them an annotation, and all of it in `footnote`.
    With `stream` it comes as chunks, each sentence once it is complete and checked.
    """
    require_answerable(body)
    asked, turns = read_conversation(body.messages)
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    reply = helper_reply(asked)
    if reply is not None:
        if body.stream:
            return Response(b"".join(helper_chunks(reply, with_usage)), media_type=EventSourceResponse.media_type)
        return helper_completion(reply)
    desk = Reception(choice.desk(body.collection))
    settings = desk.service.settings
    question = checked_question(asked, settings.service.max_question_chars)
    generation = desk.service.generation
    filters = body.filters or FiltersIn()
    opened = desk.open(Asking(question, settings.search.top_k, filters.to_filter(), turns))
    address = address_at(str(request.base_url))
    if body.stream:
        wanted = Wanted(with_usage, is_open_webui(request.headers), pages_found(body.messages))
        return await streamed(request, opened, ChunkSpeaker(generation, address, wanted))
    answer = await answered(request, opened)
    if answer is None:
        return gone()
    response.headers.update(opened.headers)
    afterwards.add_task(opened.keep)  # on a thread, once the answer is sent
    return completion(answer, address)
