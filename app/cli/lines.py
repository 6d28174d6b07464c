"""Text of the docs as lines for a terminal: prose wraps, lines of code stay whole, so that they can be copied."""

import re
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from footnote.app.core.console import plain
from footnote.app.core.text.offsets import LINE_END

_FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_INDENTED = ("    ", "\t")


def on_one_line(name: str) -> str:
    """The name of a file, which may have a line end, and would then say what it likes on a line of its own."""
    return LINE_END.sub(r"\\n", name)


def whole(text: str, style: str | Style = "", indent: int = 0) -> Text:
    """One line that is never broken; a terminal that is too narrow continues it below."""
    return Text(" " * indent + plain(text), style, no_wrap=True, overflow="ignore")


def text_lines(text: str, style: str = "", indent: int = 0, in_code: bool = False) -> list[RenderableType]:
    """The text line by line; `in_code` says that it begins within a block of code."""
    return [_line(line, style, indent, is_code) for line, is_code in _with_code(text, in_code)]


def ends_in_code(text: str) -> bool:
    """Whether a fence of the text is still open at its end."""
    fence = ""
    for line in text.split("\n"):
        fence = _fence_after(line, fence)
    return bool(fence)


def _with_code(text: str, in_code: bool) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is one of code; the lines of fences count."""
    fence = "`~" if in_code else ""  # of which kind it is, nobody knows
    for line in text.split("\n"):
        after = _fence_after(line, fence)
        yield line, bool(fence or after) or line.startswith(_INDENTED)
        fence = after


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after the line, "" for none; `fence` is the one before it."""
    found = _FENCE.match(line)
    if not found:
        return fence
    mark, info = found["mark"], found["info"].strip()
    if fence:
        return "" if not info and (mark.startswith(fence) or fence == "`~") else fence
    return "" if mark[0] in info else mark  # ```code``` on one line is no fence


def _line(line: str, style: str, indent: int, is_code: bool) -> RenderableType:
    if is_code:
        return whole(line, style, indent)
    text = Text(plain(line), style)
    return Padding(text, (0, 0, 0, indent), expand=False) if indent and line else text
