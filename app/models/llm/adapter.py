"""A LoRA adapter in GGUF beside the .gguf file that it was trained on: whether it fits, and how the two are named."""

import os
import stat
from functools import cache
from pathlib import Path

from footnote.app.core.errors import SettingsError
from footnote.app.core.files import sha256_of
from footnote.app.core.setting_groups import NO_ADAPTER, LLMSettings
from footnote.app.models.llm.gguf_file import ARCHITECTURE, GGUFHeader, read_gguf

_HASH_CHARS = 12
_MADE = "adapter.gguf"  # as `footnote tune-llm lora` calls it
_A, _B = ".lora_a", ".lora_b"
_TURNED = "token_embd."  # the one matrix beside which an adapter lies the other way round


def adapter_of(llm: LLMSettings) -> Path | None:
    """The adapter that goes with the .gguf file of the settings; None for none."""
    return None if llm.adapter == NO_ADAPTER else Path(llm.adapter)


def check_adapter(adapter: Path, base: Path) -> None:
    """Raise SettingsError where llama.cpp could not serve the adapter on the base; a missing base is no matter here."""
    _stat(adapter)
    lora = read_gguf(adapter)
    kind, way = lora.fields.get("general.type"), lora.fields.get("adapter.type")
    if kind != "adapter" or way != "lora":
        said = f"its general.type is {kind or 'model'}" + (f", its adapter.type {way}" if way else "")
        raise SettingsError(f"{adapter} is no LoRA adapter ({said}): {_FIX}")
    if not base.is_file():
        return
    model = read_gguf(base)
    of, on = lora.fields.get(ARCHITECTURE), model.fields.get(ARCHITECTURE)
    if of != on:
        raise SettingsError(
            f"{adapter} was trained on a model of the kind {of}, and {base} is of the kind {on}: {_FIX}"
        )
    if misfit := _misfit(lora, model):
        raise SettingsError(f"{adapter} was trained on another model than {base} ({misfit}): {_FIX}")


def local_label(gguf: Path, adapter: Path | None) -> str:
    """How answers name a file with its adapter: `base.gguf + adapter.gguf (sha256 ab12...)`, twelve digits of the hash.

    Raises:
        SettingsError: the adapter cannot be read.
    """
    return gguf.name + beside(adapter)


def beside(adapter: Path | None) -> str:
    """What stands behind the name of the base; "" without an adapter.

    Raises:
        SettingsError: it cannot be read.
    """
    return "" if adapter is None else f" + {adapter.name} (sha256 {_short_sha256(adapter)})"


def served_name(gguf: Path, adapter: Path | None) -> str:
    """How a server of the file lists its model: no path, which is nobody's business, and no space, as it is a name."""
    return gguf.stem if adapter is None else f"{gguf.stem}+{adapter.stem}@{_short_sha256(adapter)}"


_FIX = "name in FOOTNOTE_LLM_ADAPTER what `footnote tune-llm lora` made of this very model, or `none`"


def _misfit(lora: GGUFHeader, model: GGUFHeader) -> str | None:
    """The first matrix that does not go with the model's; a shape has the length of a row first."""
    if not lora.tensors:
        return "it changes nothing"
    for name, shape in lora.tensors.items():
        changed, side = name[: -len(_A)], name[-len(_A) :]
        of = model.tensors.get(changed)
        if side not in (_A, _B) or of is None:
            return f"{name} has no place in it"
        other = lora.tensors.get(changed + (_B if side == _A else _A))
        if other is None or len(shape) != len(of):
            return f"{name} has the shape {shape}"
        if changed.startswith(_TURNED):
            continue
        fits = shape[0] == of[0] if side == _A else (shape[1] == of[1] and shape[0] == other[1])
        if not fits:
            return f"{name} has the shape {shape}, and {changed} {of}"
    return None


def _short_sha256(file: Path) -> str:
    found = _stat(file)
    try:
        return _sha256(file.absolute(), found.st_mtime_ns, found.st_size)[:_HASH_CHARS]
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}): {_FIX}") from error


def _stat(adapter: Path) -> os.stat_result:
    """What the system says of the file.

    Raises:
        SettingsError: there is none, or it is a folder; one with an adapter in or beside it is told so.
    """
    try:
        found = adapter.stat()
    except OSError as error:
        raise SettingsError(f"{adapter} cannot be read ({error.strerror}): {_FIX}") from error
    if not stat.S_ISDIR(found.st_mode):
        return found
    near = (adapter / _MADE, adapter / "adapter" / _MADE, adapter.parent / _MADE)
    there = next((one for one in near if one.is_file()), None)
    fix = f"name {there} in FOOTNOTE_LLM_ADAPTER" if there else _FIX
    raise SettingsError(f"{adapter} is a folder: {fix}")


@cache
def _sha256(file: Path, modified_ns: int, size: int) -> str:
    """The hash of a file that has these; who asks for the status does not want it read each time."""
    return sha256_of(file)
