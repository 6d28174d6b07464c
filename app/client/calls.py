"""calls: the operations of the HTTP API, each as a function that makes its call; the clients have them as methods.

`path`, `tags` and `fields` narrow a question to some pages: a file, a folder or a glob; tags that a page must have;
front-matter fields and their values. `collection` is one of several docs folders, see `collections`, or for a question
and a search more of them. What is None is left to the service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import quote

from footnote.app.client.reading import Call, Json, nothing, raw, shape, shapes
from footnote.app.conversation.turns import Turn
from footnote.app.schemas.answers import AnswerOut, CitationOut
from footnote.app.schemas.collections import CollectionsOut
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
    collection: str | Sequence[str] | None = None,
) -> Call[AnswerOut]:
    """The answer to a question, with citations; that the docs do not say is an answer, whose `refused` is true.

    `top_k` passages are answered from. `history` are the turns before, the oldest first, where the question leaves
    out what they say.
    """
    if not all(isinstance(turn, Turn) for turn in history):
        raise TypeError("history holds turns: Turn(question, answer)")
    body: dict[str, Json] = {
        "question": _text(question),
        "top_k": top_k,
        "filters": {"path": path, "tags": _listed(tags), "fields": dict(fields or {})},
        "history": [asdict(turn) for turn in history],
        "collection": collection if collection is None or isinstance(collection, str) else [*collection],
    }
    return Call("POST", "/query", shape(AnswerOut), body=body)


def search(
    question: str,
    *,
    top_k: int | None = None,
    path: str | None = None,
    tags: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    collection: str | Sequence[str] | None = None,
) -> Call[SearchOut]:
    """The passages that an answer would be written from, best first, with the rank and score of each stage."""
    query = {
        "q": _text(question),
        "top_k": top_k,
        **_narrowed(path, tags, fields),
        "collection": _listed(collection or ()),
    }
    return Call("GET", "/search", shape(SearchOut), query)


def why_not(
    question: str,
    page: str,
    *,
    top_k: int | None = None,
    path: str | None = None,
    tags: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    collection: str | None = None,
) -> Call[WhyNotOut]:
    """Where a page or section, `PATH` or `PATH#HEADING`, was lost on its way to the answer, and what would keep it."""
    narrowed = _narrowed(path, tags, fields)
    query = {"q": _text(question), "page": page, "top_k": top_k, **narrowed, "collection": collection}
    return Call("GET", "/search/why-not", shape(WhyNotOut), query)


def verify(citations: Sequence[CitationOut | SavedCitation], *, collection: str | None = None) -> Call[VerificationOut]:
    """Whether the docs, as they are now, still hold what citations of one collection quote; up to 100 of them."""
    body: dict[str, Json] = {"citations": [one.model_dump() for one in citations]}
    return Call("POST", "/verify", shape(VerificationOut), {"collection": collection}, body)


def file(generation: int, path: str, *, collection: str | None = None) -> Call[bytes]:
    """A cited page, byte for byte as that generation was built from it: a quote is its bytes `[start:end]`."""
    return Call("GET", f"/files/{generation}/{quote(path)}", raw, {"collection": collection}, accept="*/*")


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
    collection: str | None = None,
) -> Call[None]:
    """Say whether an answer helped; those that did not are among the gaps."""
    cited: list[Json] = [
        {"path": one.path, "heading_path": [*one.heading_path], "collection": one.collection} for one in citations
    ]
    body: dict[str, Json] = {
        "question": question,
        "helpful": helpful,
        "answer": answer,
        "comment": comment,
        "citations": cited,
        "collection": collection,
    }
    return Call("POST", "/feedback", nothing, body=body)


def collections() -> Call[CollectionsOut]:
    """The collections that can be asked, with what there is of each."""
    return Call("GET", "/collections", shape(CollectionsOut))


def overview(*, collection: str | Sequence[str] | None = None) -> Call[OverviewOut]:
    """What can be asked, of which folders and tags, and what else the service does."""
    return Call("GET", "/overview", shape(OverviewOut), {"collection": _listed(collection or ())})


def index(*, collection: str | None = None) -> Call[IndexOut]:
    """What is being served: generation, counts, models, settings."""
    return Call("GET", "/index", shape(IndexOut), {"collection": collection})


def evaluation(*, collection: str | None = None) -> Call[EvaluationOut]:
    """What the last `footnote eval` on this index measured."""
    return Call("GET", "/evaluation", shape(EvaluationOut), {"collection": collection})


def live() -> Call[dict[str, str | int]]:
    """That the process runs."""
    return Call("GET", "/health/live", shape(dict[str, str | int]))


def ready() -> Call[ReadyOut]:
    """That models and index are loaded; an error with the reason before."""
    return Call("GET", "/health/ready", shape(ReadyOut))


def gaps(
    *,
    days: int | None = None,
    top: int | None = None,
    question: str | None = None,
    collection: str | None = None,
) -> Call[GapsOut]:
    """What was asked and the docs did not answer, grouped by meaning; `question` names one gap. Needs the key."""
    return Call(
        "GET", "/gaps", shape(GapsOut), {"days": days, "top": top, "question": question, "collection": collection}
    )


def dismiss_gap(question: str, *, collection: str | None = None) -> Call[DismissedOut]:
    """Leave a gap out until one of its questions is asked again. Needs the key."""
    return Call("POST", "/gaps/dismiss", shape(DismissedOut), {"collection": collection}, {"question": question})


def resolve_gap(question: str, *, collection: str | None = None) -> Call[ResolvedOut]:
    """Ask the questions of a gap again, and leave out those that the docs answer by now. Needs the key."""
    return Call("POST", "/gaps/resolve", shape(ResolvedOut), {"collection": collection}, {"question": question})


def ingest(
    *,
    rebuild: bool = False,
    replace: bool = False,
    checksum: bool = False,
    allow_deletes: bool = False,
    collection: str | None = None,
) -> Call[IngestOut]:
    """Start an ingest of the service's docs folder; `ingest_status` says how far it is. Needs the key."""
    body: dict[str, Json] = {
        "rebuild": rebuild,
        "replace": replace,
        "checksum": checksum,
        "allow_deletes": allow_deletes,
    }
    return Call("POST", "/ingest", shape(IngestOut), {"collection": collection}, body)


