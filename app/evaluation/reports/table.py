"""A run as tables for a terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.core.console import plain
from footnote.app.evaluation.comparing.compare import Comparison
from footnote.app.evaluation.estimate import Estimate
from footnote.app.evaluation.reports.against import render_against
from footnote.app.evaluation.reports.report import ANSWER_METRICS, Report
from footnote.app.evaluation.scoring.measure import STAGES, cutoffs
from footnote.app.evaluation.scoring.ranking import DEPTH
from footnote.app.evaluation.scoring.relevance import LEVELS

_SHOWN = 10


def render_run(report: Report) -> RenderableType:
    """Counts, rankings, answers, slices, times, and what needs a look."""
    parts: list[RenderableType] = [Text(plain(report.summary), style="bold")]
    if report.against:  # what one model came to by itself is in the other reports
        return Group(*parts, *render_against(report.against), *_not_scored(report))
    if report.found or report.unscored:
        parts += [*_ranking(report), *_answers(report), *_tags(report), _latency(report)]
    parts += [*_problems(report), *_comparison(report.comparison)]
    return Group(*parts)


def _ranking(report: Report) -> list[RenderableType]:
    table = _table("Retrieval", "level", "stage")
    ks = cutoffs(report.run.setup.top_k)
    names = [*(f"hit@{k}" for k in ks), f"recall@{DEPTH}", f"MRR@{DEPTH}", f"nDCG@{DEPTH}"]
    for name in (*names, "95%"):
        table.add_column(name, justify="right", no_wrap=True)
    for level in LEVELS:
        for stage in STAGES:
            values = [report.found.get(f"{stage}/{level}/{name}") for name in names]
            if values[-1]:
                first = level if stage == STAGES[0] else ""  # a blank level is the one above
                table.add_row(first, stage, *(_value(value) for value in values), _interval(values[-1]))
    return [table, Text("95%: the interval of nDCG", style="dim")] if table.row_count else []


def _answers(report: Report) -> list[RenderableType]:
    table = _table("Answers", "metric")
    for name in ("value", "95%", "questions"):
        table.add_column(name, justify="right")
    table.add_column("share")
    for name, said in ANSWER_METRICS.items():
        one = report.found.get(name)
        if one or name in report.unscored:
            table.add_row(name, _value(one), _interval(one), report.scored_of(name), Text(said, style="dim"))
    lines = [Text(plain(line), style="yellow") for line in report.unscored_lines]
    return [table, *lines] if table.row_count else []


def _tags(report: Report) -> list[RenderableType]:
    table = _table("By tag", "tag")
    for title in ("questions", *report.tag_columns):
        table.add_column(title, justify="right")
    for tag, found in report.by_tag.items():
        values = [_value(found.get(metric)) for metric in report.tag_columns.values()]
        table.add_row(Text(plain(tag)), str(report.scored_with(tag)), *values)
    level = report.finest_level
    note = f"hit and nDCG: {level}, {report.last_stage}; refused: of those that the docs do not say" if level else ""
    return [table, Text(note, style="dim")] if table.row_count else []


def _latency(report: Report) -> RenderableType:
    table = _table("Milliseconds a question", "stage")
    for name in ("p50", "p95", "mean"):
        table.add_column(name, justify="right")
    for one in report.latencies:
        table.add_row(one.stage, f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.mean:.1f}")
    return table


def _problems(report: Report) -> list[RenderableType]:
    parts = _not_scored(report)
    if report.run.setup.llm and not report.run.setup.citations_checked:
        parts.append(Text("the docs folder is not there, so no citation was verified", style="yellow"))
    if report.missed:
        parts.append(Text(f"{len(report.missed)} misses; --html and --json have them all, with what was retrieved"))
        for one in report.missed[:_SHOWN]:
            parts.append(Text(plain(f"  {one.question.origin}: {one.question.text}")))
            parts.append(Text(plain(f"    {one.miss}"), style="dim"))
    return parts


def _not_scored(report: Report) -> list[RenderableType]:
    parts: list[RenderableType] = [Text()]
    for status, said in (("stale", "stale, not scored: the label does not match the docs"), ("failed", "failed")):
        named = [one for one in report.run.results if one.status == status]
        if named:
            parts.append(Text(f"{len(named)} {said}", style="yellow"))
            parts += [Text(plain(f"  {one.question.origin}: {one.problem}"), style="dim") for one in named]
    return parts


def _comparison(comparison: Comparison | None) -> list[RenderableType]:
    if comparison is None:
        return []
    parts: list[RenderableType] = [Text()]
    if comparison.changed:
        table = _table(f"Against {comparison.baseline}", "metric")
        for name in ("before", "now", "change", "95%"):
            table.add_column(name, justify="right")
        table.add_column("")
        for one in comparison.changed:
            change, span = f"{one.difference:+.3f}", f"{one.low:+.2f} to {one.high:+.2f}"
            state = Text("fell" if one.fell else "", style="bold red")
            table.add_row(one.metric, f"{one.before:.3f}", f"{one.now:.3f}", change, span, state)
        parts.append(table)
    return [*parts, Text(plain(comparison.summary), style="bold red" if comparison.fallen else "green")]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(f"\n{plain(title)}"), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table


def _value(one: Estimate | None) -> str:
    return f"{one.value:.2f}" if one else "-"


def _interval(one: Estimate | None) -> str:
    return f"{one.low:.2f}-{one.high:.2f}" if one else ""
