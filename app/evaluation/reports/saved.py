"""A run as JSON: what `--json` prints, `--save` writes and `--baseline` reads."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from footnote.app.core.errors import BaselineError
from footnote.app.evaluation.comparing.against import Against
from footnote.app.evaluation.comparing.compare import ScoredQuestion
from footnote.app.evaluation.estimate import Estimate
from footnote.app.evaluation.reports.against import against_document
from footnote.app.evaluation.reports.report import Report
from footnote.app.evaluation.types import QuestionResult, Status

FORMAT = 1


class _SavedResult(BaseModel):
    id: str
    fingerprint: str
    status: Status
    scores: dict[str, float]


class _SavedRun(BaseModel):
    format: Literal[1]
    created_at: str
    results: list[_SavedResult]


def run_json(report: Report) -> str:
    """One JSON document, all questions with their scores included."""
    run, comparison = report.run, report.comparison
    setup = asdict(run.setup)
    document = {
        "format": FORMAT,
        "created_at": setup.pop("created_at"),
        "setup": setup,
        "counts": report.counts,
        "metrics": _described(report.found),
        "not_scored": report.unscored,
        "slices": {tag: _described(found) for tag, found in report.by_tag.items()},
        "latency_ms": {one.stage: {"p50": one.p50, "p95": one.p95, "mean": one.mean} for one in report.latencies},
        "comparison": asdict(comparison) if comparison else None,
        "against": _against(report.against) if report.against else None,
        "results": [_result(one) for one in run.results],
    }
    return json.dumps(document, ensure_ascii=False)


def _against(against: Against) -> dict[str, Any]:
    """The comparison, and the whole run of the other model."""
    results = [_result(one) for one in against.b.results]
    return {**against_document(against), "setup": asdict(against.b.setup), "results": results}


def read_baseline(file: Path) -> list[ScoredQuestion]:
    """The questions of a saved run that were scored.

    Raises:
        BaselineError: the file cannot be read, or is no saved run of this version's format.
    """
    try:
        saved = _SavedRun.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BaselineError(f"cannot read the baseline {file}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BaselineError(
            f"{file} is no saved run ({where}: {first['msg']}): make one with `footnote eval --save {file}`"
        ) from error
    return [ScoredQuestion(one.id, one.fingerprint, one.scores) for one in saved.results if one.status == "scored"]


def _described(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {
        name: {"value": one.value, "low": one.low, "high": one.high, "questions": one.questions}
        for name, one in found.items()
    }


def _result(result: QuestionResult) -> dict[str, Any]:
    question = result.question
    return {
        "id": question.id,
        "fingerprint": ScoredQuestion.of(result).fingerprint,
        "question": question.text,
        "answerable": question.answerable,
        "gold": [asdict(label) for label in question.gold],
        "reference": question.answer,
        "tags": question.tags,
        "generated": question.generated,
        "origin": question.origin,
        "status": result.status,
        "problem": result.problem,
        "miss": result.miss,
        "scores": {score.metric: score.value for score in result.scores},
        "not_scored": {one.metric: one.problem for one in result.unscored},
        "times_ms": {time.stage: time.ms for time in result.times},
        "retrieved": [asdict(one) for one in result.retrieved],
        "answer": asdict(result.answer) if result.answer else None,
    }
