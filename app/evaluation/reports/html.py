"""A run as one HTML page."""

from collections.abc import Iterator

from footnote.app.core.html import Html, element
from footnote.app.core.types import StageScore
from footnote.app.evaluation.comparing.compare import Comparison
from footnote.app.evaluation.estimate import Estimate
from footnote.app.evaluation.reports.against_html import against_section
from footnote.app.evaluation.reports.frame import html_page
from footnote.app.evaluation.reports.markup import Bar, bars, table
from footnote.app.evaluation.reports.report import ANSWER_METRICS, Report
from footnote.app.evaluation.scoring.measure import STAGES, cutoffs
from footnote.app.evaluation.scoring.ranking import DEPTH
from footnote.app.evaluation.scoring.relevance import LEVELS
from footnote.app.evaluation.types import Label, QuestionResult, Retrieved


def run_html(report: Report) -> str:
    """The whole page."""
    setup = report.run.setup
    how = (
        f"{setup.created_at}, Footnote {setup.tool_version}; embedder {setup.embedder}, reranker "
        f"{setup.reranker or 'none'}, answers {setup.llm or 'none'}, judge {setup.judge or 'none'}, "
        f"RAGAS {setup.ragas or 'none'}; "
        f"top_k {setup.top_k}, candidates {setup.candidates}, reranked {setup.rerank_depth}"
    )
    parts = [element("h1", "Evaluation"), element("p", report.summary), element("p", how, class_="dim")]
    sections = (
        _comparison(report.comparison),
        against_section(report.against),
        _ranking(report),
        _answers(report),
        _tags(report),
        _latency(report),
    )
    parts += [piece for section in sections for piece in section]
    parts += [*_not_scored(report), *_misses(report)]
    return html_page("Footnote evaluation", parts)


def _comparison(comparison: Comparison | None) -> Iterator[Html]:
    if comparison is None:
        return
    yield element("h2", f"Against {comparison.baseline}")
    yield element("p", comparison.summary, class_="bad" if comparison.fallen else "good")
    if comparison.changed:
        rows = [
            [
                one.metric,
                f"{one.before:.3f}",
                f"{one.now:.3f}",
                f"{one.difference:+.3f}",
                f"{one.low:+.3f} to {one.high:+.3f}",
                f"{one.tolerance:g}",
                element("span", "fell", class_="bad") if one.fell else "",
            ]
            for one in comparison.changed
        ]
        yield table(("metric", "before", "now", "change", "95%", "tolerance", ""), rows, "numbers")


def _ranking(report: Report) -> Iterator[Html]:
    if report.finest_level is None:
        return
    yield element("h2", "Retrieval")
    yield element("p", f"nDCG@{DEPTH} of each stage, with 95% intervals.", class_="dim")
    drawn = [(f"{level}, {stage}", f"{stage}/{level}/nDCG@{DEPTH}") for level in LEVELS for stage in STAGES]
    yield bars([_bar(label, report.found[name]) for label, name in drawn if name in report.found], "nDCG by stage")
    ks = cutoffs(report.run.setup.top_k)
    names = [*(f"hit@{k}" for k in ks), *(f"recall@{k}" for k in ks), f"MRR@{DEPTH}", f"nDCG@{DEPTH}"]
    rows = [
        [level, stage, *(_with_interval(report.found[f"{stage}/{level}/{name}"]) for name in names)]
        for level in LEVELS
        for stage in STAGES
        if f"{stage}/{level}/{names[0]}" in report.found
    ]
    yield element("div", table(("level", "stage", *names), rows, "numbers"), class_="scroll")


def _answers(report: Report) -> Iterator[Html]:
    names = [name for name in ANSWER_METRICS if name in report.found or name in report.unscored]
    if names:
        yield element("h2", "Answers")
        drawn = [_bar(name, report.found[name]) for name in names if name in report.found]
        if drawn:
            yield bars(drawn, "Answers")
        rows = [
            [
                name,
                ANSWER_METRICS[name],
                _with_interval(report.found[name]) if name in report.found else "-",
                report.scored_of(name),
            ]
            for name in names
        ]
        yield table(("metric", "share", "value, 95%", "questions"), rows)
    for line in report.unscored_lines:
        yield element("p", line, class_="bad")


