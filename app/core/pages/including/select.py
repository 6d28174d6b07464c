"""select: which lines of a file a page shows."""

import ast
import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from footnote.app.core.text.offsets import LINE_END
from footnote.app.core.types import Selection

Lines = tuple[int, int]  # from 0, the second one not meant any more
# Source: pymdownx/snippets.py.
_SNIPPET_MARKER = re.compile(
    r"(?P<escape>;*)-+8<-+[ \t]+\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[a-z][-_0-9a-z]*)[ \t]*\]", re.I
)
# Source: take_lines.rs of mdBook.
_ANCHOR = re.compile(r"ANCHOR:\s*(?P<name>[\w-]+)")
_ANCHOR_END = re.compile(r"ANCHOR_END:\s*(?P<name>[\w-]+)")
_REGION = re.compile(r"#(?P<end>end)?\s*region\b\s*(?P<name>[\w*-]*)")
_TAG = re.compile(r"\b(?P<kind>tag|end)::(?P<name>[^\s\[\]]+)\[\](?=$|[\s*-])")
_MOST_PARSED_CHARS = 300_000
_Chosen = list[int]


class NotThereError(Exception):
    """What is to be shown is not in the file; the message says what."""


def lines_of(text: str) -> list[str]:
    """The lines of a file, without their ends."""
    lines = LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]


def selected(lines: Sequence[str], selection: Selection) -> list[Lines]:
    """The runs of lines of a file that are shown, in order.

    Raises:
        NotThereError: a section, a line or a text of that name is not in it.
    """
    chosen = list(range(len(lines)))
    for rule, value in selection:
        chosen = _RULES[rule](lines, chosen, value)
    return _runs(chosen)


def _ranges(lines: Sequence[str], chosen: _Chosen, value: str) -> _Chosen:
    """Of the lines that are left, counted from 1; a negative number counts from the end."""
    total = len(chosen)
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
    return [number for place, number in enumerate(chosen) if place in wanted]


def _snippet_section(lines: Sequence[str], chosen: _Chosen, name: str) -> _Chosen:
    is_in = False
    kept: _Chosen = []
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


def _without_markers(lines: Sequence[str], chosen: _Chosen, _: str) -> _Chosen:
    return [number for number in chosen if not _is_marker(lines[number])]


def _is_marker(line: str) -> bool:
    marker = _SNIPPET_MARKER.search(line) if "8<-" in line else None
    return marker is not None and not marker["escape"]


def _anchor(lines: Sequence[str], chosen: _Chosen, name: str) -> _Chosen:
    is_in = False
    kept: _Chosen = []
    for number in chosen:
        line = lines[number]
        if not is_in:
            begins = _ANCHOR.search(line)
            is_in = begins is not None and begins["name"] == name
        elif ends := _ANCHOR_END.search(line):
            if ends["name"] == name:
                return kept
        elif not _ANCHOR.search(line):
            kept.append(number)
    if not is_in:
        raise NotThereError(f"there is no anchor {name!r}")
    return kept


def _region(lines: Sequence[str], chosen: _Chosen, name: str) -> _Chosen:
    kept: _Chosen = []
    within = 0  # regions in each other, ours the first
    for number in chosen:
        marker = _REGION.search(lines[number]) if "region" in lines[number] else None
        if marker is None:
            if within:
                kept.append(number)
        elif marker["end"]:
            if within == 1:
                return kept
            within = max(0, within - 1)
        elif within or marker["name"] == name:
            within += 1
    if not within:
        raise NotThereError(f"there is no region {name!r}")
    return kept


def _tags(lines: Sequence[str], chosen: _Chosen, value: str) -> _Chosen:
    names = value.split(",")
    wanted = {name for name in names if name[0] not in "!*"}
    unwanted = {name[1:] for name in names if name[0] == "!"}
    begun: list[str] = []
    kept: _Chosen = []
    seen: set[str] = set()
    for number in chosen:
        marker = _TAG.search(lines[number]) if "::" in lines[number] else None
        if marker is None:
            if (not wanted or not wanted.isdisjoint(begun)) and unwanted.isdisjoint(begun):
                kept.append(number)
        elif marker["kind"] == "tag":
            begun.append(marker["name"])
            seen.add(marker["name"])
        elif marker["name"] in begun:
            begun.remove(marker["name"])
    if wanted and wanted.isdisjoint(seen):
        raise NotThereError(f"there is no tag {', '.join(sorted(wanted))}")
    return kept


def _python_object(lines: Sequence[str], chosen: _Chosen, name: str) -> _Chosen:
    found = _parsed("\n".join(lines))
    for part in name.split("."):
        found = next((one for one in getattr(found, "body", ()) if _is_called(one, part)), None)
    if found is None:
        raise NotThereError(f"there is no object {name!r}")
    assert isinstance(found, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    first = min([found.lineno, *(one.lineno for one in found.decorator_list)])
    shown = range(first - 1, found.end_lineno or found.lineno)
    return [number for number in chosen if number in shown]


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.AST | None:
    """Python that was parsed, never run; None where it is none."""
    try:
        return ast.parse(text) if len(text) <= _MOST_PARSED_CHARS else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_called(one: ast.AST, name: str) -> bool:
    return isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name


def _from(lines: Sequence[str], chosen: _Chosen, text: str, below: int) -> _Chosen:
    return chosen[_place(lines, chosen, text) + below :]


def _up_to(lines: Sequence[str], chosen: _Chosen, text: str, below: int) -> _Chosen:
    return chosen[: _place(lines, chosen, text) + below]


def _place(lines: Sequence[str], chosen: _Chosen, text: str) -> int:
    for place, number in enumerate(chosen):
        if text in lines[number]:
            return place
    raise NotThereError(f"there is no line with {text!r}")


_RULES: dict[str, Callable[[Sequence[str], _Chosen, str], _Chosen]] = {
    "lines": _ranges,
    "pymdownx": _snippet_section,
    "markers": _without_markers,
    "anchor": _anchor,
    "region": _region,
    "tags": _tags,
    "pyobject": _python_object,
    "start-at": partial(_from, below=0),
    "start-after": partial(_from, below=1),
    "end-at": partial(_up_to, below=1),
    "end-before": partial(_up_to, below=0),
}


def _runs(chosen: Sequence[int]) -> list[Lines]:
    runs: list[Lines] = []
    for number in chosen:
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
