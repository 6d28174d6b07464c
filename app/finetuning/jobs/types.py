"""The frozen types of a provider's jobs. What a provider says is untrusted text, and any of it may be missing."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["supervised", "dpo"]
# A provider may have states of its own: those that are known as an end are these.
ENDED = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The job that is wanted.

    Attributes:
        suffix: a part of the tuned model's name; "" for none.
        epochs: None lets the provider choose.
        beta: of DPO, how close it stays to the model before; None lets the provider choose.
    """

    model: str
    method: Method = "supervised"
    suffix: str = ""
    epochs: int | None = None
    beta: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the provider describes it.

    Attributes:
        tuned_model: None until it has succeeded.
        problem: why it failed; "" where it did not.
        trained_tokens: those that are billed; None while it runs.
        estimated_finish_s: seconds since 1970, UTC; None where the provider does not say.
    """

    id: str
    status: str
    model: str
    tuned_model: str | None = None
    problem: str = ""
    training_file: str = ""
    validation_file: str | None = None
    created_s: int | None = None
    finished_s: int | None = None
    estimated_finish_s: int | None = None
    trained_tokens: int | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it will change."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job; of a step of the training `step` is set, and `steps` where it is known."""

    id: str
    created_s: int
    level: str
    message: str
    step: int | None = None
    steps: int | None = None
    train_loss: float | None = None
    valid_loss: float | None = None