def _tags(report: Report) -> Iterator[Html]:
    columns = report.tag_columns
    if not report.by_tag or not columns:
        return
    yield element("h2", "By tag")
    title, metric = next(iter(columns.items()))
    drawn = [_bar(tag, found[metric]) for tag, found in report.by_tag.items() if metric in found]
    yield element("p", f"{title}: {metric}", class_="dim")
    yield bars(drawn, title)
    rows = [
        [tag, str(report.scored_with(tag))]
        + [_with_interval(found[metric]) if metric in found else "-" for metric in columns.values()]
        for tag, found in report.by_tag.items()
    ]
    yield element("div", table(("tag", "questions", *columns), rows, "numbers"), class_="scroll")


def _latency(report: Report) -> Iterator[Html]:
    if report.latencies:
        yield element("h2", "Milliseconds a question")
        yield element("p", "The bar is the median, the line ends at the 95th percentile.", class_="dim")
        rows = [
            Bar(one.stage, one.p50, f"{one.p50:.1f}, p95 {one.p95:.1f}", one.p50, one.p95) for one in report.latencies
        ]
        yield bars(rows, "Latency", max(one.p95 for one in report.latencies))


def _not_scored(report: Report) -> Iterator[Html]:
    for status, title in (("stale", "Stale: the label does not match the docs"), ("failed", "Failed")):
        named = [one for one in report.run.results if one.status == status]
        if named:
            yield element("h2", f"{title} ({len(named)})")
            rows = [[one.question.origin, one.question.text, one.problem] for one in named]
            yield table(("file", "question", "problem"), rows)


def _misses(report: Report) -> Iterator[Html]:
    yield element("h2", f"Misses ({len(report.missed)})")
    for one in report.missed:
        summary = element("summary", one.question.text, " ", element("span", one.miss, class_="dim"))
        yield element("details", summary, *_miss(one))


def _miss(result: QuestionResult) -> Iterator[Html]:
    question, answer = result.question, result.answer
    tags = f"; {', '.join(question.tags)}" if question.tags else ""
    yield element("p", f"{question.origin}{tags}", class_="dim")
    if question.gold:
        yield element("p", "Expected:")
        yield from (_label(label) for label in question.gold)
    if question.answer:
        yield element("p", "Reference answer:")
        yield element("blockquote", question.answer)
    if answer:
        probability = "" if answer.answerability is None else f" (probability {answer.answerability:.2f})"
        yield element("p", f"Answered{probability}:")
        yield element("blockquote", answer.text)
        rows = [
            [f"{one.path}:{one.start_line}-{one.end_line}", one.verdict, _yes_or_no(one.matches), one.quote]
            for one in answer.citations
        ]
        if rows:
            yield table(("cited", "verdict", "gold", "quote"), rows)
    yield element("p", "Retrieved, with rank and score at each stage:")
    rows = [_row(one) for one in result.retrieved]
    yield element("div", table(("#", "passage", *STAGES, "gold", "begins"), rows), class_="scroll")


def _label(label: Label) -> Html:
    where = f"{label.path}  {' > '.join(label.heading)}".rstrip()
    return element("blockquote", where + (f"\n{label.quote}" if label.quote else ""))


def _row(one: Retrieved) -> list[str]:
    place = f"{one.path}:{one.start_line}-{one.end_line}"
    heading = element("span", " > ".join(one.heading_path), class_="dim")
    scores = [_score(getattr(one, stage)) for stage in STAGES]
    gold = element("span", one.matches, class_="good") if one.matches else ""
    return [
        "-" if one.rank is None else str(one.rank),
        element("span", place, " ", heading),
        *scores,
        gold,
        one.excerpt,
    ]


def _score(score: StageScore | None) -> str:
    return f"{score.rank} ({score.score:.4g})" if score else "-"


def _yes_or_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "-"}[value]


def _bar(label: str, one: Estimate) -> Bar:
    return Bar(label, one.value, f"{one.value:.2f} ({one.low:.2f}-{one.high:.2f})", one.low, one.high)


def _with_interval(one: Estimate) -> str:
    return f"{one.value:.2f} ({one.low:.2f}-{one.high:.2f})"
