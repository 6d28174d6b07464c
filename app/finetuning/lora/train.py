"""train: the steps themselves, by trl's trainer, with the loss of the replies alone.

rows -> steps -> (every so often) held-out loss, checkpoint -> the best of them
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import TrainingError
from footnote.app.finetuning.lora.interrupt import stop_after_step
from footnote.app.finetuning.lora.memory import smaller
from footnote.app.finetuning.lora.options import LoraOptions
from footnote.app.finetuning.lora.plan import Plan
from footnote.app.finetuning.lora.rows import TrainingRow
from footnote.app.finetuning.lora.watching import OnStep, watching

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_DROPOUT = 0.05
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "failed to allocate")


@dataclass(frozen=True, slots=True)
class Curve:
    """The losses by step, of the training's replies and of the held-out ones; step 0 is the base."""

    trained: tuple[tuple[int, float], ...]
    held_out: tuple[tuple[int, float], ...]
    best_step: int

    @property
    def best(self) -> float:
        """The lowest held-out loss of a step."""
        return min(loss for step, loss in self.held_out if step > 0)


@dataclass(frozen=True, slots=True)
class Training:
    """What a training needs beside its model."""

    options: LoraOptions
    plan: Plan
    precision: str
    checkpoints: Path
    resumed_from: Path | None = None


def lora_config(options: LoraOptions) -> Any:
    """The adapter: two matrices beside each linear layer of the model but its output."""
    from peft import LoraConfig

    return LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=_DROPOUT,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def trainer_of(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: Sequence[TrainingRow],
    held_out: Sequence[TrainingRow],
    training: Training,
) -> Any:
    """Trl's trainer, ready; its datasets have `labels` that leave the prompts out of the loss."""
    import torch
    from datasets import Dataset
    from transformers import EarlyStoppingCallback, PrinterCallback
    from trl import SFTConfig, SFTTrainer

    options, plan = training.options, training.plan
    is_cuda = torch.cuda.is_available()
    config = SFTConfig(
        output_dir=str(training.checkpoints),
        max_steps=plan.steps,
        per_device_train_batch_size=options.batch,
        per_device_eval_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        gradient_checkpointing=options.save_memory,
        learning_rate=options.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=plan.warmup_steps,
        max_length=None,  # what is longer was left out: nothing is cut
        completion_only_loss=True,
        eval_strategy="steps",
        eval_steps=plan.evaluate_every,
        eval_on_start=training.resumed_from is None,
        save_strategy="steps",
        save_steps=plan.evaluate_every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        logging_steps=1,
        logging_nan_inf_filter=False,  # it would write a mean where the loss is no number
        seed=options.seed,
        bf16=training.precision != "float32",
        use_cpu=not is_cuda,
        dataloader_pin_memory=is_cuda,
        disable_tqdm=True,
        report_to="none",
        push_to_hub=False,
    )
    trainer = SFTTrainer(
        model=model,
        args=config,
        train_dataset=Dataset.from_list([_columns(row) for row in rows]),
        eval_dataset=Dataset.from_list([_columns(row) for row in held_out]),
        processing_class=tokenizer,
        peft_config=lora_config(options),
        callbacks=[EarlyStoppingCallback(early_stopping_patience=options.patience)],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def train(trainer: Any, training: Training, on_step: OnStep, say: Callable[[str], None]) -> Curve:
    """Train, or go on from a checkpoint; the trainer's model is then the one of the best held-out loss.

    Raises:
        TrainingError: there is not enough memory, or the losses are no numbers.
        KeyboardInterrupt: Ctrl-C; a checkpoint is left behind.
    """
    watcher = watching(on_step, training.plan.steps)
    trainer.add_callback(watcher)
    resumed = str(training.resumed_from) if training.resumed_from else None
    with stop_after_step(watcher.stop, say):
        try:
            trainer.train(resume_from_checkpoint=resumed)
        except (RuntimeError, MemoryError) as error:
            if not _is_out_of_memory(error):
                raise
            raise TrainingError(f"out of memory: {instead(training.options)}") from error
    if watcher.is_stopping and trainer.state.global_step < training.plan.steps:
        raise KeyboardInterrupt
    return curve_of(trainer.state.log_history)


def instead(options: LoraOptions) -> str:
    """The fix where memory is short: the smaller settings, the cheapest first."""
    tries = [said for said, _ in smaller(options)]
    return f"try {', or '.join(tries[:3])}" if tries else "take a smaller model as --base"


def curve_of(history: Sequence[dict[str, Any]]) -> Curve:
    """The losses in a log of the trainer.

    Raises:
        TrainingError: one is not a number, as with a learning rate that is too high.
    """
    trained = tuple((int(one["step"]), float(one["loss"])) for one in history if "loss" in one)
    # Of what a resumed training reads again, the later.
    held_out = tuple({int(one["step"]): float(one["eval_loss"]) for one in history if "eval_loss" in one}.items())
    if any(loss != loss for _, loss in (*trained, *held_out)):
        raise TrainingError("the loss is no number any more: lower --learning-rate")
    best_step = min((loss, step) for step, loss in held_out if step > 0)[1]
    return Curve(trained, held_out, best_step)


def described(options: LoraOptions) -> dict[str, Any]:
    """The options as the card has them."""
    return {**asdict(options), "dropout": _DROPOUT, "target_modules": "all-linear"}


def _columns(row: TrainingRow) -> dict[str, Any]:
    return {"prompt": list(row.prompt), "completion": list(row.completion)}


def _is_out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(said in str(error).lower() for said in _OUT_OF_MEMORY)
