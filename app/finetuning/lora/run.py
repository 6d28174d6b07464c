"""run: an adapter trained from files of examples, from beginning to end."""

import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import TrainingError
from footnote.app.core.files import sha256_of
from footnote.app.finetuning.lora import record
from footnote.app.finetuning.lora.base import BaseFiles, find_base, is_local, load_model, load_tokenizer
from footnote.app.finetuning.lora.extra import keep_quiet, require_extra
from footnote.app.finetuning.lora.gguf_adapter import architecture_of, write_gguf_adapter
from footnote.app.finetuning.lora.memory import estimate, free_bytes, size_of, smaller
from footnote.app.finetuning.lora.options import LoraOptions
from footnote.app.finetuning.lora.plan import Plan, planned
from footnote.app.finetuning.lora.rows import TrainingRows, Turn, left_out, require_prompt, training_rows
from footnote.app.finetuning.lora.train import Curve, Training, described, train, trainer_of
from footnote.app.finetuning.lora.watching import OnStep
from footnote.app.kept.rows import PromptForm
from footnote.app.models.onnx_model import core_count

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

ADAPTER_GGUF, ADAPTER_FOLDER = "adapter.gguf", "adapter"
# Without these instructions bfloat16 is slower than float32; torch has no public name for the question.
_CPU_HAS_BFLOAT16 = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be trained, from what, into which folder; `asked_with`: the prompt that it will get, where known."""

    train_file: Path
    held_out_file: Path
    base: str
    folder: Path
    options: LoraOptions
    resume: bool = False
    force: bool = False
    asked_with: PromptForm | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it; `adapter_gguf` is None where llama.cpp has no such adapters."""

    folder: Path
    adapter_gguf: Path | None
    adapter_sha256: str | None
    base: BaseFiles
    curve: Curve
    plan: Plan
    seconds: float
    peak_bytes: float


def run(request: Request, on_step: OnStep, say: Callable[[str], None]) -> Trained:
    """Train an adapter; `say` gets what a reader should know in a line each.

    Raises:
        SettingsError: an option, the base or the folder is wrong, or the extra is missing.
        ExampleFileError: a file of examples is wrong.
        ModelError: the base cannot be fetched or loaded.
        TrainingError: it would take more memory than there is, or went wrong.
        KeyboardInterrupt: Ctrl-C; a checkpoint is left where there were steps.
    """
    require_extra()
    keep_quiet(is_local(request.base))
    with record.alone(request.folder):
        return _run(request, on_step, say)


def _run(request: Request, on_step: OnStep, say: Callable[[str], None]) -> Trained:
    began, options = time.monotonic(), request.options
    base = find_base(request.base)
    precision = precision_of(options)
    threads = _use_threads(options.threads)
    tokenizer = load_tokenizer(base)
    rows, held_out = (_rows(file, tokenizer, request, say) for file in (request.train_file, request.held_out_file))
    plan = planned(len(rows.rows), options)
    made_of = _made_of(request, base, rows, held_out, precision, threads)
    checkpoint = record.resumed(request.folder, made_of) if request.resume else None
    if not request.resume:
        record.begin(request.folder, made_of)
    training = Training(options, plan, precision, request.folder / record.CHECKPOINTS, checkpoint)
    try:
        model = load_model(base, precision)
        _check_memory(model, max(rows.longest, held_out.longest), training, request.force, say)
    except Exception:
        _forget(request)
        raise
    say(_announced(base, rows, held_out, training))
    trainer = trainer_of(model, tokenizer, rows.rows, held_out.rows, training)
    curve = train(trainer, training, on_step, say)
    gguf = _save(trainer.model, base, options, request.folder, say)
    record.write_losses(request.folder, curve, f"{base.name}, {len(rows.rows)} examples")
    seconds, peak = time.monotonic() - began, peak_bytes()
    adapter_sha256 = sha256_of(gguf) if gguf else None
    result = Trained(request.folder, gguf, adapter_sha256, base, curve, plan, seconds, peak)
    record.write_card(request.folder, {**made_of, **_came_of(result)})
    shutil.rmtree(training.checkpoints, ignore_errors=True)
    return result


def precision_of(options: LoraOptions) -> str:
    """The precision that `auto` means here: bfloat16 where the device computes in it, else float32."""
    import torch

    if options.precision != "auto":
        return options.precision
    if torch.cuda.is_available():
        has_it = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        has_it = any(getattr(torch.cpu, asks, bool)() for asks in _CPU_HAS_BFLOAT16)
    return "bfloat16" if has_it else "float32"


def peak_bytes() -> float:
    """The most memory that this process had, and on a CUDA device the most that was taken there."""
    import torch

    if torch.cuda.is_available():
        return float(torch.cuda.max_memory_allocated())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most if sys.platform == "darwin" else most * 1024)


