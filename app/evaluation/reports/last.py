"""last: what of the last run the page shows, kept in the index folder."""

from pathlib import Path

from pydantic import ValidationError

from footnote.app.core.files import replace_text
from footnote.app.evaluation.reports.report import ANSWER_METRICS, Report
from footnote.app.evaluation.types import QuestionResult
from footnote.app.schemas.evaluation import EstimateOut, EvaluationOut, LatencyOut, MissOut

LAST_RUN = "evaluation.json"
_MOST_MISSES = 20


def keep_last(index_dir: Path, report: Report) -> None:
    """Keep the report in the folder of the index that was asked.

    Raises:
        OSError: it cannot be written.
    """
    replace_text(index_dir / LAST_RUN, described(report).model_dump_json())


def read_last(index_dir: Path) -> EvaluationOut | None:
    """The last report that was kept; None where there is none, or none of this version."""
    try:
        return EvaluationOut.model_validate_json((index_dir / LAST_RUN).read_bytes())
    except (OSError, ValidationError):
        return None


def described(report: Report) -> EvaluationOut:
    """The report as the page shows it: of the retrieval metrics those of the finest level at the last stage."""
    setup = report.run.setup
    place = f"{report.last_stage}/{report.finest_level}/"
    shown = [one for name, one in report.found.items() if name.startswith(place) or name in ANSWER_METRICS]
    return EvaluationOut(
        created_at=setup.created_at,
        generation=setup.generation,
        mode=setup.llm or "retrieval alone",
        summary=report.summary,
        metrics=[
            EstimateOut(
                metric=one.metric.removeprefix(place),
                about=ANSWER_METRICS.get(one.metric, ""),
                value=one.value,
                low=one.low,
                high=one.high,
                questions=one.questions,
            )
            for one in shown
        ],
        latencies_ms=[LatencyOut(stage=one.stage, p50=one.p50, p95=one.p95) for one in report.latencies],
        missed=len(report.missed),
        misses=[_missed(one) for one in report.missed[:_MOST_MISSES]],
    )


def _missed(result: QuestionResult) -> MissOut:
    paths = dict.fromkeys(label.path for label in result.question.gold)
    return MissOut(question=result.question.text, why=result.miss, expected=list(paths))
