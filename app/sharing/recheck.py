"""recheck: saved answers against the docs of today."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from footnote.app.access.types import PathLimits
from footnote.app.core.errors import DocsFolderError
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.schemas.saved import RecheckedOut, SavedAnswersOut, SavedOut, SharedAnswerOut
from footnote.app.schemas.verification import SavedCitation
from footnote.app.sharing.store import SavedAnswer
from footnote.app.verifying.verify import describe, verify

NOT_SEEN = "the service does not see its docs at the moment, so nothing was checked"
_DAY_S = 86_400


def saved_out(saved: SavedAnswer, kept_days: int) -> SavedOut:
    """What a client is told when an answer was saved."""
    return SavedOut(
        id=saved.id,
        path=f"/a/{saved.id}",
        saved_at=_iso(saved.saved_s),
        kept_until=_iso(saved.saved_s + kept_days * _DAY_S),
    )


def recheck(
    saved: SavedAnswer,
    docs_dir: Path,
    ingest: IngestSettings,
    kept_days: int,
    limits: PathLimits | None = None,
    shown: Collection[str] = (),
) -> SharedAnswerOut:
    """A saved answer with the verdict on each citation; without, and why, where the docs folder is not seen.

    `limits` and `shown` as of `verify`.
    """
    result, problem = None, None
    try:
        result = describe(verify(citations_of(saved), docs_dir, ingest, limits, shown), docs_dir)
        if limits is not None:
            result = result.model_copy(update={"docs_dir": ""})
    except DocsFolderError:
        problem = NOT_SEEN  # where the docs lie is no business of the answer's readers
    told = saved_out(saved, kept_days)
    return SharedAnswerOut(
        id=saved.id,
        saved_at=told.saved_at,
        kept_until=told.kept_until,
        answer=dict(saved.answer),
        holds=result.all_valid if result else None,
        verification=result,
        problem=problem,
    )


def recheck_all(
    answers: Sequence[SavedAnswer], docs_dir: Path, ingest: IngestSettings, allow_moved: bool = False
) -> SavedAnswersOut:
    """Those that do not hold any more; each file is read once for all of them.

    Args:
        answers: all that are saved.
        docs_dir: the docs as they are now.
        ingest: which files of it count.
        allow_moved: a quote that stands elsewhere now holds.

    Raises:
        DocsFolderError: the folder is missing, not a folder, or cannot be listed.
    """
    cited = [citations_of(saved) for saved in answers]
    checked = iter(verify([citation for citations in cited for citation in citations], docs_dir, ingest))
    rechecked = []
    for saved, citations in zip(answers, cited, strict=True):
        result = describe([next(checked) for _ in citations], docs_dir)
        held = result.counts["valid"] + result.counts["moved"] * allow_moved == len(citations)
        question = str(saved.answer.get("question", ""))
        saved_at = _iso(saved.saved_s)
        rechecked.append(
            RecheckedOut(id=saved.id, question=question, saved_at=saved_at, holds=held, verification=result)
        )
    failing = [one for one in rechecked if not one.holds]
    return SavedAnswersOut(
        docs_dir=str(docs_dir.resolve()), saved=len(answers), not_holding=len(failing), answers=failing
    )


def citations_of(saved: SavedAnswer) -> list[SavedCitation]:
    """The citations of a saved answer."""
    return [SavedCitation.model_validate(citation) for citation in saved.answer.get("citations", [])]


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
