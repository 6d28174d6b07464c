"""asciidoc: `include::file[tag=name]` on pages in AsciiDoc, with the families of Antora."""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive

# Source: docs.asciidoctor.org, "Includes"; a backslash before it shows it.
_INCLUDE = re.compile(r"^include::(?P<path>[^\[\]\r\n]+)\[(?P<said>[^\]\r\n]*)\][ \t]*\r?$", re.M)
_ATTRIBUTE = re.compile(r"(?P<name>\w+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^,]*))")


def includes(text: str) -> Iterator[Directive]:
    """What is included."""
    for one in _INCLUDE.finditer(text):
        given = {found["name"]: found["quoted"] or found["bare"] or "" for found in _ATTRIBUTE.finditer(one["said"])}
        selection: list[tuple[str, str]] = []
        if tags := given.get("tags") or given.get("tag"):
            selection.append(("tags", ",".join(part.strip() for part in re.split("[;,]", tags) if part.strip())))
        elif lines := given.get("lines"):
            parts = [part.strip() for part in re.split("[;,]", lines) if part.strip()]
            spans = [part.replace("..", ":", 1) if ".." in part else f"{part}:{part}" for part in parts]
            selection.append(("lines", ",".join(spans)))
        yield Directive(one.start(), one.end(), "asciidoc", one["path"].strip(), tuple(selection))
