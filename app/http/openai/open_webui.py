"""open_webui: what Open WebUI alone sends and gets, by what its version 0.12.4 does. Pure functions.

questions with pages that it found itself -> the question
citations -> its events
"""

import re
from collections.abc import Mapping

from footnote.app.schemas.answers import CitationOut
from footnote.app.schemas.chat import NamedSourceOut, SourceEventOut, SourceMetadataOut, SourceOut

_HEADERS = "x-openwebui-"
# It sends headers of its own only where that is set up, and else those of the library that it asks with.
_ITS_LIBRARY = re.compile(r"Python/\S+ aiohttp/")
TASK = "### Task:"
_PAGES_END = "</context>"


def is_open_webui(headers: Mapping[str, str]) -> bool:
    """Whether the request comes from Open WebUI, as far as it can be told."""
    has_its_own = any(name.lower().startswith(_HEADERS) for name in headers)
    return has_its_own or _ITS_LIBRARY.match(headers.get("user-agent", "")) is not None


def without_context(said: str) -> str:
    """The question without the instructions and pages that Open WebUI puts before it where it has pages of its own."""
    before, end, question = said.rpartition(_PAGES_END)
    return question.strip() if end and before.lstrip().startswith(TASK) else said


def source_event(citation: CitationOut, title: str, url: str) -> SourceEventOut:
    """The citation as an event: Open WebUI shows the n-th source that it gets for `[n]`, with the quote."""
    lines = f"{citation.start_line}-{citation.end_line}"
    # No address: it would be shown in place of the name.
    unique = f"[{citation.number}] {citation.path}:{lines}"
    return SourceEventOut(
        type="source",
        data=SourceOut(
            source=NamedSourceOut(id=unique, name=title, url=url),
            document=[citation.quote],
            metadata=[
                SourceMetadataOut(source=unique, name=title, path=citation.path, lines=lines, sha256=citation.sha256)
            ],
        ),
    )
