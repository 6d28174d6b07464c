"""mkdocs: what extensions of Python-Markdown include: snippets, variants, and `{!file!}`.

All three look at lines before anything else is read, so that a fence or a comment around them changes nothing.
"""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.types import Selection

# Source: pymdownx/snippets.py of pymdown-extensions 10.
_SNIPPET = re.compile(
    r"^[ \t]*(?P<escape>;*)(?:-+8<-+[ \t]+(?P<inline>\"(?:\\\"|[^\"\n\r])+?\"|'(?:\\'|[^'\n\r])+?')"
    r"|(?P<block>-+8<-+))\r?$",
    re.M,
)
_FILE = re.compile(
    r"(?P<path>.*?)(?:(?P<lines>(?::-?[0-9]*){1,2}(?:,(?=[-0-9:])-?[0-9]*(?::-?[0-9]*)?)*)"
    r"|:(?P<section>[a-z][-_0-9a-z]*))?$",
    re.I,
)
_LINE = re.compile(r"^[ \t]*(?P<said>[^\r\n]*?)[ \t]*\r?$", re.M)
# Source: markdown_include_variants/_main.py.
_VARIANTS = re.compile(r"^\{\*[ \t]*(?P<path>\S+)[ \t]*(?P<rules>[^\r\n]*)\*\}\r?$", re.M)
_SHOWN_LINES = re.compile(r"\bln\[(?P<lines>[^\]\r\n]+)\]")
# Source: markdown_include/include.py, mdx_include/mdx_include.py.
_INCLUDED = re.compile(
    r"(?<!\\)\{!(?P<sign>[>\-+ \t]*)(?P<path>[^!\r\n\[\]]{1,500}?)[ \t]*(?:\[ln:(?P<lines>[^\]\r\n]*)\])?[ \t]*!\}"
)


def snippets(text: str) -> Iterator[Directive]:
    """`--8<-- "file"`, and the lines between two `--8<--`."""
    at = 0
    while sign := _SNIPPET.search(text, at):
        at = max(sign.end(), at + 1)
        if sign["escape"]:
            continue
        if sign["inline"]:
            yield from _snippet(sign["inline"][1:-1], sign.start(), sign.end())
            continue
        closing = next((one for one in _SNIPPET.finditer(text, at) if one["block"] and not one["escape"]), None)
        below = closing.start() if closing else len(text)
        for line in _LINE.finditer(text, at, below):
            if not _SNIPPET.match(text, line.start(), line.end()):
                yield from _snippet(line["said"], line.start(), line.end())
        at = closing.end() if closing else len(text)


def variants(text: str) -> Iterator[Directive]:
    """`{* file ln[1:5] hl[2] *}`."""
    for one in _VARIANTS.finditer(text):
        shown = _SHOWN_LINES.search(one["rules"])
        lines = [part.strip() for part in shown["lines"].split(",")] if shown else []
        spans = ",".join(part if ":" in part else f"{part}:{part}" for part in lines)
        yield Directive(one.start(), one.end(), "variants", one["path"], (("lines", spans),) if spans else ())


def included(text: str) -> Iterator[Directive]:
    """`{!file!}`, of markdown-include and mdx_include."""
    for one in _INCLUDED.finditer(text):
        lines = (one["lines"] or "").strip().replace("-", ":").replace(" ", ",")
        spans = ",".join(part if ":" in part else f"{part}:{part}" for part in lines.split(",") if part)
        yield Directive(one.start(), one.end(), "variants", one["path"], (("lines", spans),) if spans else ())


def _snippet(said: str, start: int, end: int) -> Iterator[Directive]:
    said = said.strip()
    if not said or said.startswith(";"):
        return
    is_url = said.lower().startswith(("https://", "http://"))
    named = None if is_url else _FILE.match(said)
    if named is None:
        yield Directive(start, end, "pymdownx", said)
        return
    selection: Selection = (("markers", "pymdownx"),)
    if named["lines"]:
        spans = [part if ":" in part else f"{part}:" for part in named["lines"][1:].split(",")]
        selection = (("lines", ",".join(spans)), *selection)
    elif named["section"]:
        selection = (("pymdownx", named["section"]),)
    if named["path"].strip():
        yield Directive(start, end, "pymdownx", named["path"].strip(), selection)
