"""The routes that say what is served, and whether it is."""

from fastapi import APIRouter, HTTPException

from footnote.app.evaluation.reports.last import read_last
from footnote.app.http.dependencies import ServiceDep, SettingsDep
from footnote.app.http.problems import UNAVAILABLE, problem_doc
from footnote.app.schemas.evaluation import EvaluationOut
from footnote.app.schemas.index import IndexOut
from footnote.app.service.status import describe

router = APIRouter(tags=["service"])


@router.get("/index", responses=UNAVAILABLE)
async def index(service: ServiceDep) -> IndexOut:
    """What is being served: generation, counts, models, settings (keys masked)."""
    return describe(service.engine.index.manifest, service.settings)


@router.get("/evaluation", responses={404: problem_doc("Nothing was evaluated on this index yet.")})
def evaluation(settings: SettingsDep) -> EvaluationOut:
    """What the last `footnote eval` on this index measured."""
    last = read_last(settings.folders.index_dir)
    if last is None:
        raise HTTPException(404, "nothing was evaluated on this index yet: run `footnote eval`")
    return last


@router.get("/health/live")
async def live() -> dict[str, str]:
    """200 while the process runs."""
    return {"status": "live"}


@router.get("/health/ready", responses=UNAVAILABLE)
async def ready(service: ServiceDep) -> dict[str, str | int]:
    """200 once models and index are loaded, 503 with the reason before."""
    return {"status": "ready", "generation": service.engine.index.generation}
