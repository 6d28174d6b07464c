"""options: what a training is asked for."""

from dataclasses import dataclass
from typing import Literal, get_args

from footnote.app.core.errors import SettingsError

Precision = Literal["auto", "float32", "bfloat16", "4bit"]
PRECISIONS = get_args(Precision)


@dataclass(frozen=True, slots=True)
class LoraOptions:
    """How an adapter is trained. The defaults are those that LoRA's guides begin with, and guesses for any one model.

    Attributes:
        rank: of the two matrices beside each matrix of the model.
        alpha: what the adapter counts is `alpha / rank`.
        learning_rate: the highest, behind the warm-up; it falls to zero along a line.
        epochs: how often each example is read, unless `steps` says how many steps there are.
        batch: examples that are read at once.
        accumulate: batches that make a step.
        max_length: of prompt and reply, in tokens; longer examples are left out.
        evaluations: how often the held-out examples are read at most, evenly spread over the steps.
        patience: evaluations in a row that may be no better before the training stops.
        threads: 0 means one per core.
        save_memory: what the backward pass needs is computed again, not kept: about a third slower.
    """

    rank: int = 16
    alpha: int = 32
    learning_rate: float = 2e-4
    epochs: float = 3.0
    steps: int = 0
    batch: int = 2
    accumulate: int = 4
    max_length: int = 2048
    evaluations: int = 5
    patience: int = 2
    seed: int = 0
    threads: int = 0
    precision: Precision = "auto"
    save_memory: bool = False

    def __post_init__(self) -> None:
        """Raise SettingsError for the first option that cannot be."""
        at_least_one = ("rank", "alpha", "batch", "accumulate", "max_length", "evaluations", "patience")
        for name in at_least_one:
            if getattr(self, name) < 1:
                raise SettingsError(f"{flag(name)} must be at least 1")
        for name in ("steps", "seed", "threads"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{flag(name)} must not be negative")
        for name in ("learning_rate", "epochs"):
            if not 0 < getattr(self, name) < float("inf"):
                raise SettingsError(f"{flag(name)} must be a number above 0")
        if self.precision not in PRECISIONS:
            raise SettingsError(f"--precision must be one of {', '.join(PRECISIONS)}")


def flag(name: str) -> str:
    """How the option is spelled on the command line."""
    return f"--{name.replace('_', '-')}"
