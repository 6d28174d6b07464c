"""memory: what a training will take, told before it starts, and which smaller setting would fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from footnote.app.finetuning.lora.options import LoraOptions

GIGABYTE = 1e9
_WEIGHT_BYTES = {"float32": 4.0, "bfloat16": 2.0, "4bit": 0.6}
# Of an adapter's number: itself, its gradient and two moments of AdamW, in float32.
_TRAINED_BYTES = 16
# What is kept for the backward pass, for each token and layer, in numbers of the model's two widths; computing in
# bfloat16, much of it stays in float32. On one core of SmolLM2-135M with rank 16: 138 kB a token and layer in float32,
# 119 kB in bfloat16, from 537 and 1037 tokens; --save-memory left .45 to .75 of it.
_HIDDEN_KEPT, _INTERMEDIATE_KEPT = 28.0, 12.0
_NUMBER_BYTES = {"float32": 4.0, "bfloat16": 3.5, "4bit": 3.5}
_SAVED_SHARE = 0.75
_PROCESS_BYTES = 0.5e9  # torch and transformers, measured as well


@dataclass(frozen=True, slots=True)
class ModelSize:
    """What the estimate needs of a model."""

    parameters: int
    layers: int
    hidden: int
    intermediate: int


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes at the most, by what takes them."""

    weights: float
    adapter: float
    activations: float
    process: float = _PROCESS_BYTES

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.adapter + self.activations + self.process

    def sentence(self, free: float | None, where: str) -> str:
        """One line: what is needed and, where that is known, what there is."""
        has = f"; {where} has {free / GIGABYTE:.1f} GB free" if free is not None else ""
        return (
            f"needs about {_said(self.total)} GB (weights {_said(self.weights)}, adapter {_said(self.adapter)}, "
            f"passes {_said(self.activations)}){has}"
        )


def _said(size: float) -> str:
    """Gigabytes: `1.4`, and of less than a tenth the first digit that counts."""
    found = size / GIGABYTE
    return f"{found:.1f}" if found >= 0.1 else f"{found:.1g}"


def size_of(config: Any, parameters: int) -> ModelSize:
    """The size of a model of transformers, by its config."""
    hidden = int(config.hidden_size)
    return ModelSize(
        parameters,
        int(config.num_hidden_layers),
        hidden,
        int(getattr(config, "intermediate_size", None) or 4 * hidden),
    )


def estimate(size: ModelSize, trained: int, options: LoraOptions, precision: str, longest: int) -> MemoryEstimate:
    """What training takes: `trained` numbers in the adapter, and rows of up to `longest` tokens."""
    numbers = _HIDDEN_KEPT * size.hidden + _INTERMEDIATE_KEPT * size.intermediate
    kept = options.batch * longest * size.layers * numbers * _NUMBER_BYTES[precision]
    passes = kept * _SAVED_SHARE if options.save_memory else kept
    return MemoryEstimate(size.parameters * _WEIGHT_BYTES[precision], trained * _TRAINED_BYTES, passes)


def smaller(options: LoraOptions) -> Iterator[tuple[str, LoraOptions]]:
    """Settings that take less, the cheapest first, each as it is written and with those before it."""
    said: list[str] = []
    if options.batch > 1:
        options = replace(options, batch=1, accumulate=options.accumulate * options.batch)
        said.append(f"--batch 1 --accumulate {options.accumulate}")
        yield " ".join(said), options
    if not options.save_memory:
        options = replace(options, save_memory=True)
        said.append("--save-memory")
        yield " ".join(said), options
    length = options.max_length
    while length > 512:
        length //= 2
        options = replace(options, max_length=length)
        yield " ".join([*said, f"--max-length {length}"]), options


def free_bytes(is_cuda: bool) -> float | None:
    """Memory that a training can have, on the device; None where the system does not say."""
    if is_cuda:
        import torch

        return float(torch.cuda.mem_get_info()[0])
    found = [free for free in (_of_system(), _of_container()) if free is not None]
    return min(found, default=None)


def _of_system() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None


def _of_container() -> float | None:
    """What the limit of a container leaves."""
    try:
        limit, used = (Path(f"/sys/fs/cgroup/memory.{name}").read_text("ascii").strip() for name in ("max", "current"))
        return float(limit) - float(used)
    except (OSError, ValueError):  # no such limit, or `max`
        return None
