"""The routes that say what is served, and whether it is."""

from fastapi import APIRouter, HTTPException, Request

from footnote.app.evaluation.reports.last import read_last
from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import HostingDep, ServiceDep, SettingsDep
from footnote.app.http.problems import UNAVAILABLE, problem_doc
from footnote.app.schemas.evaluation import EvaluationOut
from footnote.app.schemas.index import IndexOut, LagOut, ReadyOut
from footnote.app.service.status import describe, describe_replica

router = APIRouter(route_class=AccessRoute, tags=["service"])


@router.get("/index", responses=UNAVAILABLE)
async def index(request: Request, service: ServiceDep) -> IndexOut:
    """What is being served: generation, counts, models, settings (keys masked)."""
    found = describe(await service.manifest(), service.settings)
    # How the service is set up is no business of those who may not see all of it.
    set_up: dict[str, object] = {"settings": {}, "docs_dir": "", "git": None, "replica": None}
    is_stranger = request.state.caller.is_unknown and request.app.state.recogniser.asks
    hidden = set_up if is_stranger or service.limits is not None else {}
    return found.model_copy(update=hidden)


@router.get("/evaluation", responses={404: problem_doc("Nothing was evaluated on this index yet.")})
def evaluation(settings: SettingsDep, service: ServiceDep) -> EvaluationOut:
    """What the last `footnote eval` on this index measured."""
    # It was measured on all pages.
    last = read_last(settings.folders.index_dir) if service.limits is None else None
    if last is None:
        raise HTTPException(404, "nothing was evaluated on this index yet: run `footnote eval`")
    return last


@router.get("/health/live")
async def live() -> dict[str, str]:
    """200 while the process runs."""
    return {"status": "live"}


@router.get("/health/ready", responses=UNAVAILABLE, response_model_exclude_unset=True)
async def ready(hosting: HostingDep) -> ReadyOut:
    """200 once models and index are loaded, 503 with the reason before; a replica stays ready without its source.

    Of several collections one is enough: another one may just have been added.
    """
    hosted = list(hosting)
    if len(hosted) > 1:
        hosting.require_ready()
        return ReadyOut(status="ready", generation=0)
    (one,) = hosted
    found = describe_replica(one.settings.folders.index_dir)
    ready = ReadyOut(status="ready", generation=one.service.engine.index.generation)
    return ready if found is None else ready.model_copy(update={"replica": LagOut.model_validate(found)})
