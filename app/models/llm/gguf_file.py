"""The header of a GGUF file: what it says of itself, and the shapes of its tensors.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from footnote.app.core.errors import SettingsError

ARCHITECTURE = "general.architecture"
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
# More than any file has, so that a broken count is no endless loop.
_MOST, _MOST_CHARS, _MOST_DIMENSIONS = 1_000_000, 10_000_000, 4

Field = str | int | float | bool


@dataclass(frozen=True, slots=True)
class GGUFHeader:
    """The fields but for lists, and the shape of each tensor: the length of a row first, as GGUF has it."""

    fields: Mapping[str, Field]
    tensors: Mapping[str, tuple[int, ...]]


def read_gguf(file: Path) -> GGUFHeader:
    """The header of the file.

    Raises:
        SettingsError: it cannot be read, or is not GGUF.
    """
    try:
        with file.open("rb") as opened:
            return _header(opened)
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}): name a .gguf file") from error
    except (struct.error, ValueError, KeyError, RecursionError) as error:
        raise SettingsError(f"{file} is not a GGUF file, or is damaged") from error


def _header(opened: BinaryIO) -> GGUFHeader:
    if opened.read(4) != b"GGUF":
        raise ValueError("magic")
    _number(opened, "<I")  # the version
    tensors, fields = _count(opened), _count(opened)
    read: dict[str, Field] = {}
    for _ in range(fields):
        name = _text(opened)
        value = _value(opened, _number(opened, "<I"))
        if value is not None:
            read[name] = value
    return GGUFHeader(read, dict(_tensor(opened) for _ in range(tensors)))


def _tensor(opened: BinaryIO) -> tuple[str, tuple[int, ...]]:
    name = _text(opened)
    dimensions = _number(opened, "<I")
    if dimensions > _MOST_DIMENSIONS:
        raise ValueError("dimensions")
    shape = tuple(_number(opened, "<Q") for _ in range(dimensions))
    _number(opened, "<I")  # the type
    _number(opened, "<Q")  # the offset
    return name, shape


def _value(opened: BinaryIO, kind: int) -> Field | None:
    """The value; of a list, which is passed over, None."""
    if kind == _STRING:
        return _text(opened)
    if kind != _ARRAY:
        value: Field = _unpacked(opened, _SCALARS[kind])
        return value
    kind, count = _number(opened, "<I"), _count(opened)
    if kind in _SCALARS:
        opened.seek(count * struct.calcsize(_SCALARS[kind]), 1)
        return None
    for _ in range(count):
        _value(opened, kind)
    return None


def _text(opened: BinaryIO) -> str:
    length = _number(opened, "<Q")
    if length > _MOST_CHARS:
        raise ValueError("length")
    return opened.read(length).decode("utf-8", "replace")


def _count(opened: BinaryIO) -> int:
    count = _number(opened, "<Q")
    if count > _MOST:
        raise ValueError("count")
    return count


def _number(opened: BinaryIO, form: str) -> int:
    return int(_unpacked(opened, form))


def _unpacked(opened: BinaryIO, form: str) -> float:
    (value,) = struct.unpack(form, opened.read(struct.calcsize(form)))
    return value  # type: ignore[no-any-return]
