"""fences: the line that opens a fence, of which a renderer elsewhere understands the language alone."""

import re

from footnote.app.answering.quoting.escaping import bold

_OPENING = re.compile(
    r"(?P<signs>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>[^\n]*)"
)
_TITLE = re.compile(r"""(?:title|filename|caption)=(?:"([^"\n]*)"|'([^'\n]*)')|\[([^\]\n]+)\]""")
_LANGUAGE = re.compile(
    r"(?:\{[\w-]+\}[ \t]*)?\{?[ \t]*(?:#[\w-]+[ \t]+)?\.?(?![\w-]+[ \t]*=)(?P<language>[A-Za-z][\w+#.-]*)"
)


def opening_of(line: str) -> re.Match[str] | None:
    """The `signs` before a fence that opens on the line, its `mark` and its `info`; None where none does."""
    return _OPENING.fullmatch(line)


def closes(line: str, mark: str) -> bool:
    """Whether the line ends the fence that opened with the mark."""
    bare = line.strip(" \t>")
    return len(bare) >= len(mark) and not bare.strip(mark[0])


def language(info: str) -> str:
    """The language that an opening names; "" for none."""
    found = _LANGUAGE.match(info.strip())
    return found["language"] if found else ""


def title(info: str) -> str:
    """The title that the page shows above the code, in bold; "" for none."""
    found = _TITLE.search(info)
    named = bold(next(filter(None, found.groups()), "")) if found else ""
    return named if named.strip("*") else ""
