"""The frozen types of a check."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Form = Literal["openai", "preference", "trl", "sharegpt"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a line, or with the whole file where `line` is 0."""

    line: int
    severity: Severity
    what: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a trainer reads it; `weight` is what the file says."""

    role: str
    content: str
    weight: object = None


@dataclass(frozen=True, slots=True)
class Line:
    """An example as it stands in a file.

    Attributes:
        prompt: what comes before the reply.
        replies: what is learned: one, or of a preference the better and the worse.
    """

    number: int
    form: Form
    prompt: tuple[Said, ...]
    replies: tuple[Said, ...]

    @property
    def messages(self) -> tuple[Said, ...]:
        """All that is trained on, the better reply only."""
        return (*self.prompt, *self.replies[:1])


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many examples have at most so many tokens, and more than the bucket before."""

    up_to: int
    examples: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """How long the examples are, in tokens.

    Attributes:
        encoding: of tiktoken, or "characters / 4" for an estimate.
        learned: those of the replies; all others are only read.
    """

    encoding: str
    is_estimate: bool
    total: int
    learned: int
    median: int
    p95: int
    longest: int
    histogram: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What training would cost; `usd` is None where no price is known."""

    model: str
    epochs: int
    billed_tokens: int
    usd_per_million: float | None
    usd: float | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; tokens and cost are None where no example can be read."""

    file: str
    form: Form | None
    examples: int
    refusals: int
    findings: tuple[Finding, ...]
    tokens: Tokens | None
    cost: Cost | None

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings may be."""
        return not any(one.severity == "error" for one in self.findings)
