"""open_webui: what Open WebUI alone sends and gets, by what its version 0.12.4 does. Pure functions.

questions with pages and files of its own -> the question, and how many pages it shows before ours
citations -> its events
"""

import re
from collections.abc import Mapping

from footnote.app.answering.defang import without_markup
from footnote.app.schemas.answers import CitationOut
from footnote.app.schemas.chat import NamedSourceOut, SourceEventOut, SourceMetadataOut, SourceOut

_HEADERS = "x-openwebui-"
# It sends headers of its own only where that is set up, and else those of the library that it asks with.
_ITS_LIBRARY = re.compile(r"Python/\S+ aiohttp/")
TASK = "### Task:"
_PAGES_END = "</context>"
_PAGE = re.compile(r'^<source id="(\d{1,6})"', re.M)
_FILES, _FILES_END = "<attached_files>", "</attached_files>"
_MERGE = 'You have been provided with a set of responses from various models to the latest user query: "'
_MERGE_END = '"\n\nYour task is to synthesize'


def is_open_webui(headers: Mapping[str, str]) -> bool:
    """Whether the request comes from Open WebUI, as far as it can be told."""
    has_its_own = any(name.lower().startswith(_HEADERS) for name in headers)
    return has_its_own or _ITS_LIBRARY.match(headers.get("user-agent", "")) is not None


def without_context(said: str) -> str:
    """The question without what Open WebUI puts around it: pages of its own, files, the answers of other models."""
    if said.startswith(_MERGE):
        return said.removeprefix(_MERGE).partition(_MERGE_END)[0]
    pages, question = _split(said)
    if question.lstrip().startswith(_FILES):
        question = question.partition(_FILES_END)[2].lstrip()
    return question.strip() if pages else question


def count_pages(said: str) -> int:
    """How many pages Open WebUI put before the question; it shows them as the first sources of the answer."""
    count = 0
    for page in _PAGE.finditer(_split(said)[0]):
        # A page that it found twice keeps its number, and any other number is the text of a page.
        count += int(page[1]) == count + 1
    return count


def _split(said: str) -> tuple[str, str]:
    """The instructions with pages that it found itself, or nothing, and what stands behind them."""
    before, end, question = said.rpartition(_PAGES_END)
    return (before, question) if end and before.lstrip().startswith(TASK) else ("", said)


def source_event(citation: CitationOut, title: str, url: str) -> SourceEventOut:
    """The citation as an event: Open WebUI shows the n-th source that it gets for `[n]`, with the quote."""
    lines = f"{citation.start_line}-{citation.end_line}"
    # No address: it would be shown in place of the name.
    unique = f"[{citation.number}] {citation.path}:{lines}"
    # It asks Google for the icon of what begins like an address.
    name = f"§ {title}" if title.startswith("http") else title
    metadata = SourceMetadataOut(source=unique, name=name, path=citation.path, lines=lines, sha256=citation.sha256)
    return SourceEventOut(
        type="source",
        data=SourceOut(
            source=NamedSourceOut(id=unique, name=name, url=url),
            document=[_harmless(citation.quote)],
            metadata=[metadata],
        ),
    )


def _harmless(quote: str) -> str:
    """The quote, as code where the markdown that it is shown as would become HTML, an image or a link that acts."""
    if without_markup(quote) == quote:
        return quote
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", quote)), default=0))
    return f"{fence}text\n{quote}\n{fence}"
