"""base: the model that is trained: a folder as transformers writes it, the name of one on Hugging Face, or a GGUF file.

name | folder | file.gguf -> its files, their sha256 -> tokenizer and weights in the precision of the training
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import ModelError, SettingsError
from footnote.app.core.files import sha256_of, sha256_of_all
from footnote.app.models.llm.gguf_file import ARCHITECTURE, read_gguf

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Of a model on Hugging Face only what is loaded; other formats of its weights lie beside them.
_PATTERNS = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]


@dataclass(frozen=True, slots=True)
class BaseFiles:
    """Where a base lies.

    Attributes:
        name: what was asked for; of a file its name.
        path: a .gguf file, or a folder of transformers.
        sha256: of the file, or of all files with weights.
        architecture: as GGUF names it; None where the base is no GGUF file.
    """

    name: str
    path: Path
    sha256: str
    architecture: str | None

    @property
    def is_gguf(self) -> bool:
        """Whether the base is one file that llama.cpp serves."""
        return self.path.suffix == ".gguf"


def is_local(base: str) -> bool:
    """Whether it lies on this machine: everything else is a name on Hugging Face."""
    return base.endswith(".gguf") or Path(base).expanduser().exists()


def find_base(base: str) -> BaseFiles:
    """The files of a base; a name on Hugging Face is fetched into its cache.

    Raises:
        SettingsError: there is no such file or folder, or it is no model.
        ModelError: it cannot be fetched.
    """
    if base.endswith(".gguf"):
        file = Path(base).expanduser()
        return BaseFiles(file.name, file.absolute(), *_of_gguf(file))
    folder = Path(base).expanduser()
    if not folder.exists():
        return _of_folder(base, _fetched(base))
    return _of_folder(folder.resolve().name, folder.resolve())


def load_tokenizer(base: BaseFiles) -> "PreTrainedTokenizerBase":
    """The tokenizer, with the chat template that servers of the model use too.

    Raises:
        ModelError: it cannot be loaded.
        SettingsError: the model has no chat template.
    """
    from transformers import AutoTokenizer

    tokenizer = _loading(base, lambda: AutoTokenizer.from_pretrained(*_place(base), **_file(base)))
    if not tokenizer.chat_template:
        raise SettingsError(f"{base.name} has no chat template: take an instruct or chat model as --base")
    return tokenizer


def load_model(base: BaseFiles, precision: str) -> "PreTrainedModel":
    """The model with its weights in the precision: `float32`, `bfloat16`, or `4bit` on a CUDA device.

    Raises:
        ModelError: it cannot be loaded.
        SettingsError: 4 bits were asked for and cannot be had.
    """
    import torch
    from transformers import AutoModelForCausalLM

    if precision == "4bit":
        return _in_4bit(base)
    dtype = getattr(torch, precision)
    loaded = _loading(base, lambda: AutoModelForCausalLM.from_pretrained(*_place(base), dtype=dtype, **_file(base)))
    if not base.is_gguf:
        return loaded
    # A model loaded from GGUF counts as quantized, which transformers neither trains nor saves, although its weights
    # are plain numbers by now: so they move into a model that came from no file.
    config = loaded.config
    del config.quantization_config
    plain = AutoModelForCausalLM.from_config(config, dtype=dtype)
    plain.load_state_dict(loaded.state_dict(), assign=True)
    plain.tie_weights()
    plain.generation_config = loaded.generation_config
    return plain


def _of_gguf(file: Path) -> tuple[str, str]:
    header = read_gguf(file)
    architecture = header.fields.get(ARCHITECTURE)
    if header.fields.get("general.type", "model") != "model" or not isinstance(architecture, str):
        raise SettingsError(f"{file} is no language model: name the .gguf file of one as --base")
    return sha256_of(file), architecture


def _of_folder(name: str, folder: Path) -> BaseFiles:
    weights = sorted(folder.glob("*.safetensors"))
    if not (folder / "config.json").is_file() or not weights:
        raise SettingsError(f"{folder} is no model of transformers: it needs config.json and *.safetensors")
    return BaseFiles(name, folder, sha256_of_all(weights), None)


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=_PATTERNS))
    except Exception as error:  # the client raises its own, those of httpx and of the cache
        raise ModelError(
            f"--base {name}: no such file or folder, and it cannot be fetched from Hugging Face ({_line(error)}): "
            "name a folder or a .gguf file, such as one of `footnote model get`"
        ) from error


def _in_4bit(base: BaseFiles) -> "PreTrainedModel":
    import importlib.util

    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    if base.is_gguf:
        raise SettingsError("--precision 4bit needs a folder of transformers as --base: a GGUF file is loaded in full")
    if not torch.cuda.is_available() or importlib.util.find_spec("bitsandbytes") is None:
        raise SettingsError(
            "--precision 4bit needs a CUDA device and `pip install bitsandbytes`: use bfloat16, or a smaller model"
        )
    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    return _loading(base, lambda: AutoModelForCausalLM.from_pretrained(*_place(base), quantization_config=config))


def _place(base: BaseFiles) -> tuple[str]:
    return (str(base.path.parent if base.is_gguf else base.path),)


def _file(base: BaseFiles) -> dict[str, str]:
    return {"gguf_file": base.path.name} if base.is_gguf else {}


def _loading(base: BaseFiles, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except Exception as error:  # config, weights and tokenizer each raise what they like
        raise ModelError(f"{base.name} cannot be loaded for training: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