def ingest_status(id: str, *, collection: str | None = None) -> Call[IngestOut]:
    """How far an ingest is, and what it did or why it failed. Needs the key."""
    return Call("GET", f"/ingest/{quote(id, safe='')}", shape(IngestOut), {"collection": collection})


def generations(*, collection: str | None = None) -> Call[list[GenerationOut]]:
    """The complete indexes that are there, oldest first. Needs the key."""
    return Call("GET", "/generations", shapes(GenerationOut), {"collection": collection})


def changes(*, collection: str | None = None) -> Call[IndexChangesOut]:
    """What the live generation changed, and what changed in the docs folder since. Needs the key."""
    return Call("GET", "/index/changes", shape(IndexChangesOut), {"collection": collection})


def roll_back(to: int | None = None, *, collection: str | None = None) -> Call[RollbackOut]:
    """Make another generation live, the one before unless one is named. Needs the key."""
    return Call("POST", "/rollback", shape(RollbackOut), {"collection": collection}, {"to": to})


def _text(question: str) -> str:
    """Bytes would be sent as how Python writes them."""
    if not isinstance(question, str):
        raise TypeError(f"a question is a str, not {type(question).__name__}")
    return question


def _narrowed(path: str | None, tags: Sequence[str], fields: Mapping[str, str] | None) -> dict[str, Json]:
    return {"path": path, "tag": _listed(tags), "where": [f"{name}={value}" for name, value in (fields or {}).items()]}


def _listed(tags: Sequence[str]) -> list[Json]:
    """Type checkers take one tag for a sequence of letters."""
    return [tags] if isinstance(tags, str) else [*tags]
