"""vitepress: `<<< @/file#region` and `<!--@include: ./file.md{3,8}-->`.

Source: src/node/markdown/plugins/snippet.ts and src/node/utils/processIncludes.ts of VitePress.
"""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.pages.including.fences import code_fences, is_within

_SNIPPET = re.compile(
    r"^ {0,3}<<<[ \t]*(?P<path>[^\s{}\[\]#]+)(?P<region>#[\w-]+)?[ \t]?"
    r"(?:\{[\d,\- \t]*(?P<language>[A-Za-z][\w+#-]*)?[^{}\r\n]*\})?"
    r"[ \t]?(?:\[[^\]\r\n]*\])?[ \t]*\r?$",
    re.M,
)
_INCLUDE = re.compile(
    r"<!--[ \t]*@include:[ \t]*(?P<path>[^\s{}#<>]{1,500}?)(?P<region>#[\w-]{1,100})?[ \t]*"
    r"(?:\{(?P<first>\d*)(?P<comma>,?)(?P<last>\d*)\})?[ \t]*-->"
)


def snippets(text: str) -> Iterator[Directive]:
    """`<<< file`, but not within a fence. The lines in braces are highlighted, and all are shown."""
    fences = code_fences(text) if "<<<" in text else []
    for one in _SNIPPET.finditer(text):
        if not is_within(one.start(), fences):
            selection = (("region", one["region"][1:]),) if one["region"] else ()
            yield Directive(one.start(), one.end(), "vitepress", one["path"], selection, one["language"] or "")


def includes(text: str) -> Iterator[Directive]:
    """Comments that include; these are replaced before anything is read, in fences too."""
    for one in _INCLUDE.finditer(text):
        selection = (("region", one["region"][1:]),) if one["region"] else ()
        if one["first"] or one["last"]:
            last = one["last"] if one["comma"] else one["first"]
            selection = (*selection, ("lines", f"{one['first']}:{last}"))
        # It is a comment: what stands in its place is none.
        yield Directive(one.start(), one.start(), "vitepress", one["path"], selection)
