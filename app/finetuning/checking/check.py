"""check: a file of examples -> what is wrong with it, how long it is, what training on it would cost."""

from collections.abc import Sequence
from pathlib import Path

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.core.errors import SettingsError
from footnote.app.finetuning.checking.lines import read_lines
from footnote.app.finetuning.checking.rules import MAX_TOKENS, MAX_TOKENS_35, problems_of, problems_of_all
from footnote.app.finetuning.checking.tokens import (
    Counter,
    billed_tokens,
    counter_for,
    learned_tokens,
    summary,
    tokens_of,
)
from footnote.app.finetuning.checking.types import Checked, Cost, Finding, Line
from footnote.app.models.llm.lineup import known
from footnote.app.models.llm.lineup.known import KnownModels

DEFAULT_MODEL = "gpt-4.1-mini"
DEFAULT_EPOCHS = 3  # what OpenAI chooses for a hundred examples and more


def check_file(
    file: Path,
    model: str = DEFAULT_MODEL,
    epochs: int = DEFAULT_EPOCHS,
    max_tokens: int | None = None,
    prices: KnownModels | None = None,
    counter: Counter | None = None,
) -> Checked:
    """Everything that is wrong, by line; and the whole file's last.

    `max_tokens` is the longest example that training takes; without it what OpenAI takes for the model. `prices` have
    `training_usd`.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        read = list(read_lines(file))
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from error
    lines = [one for one in read if isinstance(one, Line)]
    findings = [one for one in read if isinstance(one, Finding)]
    for line in lines:
        findings += problems_of(line)
    refusals = sum(line.replies[0].content.strip() == REFUSAL_TEXT for line in lines)
    findings += problems_of_all(lines, refusals)
    tokens, cost = None, None
    if lines:
        counter = counter or counter_for(model)
        lengths = [tokens_of(line, counter) for line in lines]
        limit = max_tokens or (MAX_TOKENS_35 if model.startswith("gpt-3.5") else MAX_TOKENS)
        findings += _too_long(lines, lengths, limit)
        tokens = summary(lengths, sum(learned_tokens(line, counter) for line in lines), counter)
        cost = _cost(sum(billed_tokens(line, counter) for line in lines), model, epochs, prices or {})
    findings.sort(key=lambda one: (one.line == 0, one.line))
    return Checked(str(file), lines[0].form if lines else None, len(lines), refusals, tuple(findings), tokens, cost)


def _too_long(lines: Sequence[Line], lengths: Sequence[int], limit: int) -> list[Finding]:
    return [
        Finding(
            line.number,
            "error",
            f"has {length:,} tokens: training takes {limit:,} and cuts the end off, which is the reply",
        )
        for line, length in zip(lines, lengths, strict=True)
        if length > limit
    ]


def _cost(tokens: int, model: str, epochs: int, prices: KnownModels) -> Cost:
    found = known.entry(model, prices)
    price = found.training_usd if found else None
    billed = tokens * epochs
    return Cost(model, epochs, billed, price, None if price is None else billed * price / 1_000_000)
