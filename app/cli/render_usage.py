"""How `footnote usage` prints."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.cli.lines import on_one_line
from footnote.app.core.console import counted, dollars, plain
from footnote.app.schemas.usage import DayOut, UsageOut


def render_usage(usage: UsageOut, most_never: int | None) -> RenderableType:
    """The days as a table, then models and pages; of the pages that nobody cites so many, all for None."""
    if not usage.days:
        why = "nobody has asked yet" if usage.keeps_usage else "FOOTNOTE_KEEP_USAGE is off"
        return Text(f"no usage is recorded for these days: {why}")
    parts: list[RenderableType] = [_days(usage)]
    if usage.refused_by:
        stages = ", ".join(f"{stage} {count}" for stage, count in usage.refused_by.items())
        parts.append(Text(f"\nrefused by: {stages}"))
    parts.append(Text("\nmodels"))
    for model in usage.models:
        spent = f", {model.prompt_tokens + model.completion_tokens:,} tokens" if model.prompt_tokens else ""
        cost = f", {_cost(model.cost_usd, model.unpriced)}" if model.prompt_tokens else ""
        parts.append(Text(plain(f"  {model.model}: {counted(model.answers, 'answer')}{spent}{cost}")))
    parts.append(Text("\ncited most"))
    parts += [Text(plain(f"  {page.answers:>6}  {on_one_line(page.path)}")) for page in usage.top_cited]
    if usage.pages is not None:
        parts.append(Text(f"\nnever cited: {len(usage.never_cited)} of {counted(usage.pages, 'page')}"))
        parts += [Text(plain(f"  {path}")) for path in usage.never_cited[:most_never]]
        left = len(usage.never_cited) - len(usage.never_cited[:most_never])
        if left:
            parts.append(Text(f"  and {left} more: --never names all"))
    return Group(*parts)


def _days(usage: UsageOut) -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("day", "questions", "answered", "cached", "p50 ms", "p95 ms", "tokens", "cost"):
        table.add_column(name, justify="left" if name == "day" else "right")
    for day in [*usage.days, usage.total]:
        table.add_row(*_row(day))
    return table


def _row(day: DayOut) -> list[str]:
    share = f"{day.answered / day.questions:.0%}" if day.questions else ""
    latencies = ["" if ms is None else f"{ms:,.0f}" for ms in (day.p50_ms, day.p95_ms)]
    tokens = day.prompt_tokens + day.completion_tokens
    cost = _cost(day.cost_usd, day.unpriced) if tokens else ""
    return [
        day.day,
        f"{day.questions:,}",
        share,
        f"{day.from_cache:,}",
        *latencies,
        f"{tokens:,}" if tokens else "",
        cost,
    ]


def _cost(usd: float, unpriced: int) -> str:
    """What is known of it; a sum with an unknown part says so."""
    return f"{dollars(usd)} + ?" if unpriced and usd else "?" if unpriced else dollars(usd)
