"""LoRA adapters in GGUF, written byte by byte: what `footnote tune-llm lora` makes with torch, without torch."""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

LORA = {"general.type": "adapter", "general.architecture": "llama", "adapter.type": "lora", "adapter.lora.alpha": 1.0}
# Of SmolLM2-135M: rows of 1536 and 576.
DOWN = "blk.{}.ffn_down.weight"
DOWN_IN, DOWN_OUT, LAYERS = 1536, 576, 30
_ALIGNMENT = 32


def write_gguf(file: Path, fields: Mapping[str, str | float], tensors: Mapping[str, np.ndarray]) -> Path:
    """A GGUF file of version 3 with tensors in float32."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields))
    for name, value in fields.items():
        head += _text(name)
        head += struct.pack("<I", 8) + _text(value) if isinstance(value, str) else struct.pack("<If", 6, value)
    offset, data = 0, b""
    for name, tensor in tensors.items():
        shape = tensor.shape[::-1]  # the length of a row first
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset)
        data += _padded(tensor.astype("<f4").tobytes())
        offset = len(data)
    file.write_bytes(_padded(head) + data)
    return file


def down_adapter(scale: float, rank: int = 2) -> dict[str, np.ndarray]:
    """An adapter beside one matrix of each layer; by 0 it changes nothing, by 1 all that is said."""
    numbers = np.random.default_rng(0)
    tensors = {}
    for layer in range(LAYERS):
        tensors[DOWN.format(layer) + ".lora_a"] = numbers.normal(size=(rank, DOWN_IN))
        tensors[DOWN.format(layer) + ".lora_b"] = numbers.normal(size=(DOWN_OUT, rank)) * scale
    return tensors


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % _ALIGNMENT)
