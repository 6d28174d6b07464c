"""report: the comparison of two arms for a terminal and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.core.console import counted, plain
from footnote.app.finetuning.ab.compare import FEWEST, Compared, Comparison
from footnote.app.finetuning.ab.experiment import ArmAnswers

_STYLES = {"A is better": "bold red", "B is better": "bold green"}


def render_comparison(found: Comparison) -> RenderableType:
    """The verdict, by what, every measure, and what is still needed."""
    return Group(*_parts(found))


def comparison_json(found: Comparison) -> str:
    """All of it."""
    document: dict[str, Any] = {
        "verdict": found.verdict,
        "reasons": found.reasons,
        "since": _time(found.since_s),
        "deciding_confidence": found.confidence,
        "difference": found.difference,
        "arms": {"A": _arm(found.a), "B": _arm(found.b)},
        "measures": [asdict(row) for row in found.rows],
    }
    return json.dumps(document, ensure_ascii=False)


def _arm(arm: ArmAnswers) -> dict[str, Any]:
    return {
        "model": arm.model,
        "questions": len(arm.by_question),
        "answers": arm.answers,
        "refused_before_a_model_was_asked": arm.unasked,
    }


def _parts(found: Comparison) -> Iterator[RenderableType]:
    yield Text(found.verdict, style=_STYLES.get(found.verdict, "bold"))
    for reason in found.reasons:
        yield Text(f"  {reason}")
    yield Text()
    for name, arm in (("A", found.a), ("B", found.b)):
        asked = f"{counted(len(arm.by_question), 'question')}, {counted(arm.answers, 'answer')}"
        unasked = f"; {arm.unasked} more refused before a model was asked" if arm.unasked else ""
        yield Text(plain(f"{name}: {arm.model or 'no model wrote an answer'}: {asked}{unasked}"))
    yield Text(f"since {_time(found.since_s)}\n", style="dim")
    yield _table(found)
    yield Text()
    yield from _missing(found)
    confidence = f"{found.confidence * 100:.4g}%"
    yield Text(
        f"* decides, with an interval of {confidence}, so that all of them together find a difference between equal "
        "models in at most 5 of 100 comparisons; the others have 95%. Look once there are as many questions as you "
        "planned: whoever looks every day finds something by chance.",
        style="dim",
    )
    for row in found.rows:
        yield Text(f"{row.name}: {row.meaning}", style="dim")


def _table(found: Comparison) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in ("A", "B", "B - A", "interval", "questions"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("better")
    for row in found.rows:
        table.add_row(f"{row.name} *" if row.decides else row.name, *_cells(row))
    return table


def _cells(row: Compared) -> Iterator[str]:
    yield _number(row.a, row.name)
    yield _number(row.b, row.name)
    yield "" if row.a is None or row.b is None else _number(row.b - row.a, row.name, sign=True)
    yield "" if row.low is None else f"{_number(row.low, row.name, True)} to {_number(row.high, row.name, True)}"
    yield f"{row.questions_a} / {row.questions_b}"
    yield row.winner or ""


def _number(value: float | None, name: str, sign: bool = False) -> str:
    if value is None:
        return "-"
    digits = {"tokens": 0, "milliseconds": 0, "cost in USD": 5}.get(name, 3)
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _missing(found: Comparison) -> Iterator[Text]:
    """What would have to be asked until a difference that matters is seen, where one is there."""
    undecided = [row for row in found.rows if row.decides and not row.winner]
    for row in undecided:
        if row.needed is None:
            yield Text(f"{row.name}: nothing to compare yet")
        elif row.needed:
            yield Text(
                f"{row.name}: a difference of {found.difference:g} would show after about {row.needed:,} questions more"
            )
        else:
            yield Text(f"{row.name}: a difference of {found.difference:g} would have shown by now, most likely")
    if undecided and min(len(found.a.by_question), len(found.b.by_question)) < FEWEST:
        yield Text(f"Shares of sentences decide from {FEWEST} questions an arm on.")


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
