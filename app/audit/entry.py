"""entry: a request as one line of JSON. Pure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from footnote.app.audit.acts import Act, act_of
from footnote.app.audit.noting import Notes
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Citation

_MOST_PAGES = 50  # a search can show 200 passages
_MOST_CHARS = 4000  # of what clients write: more is no question and no path


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has ended.

    Attributes:
        at_s: when it came, in seconds since 1970.
        route: the template of the route that took it; `path` is the one of its page, where it has one.
        collections: in which it was asked; empty where none was named.
    """

    id: str
    at_s: float
    caller: str
    method: str
    route: str
    status: int
    ms: float
    generation: int | None = None
    collections: tuple[str, ...] = ()
    path: str | None = None

    @property
    def route_act(self) -> Act:
        return act_of(self.method, self.route)


def line_of(request: Request, notes: Notes, tell: Callable[[str], tuple[str, str]]) -> bytes:
    """The line, with its end; `tell` gives the field and the value that stand for a question."""
    line: dict[str, object] = {
        "time": datetime.fromtimestamp(request.at_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "request_id": request.id,
        "caller": request.caller,
        "act": notes.act or request.route_act,
        "route": f"{request.method} {request.route}",
        "status": request.status,
        "ms": round(request.ms, 1),
        "collections": list(request.collections),
    }
    generation = notes.generation if notes.generation is not None else request.generation
    if notes.generations:
        line["generations"] = dict(notes.generations)
    elif generation is not None:
        line["generation"] = generation
    if notes.question is not None:
        field, value = tell(without_surrogates(notes.question)[:_MOST_CHARS])
        line[field] = value
    pages = notes.pages or ((request.path,) if request.path else ())
    if pages:
        line["pages"] = _paths(pages)
    if notes.pages_of:
        line["pages_of"] = {name: _paths(of) for name, of in notes.pages_of.items() if of}
    if answer := notes.answer:
        line |= {
            "refused": answer.refused,
            "refused_by": answer.refused_by,
            "model": answer.model,
            "from_cache": notes.from_cache,
            "sentences": notes.verdicts(),
            "dropped": len(answer.dropped),
            "citations": [_cited(one) for one in answer.citations],
        }
    # ASCII alone: some readers take other characters for the end of a line.
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _paths(pages: Sequence[str]) -> list[str]:
    return [without_surrogates(page)[:_MOST_CHARS] for page in pages[:_MOST_PAGES]]


def _cited(citation: Citation) -> dict[str, str]:
    of = {"collection": citation.collection} if citation.collection else {}
    return {"path": without_surrogates(citation.path), "sha256": citation.sha256, **of}
