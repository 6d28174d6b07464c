"""hugo: shortcodes that show files: Docsy's `readfile`, Kubernetes' `code_sample`, and those that are called alike.

They run wherever they stand, in fences too; `{{</* readfile */>}}` is only shown, and is none here.
"""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.types import IncludeForm

# Source: layouts/shortcodes/readfile.html of google/docsy, code_sample.html of kubernetes/website.
_KINDS: dict[str, IncludeForm] = {
    "readfile": "hugo",
    "include": "hugo",
    "include-file": "hugo",
    "codefile": "hugo",
    "codeblock": "hugo",
    "code-snippet": "hugo sample",
    "code_sample": "hugo sample",
    "codenew": "hugo sample",
    "code": "hugo sample",
}
_SHORTCODE = re.compile(
    rf"\{{\{{[<%][ \t]*(?P<name>{'|'.join(sorted(_KINDS, key=len, reverse=True))})[ \t]+"
    r"(?P<said>[^\r\n{}]{1,1000}?)[ \t]*/?[>%]\}\}"
)
_ARGUMENT = re.compile(
    r"(?:(?P<name>[\w-]+)[ \t]*=[ \t]*)?(?:\"(?P<double>[^\"]*)\"|`(?P<raw>[^`]*)`|(?P<bare>[^\s\"`=]+))"
)
_FILE, _LANGUAGE = ("file", "src", "source", "path", ""), ("language", "lang")


def shortcodes(text: str) -> Iterator[Directive]:
    """What they show."""
    for one in _SHORTCODE.finditer(text):
        given: dict[str, str] = {}
        for argument in _ARGUMENT.finditer(one["said"]):
            value = argument["double"] or argument["raw"] or argument["bare"] or ""
            given.setdefault(argument["name"] or "", value)
        file = next((given[name] for name in _FILE if given.get(name)), "")
        if not file:
            continue
        spans = ",".join(_span(part) for part in given.get("lines", "").split(",") if part.strip())
        language = next((given[name] for name in _LANGUAGE if given.get(name)), "")
        selection = (("lines", spans),) if spans else ()
        yield Directive(one.start(), one.end(), _KINDS[one["name"]], file, selection, language)


def _span(part: str) -> str:
    part = part.strip()
    return part.replace("-", ":", 1) if "-" in part else f"{part}:{part}"
