"""`footnote tune-llm check`. What it runs is imported when it runs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson
from footnote.app.core.console import command, counted, dollars, plain, print_json, show
from footnote.app.core.settings import load_settings

if TYPE_CHECKING:
    from footnote.app.finetuning.checking.types import Checked, Cost, Tokens

HAS_ERRORS = 1
EPILOG = """\
Examples:

  footnote tune-llm check examples/train.jsonl

  footnote tune-llm check examples/train.jsonl --model gpt-4.1-mini --epochs 3 --prices prices.toml

  footnote tune-llm check examples/train.jsonl --max-tokens 2048 --json     in CI, for a local model

A file of prices has a table a model: \\["gpt-4.1-mini"] with training_usd, per million tokens.

Exit codes: 0 no error, 1 errors (warnings are none), 2 usage or a file that cannot be read.
"""
_BAR = "#" * 30


def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Examples, JSONL.")],
    model: Annotated[
        str, typer.Option(help="The model to be tuned, for its tokens, limit and price.")
    ] = "gpt-4.1-mini",
    epochs: Annotated[int, typer.Option(min=1, max=50, help="How often each example is read.")] = 3,
    max_tokens: Annotated[
        int | None, typer.Option(min=16, help="The longest example that training takes. Default: OpenAI's limit.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML file of prices. Default: FOOTNOTE_LLM_PRICES.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a file of examples: its form, its length, what training on it would cost, repeats."""
    with command(as_json):
        settings = load_settings(llm_prices=prices)
        from footnote.app.finetuning.checking.check import check_file
        from footnote.app.models.llm.lineup.pricing import read_prices

        own = read_prices(settings.llm.prices) if settings.llm.prices else None
        checked = check_file(file, model, epochs, max_tokens, own)
        if as_json:
            print_json(json.dumps({**asdict(checked), "ok": checked.ok}, ensure_ascii=False))
        else:
            show(plain(said(checked)))
        if not checked.ok:
            raise typer.Exit(HAS_ERRORS)


def said(checked: "Checked") -> str:
    """What was found, for people: `file:line: error: what`."""
    lines = []
    for one in checked.findings:
        where = f"{checked.file}:{one.line}" if one.line else checked.file
        lines.append(f"{where}: {one.severity}: {one.what}")
    form = {"trl": "trl's format, not OpenAI's", "sharegpt": "ShareGPT's format, not OpenAI's"}.get(
        checked.form or "", f"{checked.form} format"
    )
    what = f"{counted(checked.examples, 'example')} in {form}, {checked.refusals} of them refusals"
    lines.append(f"{checked.file}: {what if checked.form else 'no example'}")
    if checked.tokens:
        lines += _tokens(checked.tokens)
    if checked.cost:
        lines.append(_cost(checked.cost, checked.tokens is not None and checked.tokens.is_estimate))
    errors = sum(one.severity == "error" for one in checked.findings)
    warnings = len(checked.findings) - errors
    lines.append(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return "\n".join(lines)


def _tokens(tokens: "Tokens") -> list[str]:
    counted_by = f"by {tokens.encoding}"
    if tokens.is_estimate:
        counted_by = f"estimated by {tokens.encoding}, as tiktoken's encoding cannot be fetched here"
    most = max(bucket.examples for bucket in tokens.histogram)
    width = len(f"{tokens.histogram[-1].up_to:,}")
    bars = [_BAR[: round(len(_BAR) * bucket.examples / most)] for bucket in tokens.histogram]
    rows = [
        f"  up to {bucket.up_to:>{width},}  {bucket.examples:>6,}  {bar}".rstrip()
        for bucket, bar in zip(tokens.histogram, bars, strict=True)
    ]
    return [
        f"tokens ({counted_by}): {tokens.total:,} in all, {tokens.learned:,} of them learned; an example has "
        f"{tokens.median:,} (median), {tokens.p95:,} (95 %), {tokens.longest:,} (longest)",
        *rows,
    ]


def _cost(cost: "Cost", is_estimate: bool) -> str:
    about = "about " if is_estimate else ""
    times = f"{counted(cost.epochs, 'epoch')}: {about}{cost.billed_tokens:,} tokens are billed"
    if cost.usd is None:
        return f"{cost.model}, {times}; what that costs is not known: name a file with training_usd with --prices"
    return f"{cost.model}, {times}, {about}{dollars(cost.usd)} at ${cost.usd_per_million:g} a million"
