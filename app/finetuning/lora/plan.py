"""plan: how many steps a training has, and when it looks at the held-out examples. Pure."""

import math
from dataclasses import dataclass

from footnote.app.finetuning.lora.options import LoraOptions

_WARMUP_SHARE = 0.1  # a guess that is common


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a training; `evaluate_every` of them the held-out examples are read and a checkpoint is written."""

    steps: int
    evaluate_every: int
    warmup_steps: int


def planned(examples: int, options: LoraOptions) -> Plan:
    """The plan for so many examples, at least one step."""
    batches = math.ceil(examples / options.batch)
    steps = options.steps or max(1, round(math.ceil(batches / options.accumulate) * options.epochs))
    return Plan(steps, math.ceil(steps / options.evaluations), round(steps * _WARMUP_SHARE))
