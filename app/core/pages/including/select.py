"""select: which lines of a file a page shows."""

import re
from collections.abc import Callable, Sequence

from footnote.app.core.text.offsets import LINE_END
from footnote.app.core.types import Selection

Lines = tuple[int, int]  # from 0, the second one not meant any more
# Source: pymdownx/snippets.py.
_SNIPPET_MARKER = re.compile(
    r"(?P<escape>;*)-+8<-+[ \t]+\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[a-z][-_0-9a-z]*)[ \t]*\]", re.I
)


class NotThereError(Exception):
    """What is to be shown is not in the file; the message says what."""


def selected(text: str, selection: Selection) -> list[Lines]:
    """The runs of lines of a file that are shown, in order.

    Raises:
        NotThereError: a section, a line or a text of that name is not in it.
    """
    lines = LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    shown = range(len(lines))
    chosen: list[int] = list(shown)
    for rule, value in selection:
        chosen = _RULES[rule](lines, chosen, value)
    return _runs(chosen)


def _ranges(lines: Sequence[str], chosen: list[int], value: str) -> list[int]:
    total = len(lines)
    wanted: set[int] = set()
    for part in value.split(","):
        first, _, last = part.partition(":")
        try:
            start = int(first) if first.strip() else 1
            end = int(last) if last.strip() else total
        except ValueError as error:
            raise NotThereError(f"{value!r} names no lines") from error
        start = max(1, total + 1 + start if start < 0 else start)
        end = min(total, total + 1 + end if end < 0 else end)
        wanted.update(range(start - 1, end))
    if not wanted:
        raise NotThereError(f"there are no lines {value} in its {total}")
    return [number for number in chosen if number in wanted]


def _snippet_section(lines: Sequence[str], chosen: list[int], name: str) -> list[int]:
    is_in = False
    kept: list[int] = []
    for number in chosen:
        marker = _SNIPPET_MARKER.search(lines[number])
        if marker and not marker["escape"]:
            if marker["name"] == name:
                if marker["type"].lower() == "end":
                    if is_in:
                        return kept
                    break
                is_in = True
        elif is_in:
            kept.append(number)
    if not is_in:
        raise NotThereError(f"there is no section {name!r}")
    return kept


def _without_markers(lines: Sequence[str], chosen: list[int], _: str) -> list[int]:
    return [number for number in chosen if not _is_marker(lines[number])]


def _is_marker(line: str) -> bool:
    marker = _SNIPPET_MARKER.search(line) if "8<-" in line else None
    return marker is not None and not marker["escape"]


_RULES: dict[str, Callable[[Sequence[str], list[int], str], list[int]]] = {
    "lines": _ranges,
    "pymdownx": _snippet_section,
    "markers": _without_markers,
}


def _runs(chosen: Sequence[int]) -> list[Lines]:
    runs: list[Lines] = []
    for number in chosen:
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
