"""The routes that list the complete indexes and make another one live; off unless FOOTNOTE_ADMIN_KEY is set."""

from typing import Any

from fastapi import APIRouter

from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import SettingsDep
from footnote.app.http.problems import problem_doc
from footnote.app.index.generations import Generations
from footnote.app.index.store import make_store
from footnote.app.schemas.index import GenerationOut, IndexChangesOut, RollbackIn, RollbackOut
from footnote.app.service.docs_state import index_changes
from footnote.app.service.status import describe_generations

_ROLLING_BACK: dict[int | str, dict[str, Any]] = {
    404: problem_doc("There is no such generation, or none before the live one."),
    409: problem_doc("An ingest is running."),
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("The body has another shape."),
    503: problem_doc("Nothing has been ingested yet, or the store has not the chunks of that generation."),
}
router = APIRouter(route_class=AccessRoute, tags=["ingest"])


@router.get("/generations")
def generations(settings: SettingsDep) -> list[GenerationOut]:
    """The complete indexes that are there, oldest first."""
    return describe_generations(settings.folders.index_dir)


# Not async: FastAPI runs it on a thread, as it looks at every file of the docs folder.
@router.get("/index/changes", responses={503: problem_doc("No index, or a damaged one.")})
def changes(settings: SettingsDep) -> IndexChangesOut:
    """What the live generation changed, and what changed in the docs folder since."""
    return index_changes(settings)


@router.post("/rollback", responses=_ROLLING_BACK)
def roll_back(settings: SettingsDep, body: RollbackIn | None = None) -> RollbackOut:
    """Make another generation live, the one before unless one is named; the service takes it up by itself."""
    to = body.to if body else None
    complete = Generations(settings.folders.index_dir, make_store(settings.store))
    complete.live()  # where there is no index, none is created
    with complete.lock(), complete.write_errors("try again"):
        was = complete.live()
        if to is not None:
            complete.make_live(to)
        return RollbackOut(generation=to or complete.roll_back(), was=was)
