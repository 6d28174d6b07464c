"""costs: what answers cost a month, by retrieval with the model of today and with a tuned one. Pure functions.

    a question's tokens x price x questions, and for the tuned one: training + people's hours, in each round

The search costs nothing here, as it runs where Footnote does. docs/rag-or-fine-tuning.md explains every line.
"""

from dataclasses import dataclass

from footnote.app.models.llm.lineup.known import Price

_MONTHS = 12
DAYS_PER_MONTH = 365 / _MONTHS


@dataclass(frozen=True, slots=True)
class Volume:
    """What is asked: the means of a question's tokens, and whether they were measured or guessed."""

    questions_per_day: float
    prompt_tokens: float
    completion_tokens: float
    is_measured: bool

    @property
    def per_month(self) -> float:
        """Questions a month."""
        return self.questions_per_day * DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Training:
    """One round of training, and how many there are a year.

    Attributes:
        tokens: of all examples, times the epochs.
        usd_per_million: what the provider takes for tokens of training; None where that is not known.
        hours: of people who collect, check and prove, a round.
        hour_usd: what such an hour costs; None where nobody says.
    """

    tokens: float
    usd_per_million: float | None
    hours: float
    hour_usd: float | None
    rounds_per_year: float

    @property
    def tokens_usd(self) -> float | None:
        """What the provider takes for a round."""
        return None if self.usd_per_million is None else self.tokens * self.usd_per_million / 1_000_000

    @property
    def people_usd(self) -> float | None:
        """What people cost in a round."""
        return None if self.hour_usd is None else self.hours * self.hour_usd

    @property
    def usd_per_month(self) -> float | None:
        """What is known of both, a month; None where nothing is."""
        known = [usd for usd in (self.tokens_usd, self.people_usd) if usd is not None]
        return sum(known) * self.rounds_per_year / _MONTHS if known else None


@dataclass(frozen=True, slots=True)
class Costs:
    """US dollars a month; None where a price is not known.

    Attributes:
        alone: retrieval with the model of today.
        tuned: retrieval with the tuned model, its training not counted.
        training: what is known of training and people, a month.
        break_even: questions a day from which the tuned model is cheaper in all; None where it never is, or where that
            cannot be told.
    """

    alone: float | None
    tuned: float | None
    training: float | None
    break_even: float | None


def costs(volume: Volume, today: Price | None, tuned: Price | None, training: Training) -> Costs:
    """What both ways cost."""
    before, after = (_a_question(volume, price) for price in (today, tuned))
    fixed = training.usd_per_month
    saved = None if before is None or after is None else before - after
    break_even = fixed / saved / DAYS_PER_MONTH if saved and saved > 0 and fixed is not None else None
    return Costs(
        None if before is None else before * volume.per_month,
        None if after is None else after * volume.per_month,
        fixed,
        break_even,
    )


def _a_question(volume: Volume, price: Price | None) -> float | None:
    if price is None:
        return None
    return (volume.prompt_tokens * price.input_usd + volume.completion_tokens * price.output_usd) / 1_000_000
