"""calls: the operations of the HTTP API, each as a function that makes its call; the clients have them as methods.

`path`, `tags` and `fields` narrow a question to some pages: a file, a folder or a glob; tags that a page must have;
front-matter fields and their values. What is None is left to the service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import quote

from footnote.app.client.reading import Call, Json, nothing, raw, shape, shapes
from footnote.app.conversation.turns import Turn
from footnote.app.schemas.answers import AnswerOut, CitationOut
from footnote.app.schemas.evaluation import EvaluationOut
from footnote.app.schemas.gaps import DismissedOut, GapsOut, ResolvedOut
from footnote.app.schemas.index import GenerationOut, IndexChangesOut, IndexOut, ReadyOut, RollbackOut
from footnote.app.schemas.ingest import IngestOut
from footnote.app.schemas.overview import OverviewOut
from footnote.app.schemas.saved import SavedOut, SharedAnswerOut
from footnote.app.schemas.search import SearchOut
from footnote.app.schemas.verification import SavedCitation, VerificationOut
from footnote.app.schemas.why_not import WhyNotOut


def ask(
    question: str,
    *,
    top_k: int | None = None,
    path: str | None = None,
    tags: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    history: Sequence[Turn] = (),
) -> Call[AnswerOut]:
    """The answer to a question, with citations; that the docs do not say is an answer, whose `refused` is true.

    `top_k` passages are answered from. `history` are the turns before, the oldest first, where the question leaves
    out what they say.
    """
    body: dict[str, Json] = {
        "question": question,
        "top_k": top_k,
        "filters": {"path": path, "tags": _listed(tags), "fields": dict(fields or {})},
        "history": [asdict(turn) for turn in history],
    }
    return Call("POST", "/query", shape(AnswerOut), body=body)


def search(
    question: str,
    *,
    top_k: int | None = None,
    path: str | None = None,
    tags: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
) -> Call[SearchOut]:
    """The passages that an answer would be written from, best first, with the rank and score of each stage."""
    query = {"q": question, "top_k": top_k, **_narrowed(path, tags, fields)}
    return Call("GET", "/search", shape(SearchOut), query)


def why_not(
    question: str,
    page: str,
    *,
    top_k: int | None = None,
    path: str | None = None,
    tags: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
) -> Call[WhyNotOut]:
    """Where a page or section, `PATH` or `PATH#HEADING`, was lost on its way to the answer, and what would keep it."""
    query = {"q": question, "page": page, "top_k": top_k, **_narrowed(path, tags, fields)}
    return Call("GET", "/search/why-not", shape(WhyNotOut), query)


def verify(citations: Sequence[CitationOut | SavedCitation]) -> Call[VerificationOut]:
    """Whether the docs, as they are now, still hold what citations quote; up to 100 of them."""
    return Call("POST", "/verify", shape(VerificationOut), body={"citations": [one.model_dump() for one in citations]})


def file(generation: int, path: str) -> Call[bytes]:
    """A cited page, byte for byte as that generation was built from it: a quote is its bytes `[start:end]`."""
    return Call("GET", f"/files/{generation}/{quote(path)}", raw, accept="*/*")


def save_answer(answer: AnswerOut) -> Call[SavedOut]:
    """Save an answer as `ask` gave it; whoever has its address can see it, and whether it still holds."""
    return Call("POST", "/answers", shape(SavedOut), body=answer.model_dump(mode="json"))


def saved_answer(id: str) -> Call[SharedAnswerOut]:
    """A saved answer, each citation checked against the docs of today."""
    return Call("GET", f"/a/{quote(id, safe='')}", shape(SharedAnswerOut))


def give_feedback(
    question: str,
    helpful: bool,
    *,
    answer: str | None = None,
    comment: str | None = None,
    citations: Sequence[CitationOut] = (),
) -> Call[None]:
    """Say whether an answer helped; those that did not are among the gaps."""
    cited: list[Json] = [{"path": one.path, "heading_path": [*one.heading_path]} for one in citations]
    body: dict[str, Json] = {
        "question": question,
        "helpful": helpful,
        "answer": answer,
        "comment": comment,
        "citations": cited,
    }
    return Call("POST", "/feedback", nothing, body=body)


def overview() -> Call[OverviewOut]:
    """What can be asked, of which folders and tags, and what else the service does."""
    return Call("GET", "/overview", shape(OverviewOut))


def index() -> Call[IndexOut]:
    """What is being served: generation, counts, models, settings."""
    return Call("GET", "/index", shape(IndexOut))


def evaluation() -> Call[EvaluationOut]:
    """What the last `footnote eval` on this index measured."""
    return Call("GET", "/evaluation", shape(EvaluationOut))


def live() -> Call[dict[str, str | int]]:
    """That the process runs."""
    return Call("GET", "/health/live", shape(dict[str, str | int]))


def ready() -> Call[ReadyOut]:
    """That models and index are loaded; an error with the reason before."""
    return Call("GET", "/health/ready", shape(ReadyOut))


def gaps(*, days: int | None = None, top: int | None = None, question: str | None = None) -> Call[GapsOut]:
    """What was asked and the docs did not answer, grouped by meaning; `question` names one gap. Needs the key."""
    return Call("GET", "/gaps", shape(GapsOut), {"days": days, "top": top, "question": question})


def dismiss_gap(question: str) -> Call[DismissedOut]:
    """Leave a gap out until one of its questions is asked again. Needs the key."""
    return Call("POST", "/gaps/dismiss", shape(DismissedOut), body={"question": question})


def resolve_gap(question: str) -> Call[ResolvedOut]:
    """Ask the questions of a gap again, and leave out those that the docs answer by now. Needs the key."""
    return Call("POST", "/gaps/resolve", shape(ResolvedOut), body={"question": question})


def ingest(
    *, rebuild: bool = False, replace: bool = False, checksum: bool = False, allow_deletes: bool = False
) -> Call[IngestOut]:
    """Start an ingest of the service's docs folder; `ingest_status` says how far it is. Needs the key."""
    body: dict[str, Json] = {
        "rebuild": rebuild,
        "replace": replace,
        "checksum": checksum,
        "allow_deletes": allow_deletes,
    }
    return Call("POST", "/ingest", shape(IngestOut), body=body)


def ingest_status(id: str) -> Call[IngestOut]:
    """How far an ingest is, and what it did or why it failed. Needs the key."""
    return Call("GET", f"/ingest/{quote(id, safe='')}", shape(IngestOut))


def generations() -> Call[list[GenerationOut]]:
    """The complete indexes that are there, oldest first. Needs the key."""
    return Call("GET", "/generations", shapes(GenerationOut))


def changes() -> Call[IndexChangesOut]:
    """What the live generation changed, and what changed in the docs folder since. Needs the key."""
    return Call("GET", "/index/changes", shape(IndexChangesOut))


def roll_back(to: int | None = None) -> Call[RollbackOut]:
    """Make another generation live, the one before unless one is named. Needs the key."""
    return Call("POST", "/rollback", shape(RollbackOut), body={"to": to})


def _narrowed(path: str | None, tags: Sequence[str], fields: Mapping[str, str] | None) -> dict[str, Json]:
    return {"path": path, "tag": _listed(tags), "where": [f"{name}={value}" for name, value in (fields or {}).items()]}


def _listed(tags: Sequence[str]) -> list[Json]:
    """Type checkers take one tag for a sequence of letters."""
    return [tags] if isinstance(tags, str) else [*tags]
