"""gguf_adapter: an adapter of peft as a GGUF file that llama.cpp serves on its base.

peft's tensors -> names of GGUF -> rows in the order of llama.cpp -> file

Source: llama.cpp, convert_lora_to_gguf.py and convert_hf_to_gguf.py.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import TrainingError

if TYPE_CHECKING:
    import numpy as np

# `model_type` of transformers -> the architecture in GGUF, for those whose matrices have the same rows in both but for
# the order below. Others fuse or split them.
ARCHITECTURES: Mapping[str, str] = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
_PEFT_NAME = re.compile(r"(?:base_model\.model\.)?(?P<module>.+)\.lora_(?P<side>[AB])\.weight")
_TURNED = re.compile(r"\.(?P<which>attn_q|attn_k)\.")


def architecture_of(config: Any) -> str | None:
    """The architecture in GGUF of a model's config; None where no adapter of it can be written."""
    return ARCHITECTURES.get(str(config.model_type))


def write_gguf_adapter(tensors: Mapping[str, "np.ndarray[Any, Any]"], config: Any, alpha: float, file: Path) -> int:
    """Write the tensors of a peft adapter; returns how many matrices of the model it changes.

    Raises:
        TrainingError: llama.cpp has no place for one of them.
    """
    import gguf

    architecture = architecture_of(config)
    if architecture is None:
        raise TrainingError(f"no GGUF adapter can be written for models of the type {config.model_type}")
    writer = gguf.GGUFWriter(file, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    count = 0
    for name, tensor in _renamed(tensors, architecture, config):
        writer.add_tensor(name, tensor)
        count += name.endswith(".lora_a")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return count


def _renamed(
    tensors: Mapping[str, "np.ndarray[Any, Any]"], architecture: str, config: Any
) -> "Iterator[tuple[str, np.ndarray[Any, Any]]]":
    import gguf
    import numpy as np

    arch = next(one for one, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture)
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers)
    for peft_name in sorted(tensors):
        found = _PEFT_NAME.fullmatch(peft_name)
        name = names.get_name(f"{found['module']}.weight", try_suffixes=(".weight",)) if found else None
        if found is None or name is None:
            raise TrainingError(f"the adapter changes {peft_name}, for which llama.cpp has no place")
        side, tensor = found["side"], tensors[peft_name]
        if side == "B" and architecture == "llama" and (turned := _TURNED.search(name)):
            heads = config.num_attention_heads if turned["which"] == "attn_q" else config.num_key_value_heads
            tensor = in_pairs(tensor, heads)
        yield f"{name}.lora_{side.lower()}", np.ascontiguousarray(tensor, np.float32)


def in_pairs(tensor: "np.ndarray[Any, Any]", heads: int) -> "np.ndarray[Any, Any]":
    """The rows of each head in llama.cpp's order: what is turned together lies side by side.

    transformers turns row `i` of a head with row `i + half`, llama.cpp row `2i` with `2i + 1`.
    """
    rows = tensor.shape[0]
    return tensor.reshape(heads, 2, rows // heads // 2, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)
