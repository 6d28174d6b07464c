"""The HTTP service. Routes only; what they share lives in `Service`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Query, Request

from app.admin import router
from app.core.filters import QueryFilter, parse_fields
from app.core.settings import Settings, load_settings
from app.core.version import VERSION
from app.engine import Engine
from app.feedback import QuestionsDep
from app.feedback import router as feedback_router
from app.jobs import Jobs
from app.problems import BodyLimit, install_handlers, problem_doc
from app.question_log import make_question_log
from app.schemas import AnswerOut, HitOut, IndexOut, QueryIn, SearchOut, VerificationOut, VerifyIn
from app.service import Service
from app.status import describe
from app.verify import describe as describe_checks
from app.verify import docs_folder
from app.verify import verify as check_citations

_DESCRIPTION = """\
Answers from a folder of markdown docs. Every sentence cites file, lines, exact quote and its sha256.
`The docs do not say` is an answer (`refused: true`, status 200), not an error.
Errors are RFC 9457 problem details with a stable `type`."""


_UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    503: problem_doc("Still loading, no index, or over capacity; see `Retry-After`.")
}
_ASKING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    422: problem_doc("The question or a filter is empty, too long or malformed."),
    502: problem_doc("The language model failed or cannot be reached."),
    **_UNAVAILABLE,
}
_VERIFYING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    422: problem_doc("The body is no saved answer, or has over 100 citations."),
    503: problem_doc("Still loading, no index, no docs folder, or over capacity; see `Retry-After`."),
}


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(_service)]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; settings from the environment unless given. Nothing loads before its lifespan.

    Raises:
        SettingsError: the environment's settings are wrong.
    """
    settings = settings or load_settings()
    app = FastAPI(title="Footnote", version=VERSION, description=_DESCRIPTION, lifespan=_lifespan)
    app.state.settings = settings
    app.state.questions = make_question_log(settings)
    app.add_middleware(BodyLimit, limit_bytes=settings.max_request_kb * 1000)
    install_handlers(app)
    app.add_api_route("/query", query, methods=["POST"], responses=_ASKING, tags=["questions"])
    app.add_api_route("/search", search, methods=["GET"], responses=_ASKING, tags=["questions"])
    app.add_api_route("/verify", verify, methods=["POST"], responses=_VERIFYING, tags=["questions"])
    app.add_api_route("/index", index, methods=["GET"], responses=_UNAVAILABLE, tags=["service"])
    app.include_router(feedback_router)
    app.include_router(router)
    app.add_api_route("/health/live", live, methods=["GET"], tags=["service"])
    app.add_api_route("/health/ready", ready, methods=["GET"], responses=_UNAVAILABLE, tags=["service"])
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service, jobs = Service(app.state.settings), Jobs(app.state.settings)
    app.state.service, app.state.jobs = service, jobs
    following = asyncio.create_task(service.follow())
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        service.close()
        await asyncio.to_thread(jobs.close)


async def query(service: ServiceDep, body: QueryIn, questions: QuestionsDep, afterwards: BackgroundTasks) -> AnswerOut:
    """Answer a question from the docs, with citations."""
    query_filter = body.filters.to_filter()
    answer = await service.run(lambda engine: engine.ask(body.question, body.top_k, query_filter))
    if questions and answer.refused:
        afterwards.add_task(questions.keep_refusal, answer)  # on a thread, once the answer is sent
    return AnswerOut.model_validate(answer)


async def search(
    service: ServiceDep,
    q: Annotated[str, Query(description="The question.", examples=["chunk size"])],
    top_k: Annotated[int, Query(ge=1, le=200, description="Hits to return.")] = 10,
    path: Annotated[str | None, Query(max_length=500, description="A file, a folder or a glob.")] = None,
    tag: Annotated[list[str] | None, Query(max_length=20, description="Tags the file must have.")] = None,
    where: Annotated[list[str] | None, Query(max_length=20, description="Front-matter fields, `name=value`.")] = None,
) -> SearchOut:
    """The passages an answer would be written from, with the rank and score of each stage."""
    query_filter = QueryFilter(path, tuple(tag or ()), parse_fields(where or ()))

    def work(engine: Engine) -> SearchOut:
        hits = engine.search(q, top_k, query_filter).hits
        shown = [HitOut.model_validate(hit) for hit in hits]
        return SearchOut(question=q, generation=engine.index.generation, hits=shown)

    return await service.run(work)


async def verify(service: ServiceDep, body: VerifyIn) -> VerificationOut:
    """Check that the docs folder, as it is now, still holds what a saved answer cites."""

    def work(engine: Engine) -> VerificationOut:
        docs_dir = docs_folder(service.settings, engine.index.manifest)
        return describe_checks(check_citations(body.citations, docs_dir, service.settings), docs_dir)

    return await service.run(work)


async def index(service: ServiceDep) -> IndexOut:
    """What is being served: generation, counts, models, settings (keys masked)."""
    return describe(service.engine.index.manifest, service.settings)


async def live() -> dict[str, str]:
    """200 while the process runs."""
    return {"status": "live"}


async def ready(service: ServiceDep) -> dict[str, str | int]:
    """200 once models and index are loaded, 503 with the reason before."""
    return {"status": "ready", "generation": service.engine.index.generation}