def _use_threads(threads: int) -> int:
    import torch

    torch.set_num_threads(threads or core_count())
    return torch.get_num_threads()  # type: ignore[no-any-return]


def _rows(
    file: Path, tokenizer: "PreTrainedTokenizerBase", request: Request, say: Callable[[str], None]
) -> TrainingRows:
    max_length = request.options.max_length

    def count(turns: Sequence[Turn]) -> int:
        return len(tokenizer.apply_chat_template(list(turns), return_dict=True)["input_ids"])

    try:
        rows = training_rows(file, count, max_length)
    except (ValueError, TypeError) as error:
        raise TrainingError(f"{file}: the base's chat template refuses an example: {error}") from error
    if request.asked_with:
        require_prompt(file, rows, request.asked_with)
    if said := left_out(file, rows, max_length):
        say(said)
    return rows


def _made_of(
    request: Request, base: BaseFiles, rows: TrainingRows, held_out: TrainingRows, precision: str, threads: int
) -> dict[str, Any]:
    def of(file: Path, read: TrainingRows) -> dict[str, Any]:
        counts = {"examples": len(read.rows), "left_out": len(read.too_long), "longest_tokens": read.longest}
        return {"file": file.name, "sha256": sha256_of(file), **counts}

    return {
        "base": {"name": base.name, "sha256": base.sha256},
        "training": of(request.train_file, rows),
        "held_out": of(request.held_out_file, held_out),
        "options": {**described(request.options), "precision": precision, "threads": threads},
        "versions": record.versions(),
    }


def _came_of(trained: Trained) -> dict[str, Any]:
    curve = trained.curve
    return {
        "adapter": {"file": ADAPTER_GGUF, "sha256": trained.adapter_sha256} if trained.adapter_gguf else None,
        "steps": {"planned": trained.plan.steps, "done": curve.trained[-1][0], "kept": curve.best_step},
        "held_out_loss": {"base": dict(curve.held_out).get(0), "adapter": curve.best},
        "seconds": round(trained.seconds, 1),
        "peak_bytes": int(trained.peak_bytes),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _check_memory(
    model: "PreTrainedModel", longest: int, training: Training, force: bool, say: Callable[[str], None]
) -> None:
    import torch

    size, options = size_of(model.config, model.num_parameters()), training.options
    trained = _adapter_size(model, options.rank)
    is_cuda = torch.cuda.is_available()
    needed = estimate(size, trained, options, training.precision, longest)
    # What the model has taken already is no longer free.
    taken = 0.0 if is_cuda else needed.weights + needed.process
    free = free_bytes(is_cuda)
    there = None if free is None else free + taken
    say(needed.sentence(there, "the device" if is_cuda else "this machine"))
    if there is None or needed.total <= there or force:
        return
    for said, other in smaller(options):
        if estimate(size, trained, other, training.precision, min(longest, other.max_length)).total <= there:
            raise TrainingError(f"there is not enough memory for that: try {said}; --force trains all the same")
    raise TrainingError(
        "there is not enough memory for that: take a smaller model as --base; --force trains all the same"
    )


def _adapter_size(model: "PreTrainedModel", rank: int) -> int:
    """Numbers in an adapter of all linear layers but the output."""
    output = model.get_output_embeddings()
    linear = [one for one in model.modules() if hasattr(one, "in_features") and one is not output]
    return sum(rank * (one.in_features + one.out_features) for one in linear)


def _announced(base: BaseFiles, rows: TrainingRows, held_out: TrainingRows, training: Training) -> str:
    plan, options = training.plan, training.options
    begins = f"goes on behind {training.resumed_from.name}: " if training.resumed_from else ""
    return (
        f"{begins}{base.name} in {training.precision}, {len(rows.rows)} examples of up to {rows.longest} tokens, "
        f"{len(held_out.rows)} held out: {plan.steps} steps of {options.batch * options.accumulate}, "
        f"held-out loss every {plan.evaluate_every}"
    )


def _save(model: Any, base: BaseFiles, options: LoraOptions, folder: Path, say: Callable[[str], None]) -> Path | None:
    """Write the adapter as peft has it and, where llama.cpp has such adapters, as GGUF."""
    from safetensors.numpy import load_file

    model.peft_config["default"].base_model_name_or_path = base.name
    model.save_pretrained(folder / ADAPTER_FOLDER)
    config = model.get_base_model().config
    if architecture_of(config) is None:
        say(f"no {ADAPTER_GGUF}: llama.cpp's adapters of the type {config.model_type} are not known here")
        return None
    file = folder / ADAPTER_GGUF
    write_gguf_adapter(load_file(folder / ADAPTER_FOLDER / "adapter_model.safetensors"), config, options.alpha, file)
    return file


def _forget(request: Request) -> None:
    """Leave nothing of a training that did not begin."""
    if not request.resume:
        (request.folder / record.BEGUN).unlink(missing_ok=True)
