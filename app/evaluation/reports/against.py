"""Two language models against each other: as tables for a terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.core.console import counted, dollars, plain
from footnote.app.evaluation.comparing.against import Against, Row, Unit
from footnote.app.evaluation.comparing.differing import Differing
from footnote.app.evaluation.types import QuestionResult

SHOWN = 10


def render_against(against: Against) -> list[RenderableType]:
    """Every measure of both, then the questions on which they differ most."""
    title = Text("\nTwo language models", style="bold")
    named = [Text(plain(f"{side}: {name}")) for side, name in zip("AB", against.names, strict=True)]
    noting = Text(plain(noted(against)), style="dim")
    return [title, *named, rows_table(against.rows), noting, *_differing(against)]


def rows_table(rows: Sequence[Row], interval: str = "95%") -> Table:
    """Measures of both, a line each; `interval` heads the column of its ends."""
    table = Table(box=None, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in ("A", "B", "B - A", interval, "questions"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for *shown, better in map(cells, rows):
        table.add_row(*shown, Text(better, style="bold"))
    return table


def noted(against: Against) -> str:
    """What the figures rest on."""
    return (
        f"over {counted(against.questions, 'question')} that both could be asked; failed: A {against.failed[0]}, "
        f"B {against.failed[1]}. 95%: the interval of the difference; `better` where it does not hold 0"
    )


def cells(row: Row) -> list[str]:
    """The row as it is shown; `-` for what is not known."""
    ends = [said(end, row.unit, True) for end in (row.low, row.high) if end is not None]
    values = [said(row.a, row.unit), said(row.b, row.unit), said(row.difference, row.unit, True)]
    return [row.name, *values, " to ".join(ends), str(row.questions), f"{row.winner} better" if row.winner else ""]


def said(value: float | None, unit: Unit, with_sign: bool = False) -> str:
    """A value in its unit."""
    if value is None:
        return "-"
    sign = "-" if value < 0 else "+" if with_sign else ""
    size = abs(value)
    if unit == "usd":
        return sign + dollars(size)
    digits = {"share": 2, "tokens": 0, "seconds": 1}[unit]
    return f"{sign}{size:.{digits}f}"


def _differing(against: Against) -> list[RenderableType]:
    count = len(against.differing)
    if not count:
        return [Text("\nno question on which they differ much")]
    more = "; --html and --json have them all, with both answers" if count > SHOWN else ""
    parts: list[RenderableType] = [
        Text(f"\n{counted(count, 'question')} on which they differ much{more}", style="bold")
    ]
    for one in against.differing[:SHOWN]:
        parts.append(Text(plain(f"  {one.a.question.origin}: {one.a.question.text}")))
        parts.append(Text(plain(f"    {one.why}"), style="dim"))
    return parts


def against_document(against: Against) -> dict[str, Any]:
    """The comparison, without what the runs hold."""
    return {
        "a": against.names[0],
        "b": against.names[1],
        "questions": against.questions,
        "failed": dict(zip("ab", against.failed, strict=True)),
        "measures": rows_document(against.rows),
        "differing": [_document(one) for one in against.differing],
    }


def rows_document(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Measures of both as JSON."""
    return [{**asdict(row), "difference": row.difference, "better_model": row.winner} for row in rows]


def _document(one: Differing) -> dict[str, Any]:
    question = one.a.question
    return {
        "id": question.id,
        "question": question.text,
        "origin": question.origin,
        "why": one.why,
        "gap": one.gap,
        "a": said_by(one.a),
        "b": said_by(one.b),
    }


def said_by(result: QuestionResult) -> str:
    """The answer, or why there is none."""
    return result.answer.text if result.answer else result.problem
