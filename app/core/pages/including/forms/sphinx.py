"""sphinx: `literalinclude` and `include`, as directives of MyST and of reStructuredText.

Source: sphinx/directives/code.py of Sphinx 8, docutils' directive `include`.
"""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive

_NAMES = ("literalinclude", "include")
# Of these the content is code: nothing in it is a directive.
_CODE = frozenset(
    ("code", "code-block", "code-cell", "doctest", "graphviz", "ipython", "math", "mermaid", "parsed-literal", "raw")
    + ("sourcecode", "testcode", "testoutput")
)
_FENCE = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?P<mark>`{3,}(?=[^`\n]*$)|~{3,}|:{3,})[ \t]*"
    r"(?:\{(?P<name>[\w:-]+)\}[ \t]*)?(?P<said>[^\r\n]*?)[ \t]*\r?$",
    re.M,
)
_OPTION = re.compile(r"[ \t>]*:?(?P<name>[a-z][\w-]*):[ \t]*(?P<value>[^\r\n]*?)[ \t]*\r?(?:\n|\Z)")
_RST = re.compile(
    r"^(?P<indent>[ \t]*)\.\.[ \t]+(?P<name>literalinclude|include)::[ \t]*(?P<path>[^\r\n]+?)[ \t]*\r?(?:\n|\Z)"
    r"(?P<options>(?:(?P=indent)[ \t]+:[\w-]+:[^\r\n]*\r?(?:\n|\Z))*)",
    re.M,
)


def myst(text: str) -> Iterator[Directive]:
    """```` ```{literalinclude} file ```` and `:::{include} file`, and what is within `{eval-rst}`; not within code."""
    containers: list[str] = []  # the marks of those that are open
    at = 0
    while fence := _FENCE.search(text, at):
        at = max(fence.end(), at + 1)
        mark, name = fence["mark"], (fence["name"] or "").lower()
        if not name and not fence["said"] and _closes(mark, containers):
            continue
        if name in _NAMES and fence["said"]:
            below = _end(text, at, mark)
            yield _directive(fence.start(), fence.end(), name, fence["said"], _options(text, at + 1, below))
            at = below
        elif name == "eval-rst":
            below = _end(text, at, mark)
            yield from _restructured(text, at, below)
            at = below
        elif name and name not in _CODE:
            containers.append(mark)
        elif mark[0] != ":":
            at = _end(text, at, mark)


def restructured(text: str) -> Iterator[Directive]:
    """`.. literalinclude:: file` and `.. include:: file`."""
    return _restructured(text, 0, len(text))


def _restructured(text: str, start: int, end: int) -> Iterator[Directive]:
    for one in _RST.finditer(text, start, end):
        options = dict(_named(one["options"]))
        yield _directive(one.start(), one.end("path"), one["name"], one["path"], options)


def _closes(mark: str, containers: list[str]) -> bool:
    for place in range(len(containers) - 1, -1, -1):
        if containers[place][0] == mark[0] and len(mark) >= len(containers[place]):
            del containers[place:]
            return True
    return False


def _end(text: str, at: int, mark: str) -> int:
    """Where the line ends that closes a fence; the end of the text where none does."""
    closing = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\r?$", re.M).search(text, at)
    return closing.end() if closing else len(text)


def _options(text: str, at: int, end: int) -> dict[str, str]:
    """The options below a directive: lines of `:name: value`, or between two `---`."""
    block = re.compile(r"[ \t>]*---[ \t]*\r?\n(?P<lines>.*?)^[ \t>]*---[ \t]*\r?$", re.M | re.S).match(text, at, end)
    if block:
        return dict(_named(block["lines"]))
    lines = re.compile(r"(?:[ \t>]*:[\w-]+:[^\r\n]*\r?(?:\n|\Z))*").match(text, at, end)
    return dict(_named(lines.group() if lines else ""))


def _named(lines: str) -> Iterator[tuple[str, str]]:
    for option in _OPTION.finditer(lines):
        value = option["value"]
        yield option["name"], value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _directive(start: int, end: int, name: str, path: str, options: dict[str, str]) -> Directive:
    selection: list[tuple[str, str]] = []
    for option in ("pyobject", "start-at", "start-after", "end-at", "end-before"):
        if options.get(option):
            selection.append((option, options[option]))
    if options.get("lines"):
        selection.append(("lines", _spans(options["lines"])))
    if "start-line" in options or "end-line" in options:
        selection.append(("lines", _from_nought(options.get("start-line", ""), options.get("end-line", ""))))
    return Directive(start, end, "sphinx", path.strip(), tuple(selection), options.get("language", ""))


def _spans(lines: str) -> str:
    """`1,3,5-10,20-` as spans."""
    parts = [part.strip() for part in lines.split(",") if part.strip()]
    return ",".join(part.replace("-", ":", 1) if "-" in part else f"{part}:{part}" for part in parts)


def _from_nought(first: str, end: str) -> str:
    """Lines from 0 without the last one as a span; negative ones count from the end."""
    start = str(int(first) + 1) if first.strip().isdecimal() else first
    last = str(int(end) - 1) if end.strip().startswith("-") and end.strip()[1:].isdecimal() else end
    return f"{start}:{last}"
