"""watching: what the trainer tells as it goes on, and how it is stopped."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is.

    Attributes:
        done: steps, of `total`.
        loss: of the last step's replies; None in front of the first.
        held_out: the loss of the held-out examples, where they were just read.
        left_s: seconds that the rest will take, by the steps of this run; None in front of the first.
    """

    done: int
    total: int
    loss: float | None
    held_out: float | None
    left_s: float | None


OnStep = Callable[[Step], None]


def watching(on_step: OnStep, total: int) -> Any:
    """A callback of the trainer that passes on each step; `stop()` ends it behind the next one, with a checkpoint."""
    from transformers import TrainerCallback

    class Watcher(TrainerCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            self.is_stopping = False
            self._loss: float | None = None
            self._began: tuple[int, float] | None = None

        def stop(self) -> None:
            self.is_stopping = True

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            self._began = state.global_step, time.monotonic()

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if state.global_step >= total:  # which need not be a multiple of the steps between two evaluations
                control.should_evaluate = control.should_save = True
            elif self.is_stopping:
                control.should_save = control.should_training_stop = True

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
            if "loss" in (logs or {}):
                self._loss = float(logs["loss"])
                on_step(Step(state.global_step, total, self._loss, None, self._left_s(state.global_step)))

        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **kwargs: Any) -> None:
            held_out = float(metrics["eval_loss"])
            on_step(Step(state.global_step, total, self._loss, held_out, self._left_s(state.global_step)))

        def _left_s(self, step: int) -> float | None:
            if self._began is None or step <= self._began[0]:
                return None
            return (time.monotonic() - self._began[1]) / (step - self._began[0]) * (total - step)

    return Watcher()
