"""The header of a GGUF file: what it says of itself, the shapes of its tensors, and whether all of them are there.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from footnote.app.core.errors import SettingsError

ARCHITECTURE = "general.architecture"
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_ALIGNMENT, _USUAL_ALIGNMENT = "general.alignment", 32
# Of a type of tensors, how many numbers a block holds and how many bytes it takes. Source: `GGML_QUANT_SIZES` of the
# package gguf. Of a type that is newer no length is known, only where its data begins.
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40)},
    **{10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66)},
    **{17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136)},
    **{24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54)},
    **{35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18)},
}
# More than any file has, so that a broken count is no endless loop.
_MOST, _MOST_CHARS, _MOST_DIMENSIONS = 1_000_000, 10_000_000, 4

Field = str | int | float | bool


@dataclass(frozen=True, slots=True)
class GGUFHeader:
    """The fields but for lists, and the shape of each tensor: the length of a row first, as GGUF has it."""

    fields: Mapping[str, Field]
    tensors: Mapping[str, tuple[int, ...]]


def read_gguf(file: Path) -> GGUFHeader:
    """The header of the file; one that did not change meanwhile is read once.

    Raises:
        SettingsError: it cannot be read, is not GGUF, or ends before its last tensor does.
    """
    try:
        found = file.stat()
        header, needed = _read(file.absolute(), found.st_mtime_ns, found.st_size)
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}): name a .gguf file") from error
    except (struct.error, ValueError, KeyError, RecursionError) as error:
        raise SettingsError(f"{file} is not a GGUF file, or is damaged") from error
    if found.st_size < needed:
        there = f"{found.st_size:,} of {needed:,} bytes are there"
        raise SettingsError(f"{file} is cut off: {there}; copy or fetch it again")
    return header


@lru_cache(maxsize=8)
def _read(file: Path, modified_ns: int, size: int) -> tuple[GGUFHeader, int]:
    """The header of a file that has these, and how many bytes it must have; some lists in it are long."""
    with file.open("rb") as opened:
        return _header(opened)


def _header(opened: BinaryIO) -> tuple[GGUFHeader, int]:
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
    shapes: dict[str, tuple[int, ...]] = {}
    last = 0
    for _ in range(tensors):
        name, shape, end = _tensor(opened)
        shapes[name], last = shape, max(last, end)
    alignment = read.get(_ALIGNMENT, _USUAL_ALIGNMENT)
    if not isinstance(alignment, int) or alignment < 1:
        raise ValueError("alignment")
    begin = -(-opened.tell() // alignment) * alignment
    return GGUFHeader(read, shapes), begin + last if shapes else opened.tell()


def _tensor(opened: BinaryIO) -> tuple[str, tuple[int, ...], int]:
    """Its name, its shape, and where its data ends, from where the data of all begins."""
    name = _text(opened)
    dimensions = _number(opened, "<I")
    if dimensions > _MOST_DIMENSIONS:
        raise ValueError("dimensions")
    shape = tuple(_number(opened, "<Q") for _ in range(dimensions))
    numbers, size = _BLOCKS.get(_number(opened, "<I"), (1, 0))
    return name, shape, _number(opened, "<Q") + math.prod(shape) // numbers * size


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
