"""Between characters, bytes and lines of one text."""

import re
from bisect import bisect_right
from collections.abc import Iterable

LINE_END = re.compile(r"\r\n|\n|\r")


def line_starts(text: str) -> list[int]:
    """Character offset of each line's beginning; a line ends at LF, CRLF or CR, as in markdown."""
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def line_of(starts: list[int], offset: int) -> int:
    """The line, from 0, that holds the character at `offset`."""
    return bisect_right(starts, offset) - 1


def byte_offsets(text: str, offsets: Iterable[int]) -> dict[int, int]:
    """Each character offset with its byte offset in `text.encode()`, in one pass over the text."""
    ordered = sorted(set(offsets))
    if text.isascii():
        return dict(zip(ordered, ordered, strict=True))
    result, at_char, at_byte = {}, 0, 0
    for offset in ordered:
        at_byte += len(text[at_char:offset].encode())
        at_char = offset
        result[offset] = at_byte
    return result
