"""An error as RFC 9457 problem details, the same in `--json` and over HTTP."""

from pydantic import Field

from footnote.app.core.errors import PROBLEM_TYPE, FootnoteError
from footnote.app.schemas.shape import Shape


class Problem(Shape):
    """RFC 9457 problem details."""

    type: str = Field(examples=[PROBLEM_TYPE + "bad-question"])
    title: str
    status: int | None = None
    detail: str
    request_id: str | None = Field(
        None,
        exclude_if=lambda id: id is None,
        description="The request over HTTP, as its header and the service's log name it.",
    )


def problem(error: FootnoteError, status: int | None = None) -> Problem:
    """The error as problem details; `type` is stable, `detail` names the fix."""
    return Problem(type=error.problem_type, title=error.title, status=status, detail=str(error))
