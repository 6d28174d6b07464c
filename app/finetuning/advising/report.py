"""report: the advice for a terminal and as JSON."""

import json
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.core.console import plain
from footnote.app.finetuning.advising.advice import Advice, Given

NOTE = "docs/rag-or-fine-tuning.md explains every line. Thresholds are round numbers, not laws."


def render_advice(advice: Advice) -> RenderableType:
    """The advice, why, and the table behind it."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for line in advice.lines:
        table.add_row(line.asked, Text.assemble(plain(line.figure), "\n", (plain(line.meaning), "dim")))
    return Group(
        Text(advice.word, style="bold"), Text(plain(advice.why)), Text(), table, Text(f"\n{NOTE}", style="dim")
    )


def advice_json(advice: Advice, given: Given) -> str:
    """The same, with the costs in numbers."""
    found = {
        **asdict(advice),
        "volume": asdict(given.volume) if given.volume else None,
        "usd_per_month": asdict(given.costs) if given.costs else None,
    }
    return json.dumps(found, ensure_ascii=False)
