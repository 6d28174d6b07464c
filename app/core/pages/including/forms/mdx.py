"""mdx: files that a page of MDX imports as text: `!!raw-loader!./file` of webpack, `./file?raw` of Vite."""

import re
from collections.abc import Iterator
from itertools import islice

from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.pages.including.fences import code_fences, is_within

_IMPORT = re.compile(
    r"^import[ \t]+(?:\*[ \t]+as[ \t]+)?(?P<name>[A-Za-z_$][\w$]*)[ \t]+from[ \t]+(?P<quote>[\"'])"
    r"(?:(?:!!|-!|!)?raw-loader!(?P<loaded>[^\"'\r\n]+)|(?P<raw>[^\"'\r\n?]+)\?raw)(?P=quote)",
    re.M,
)
_LANGUAGE = re.compile(r"\blang(?:uage)?=(?:\{?[\"'`])(?P<language>[\w+#-]+)")
_MOST_TAG_CHARS = 1_000
_MOST_IMPORTS = 200  # for each of them the page is looked through


def raw_imports(text: str) -> Iterator[Directive]:
    """What is imported so, where it is shown: at the tag around the first `{Name}`, else at the import."""
    fences = code_fences(text)
    for one in islice(_IMPORT.finditer(text), _MOST_IMPORTS):
        if is_within(one.start(), fences):
            continue
        shown = re.compile(rf"\{{[^{{}}\n]*\b{re.escape(one['name'])}\b[^{{}}\n]*\}}")
        place = next((used for used in shown.finditer(text, one.end()) if not is_within(used.start(), fences)), None)
        at = one.start()
        language = None
        if place:
            tag = text.rfind("<", max(0, place.start() - _MOST_TAG_CHARS), place.start())
            at = tag if tag >= 0 else place.start()
            language = _LANGUAGE.search(text, at, place.end() + _MOST_TAG_CHARS)
            end = text.find(">", place.end())
            language = language if language and language.start() < max(place.end(), end) else None
        target = one["loaded"] or one["raw"]
        yield Directive(at, at, "mdx", target.strip(), (), language["language"] if language else "")
