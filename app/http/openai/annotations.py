"""annotations: where the `[n]` of an answer stand in its text, and where each of them leads."""

import re
from collections.abc import Callable

from footnote.app.core.text.prose import rewrite_prose
from footnote.app.reading.addresses import view_address
from footnote.app.reading.lines import Cited
from footnote.app.schemas.answers import CitationOut
from footnote.app.schemas.chat import AnnotationOut, UrlCitationOut

_MARKER = re.compile(r"(?<!\\)\[(\d{1,4})\]")
Address = Callable[[CitationOut], str]


def address_at(base_url: str) -> Address:
    """Where a reader finds a citation: at its own address, or else on the service's view of the page.

    Args:
        base_url: the address of the service, as the client knows it.
    """

    def address(citation: CitationOut) -> str:
        cited = Cited(citation.start_line, citation.end_line)
        return citation.url or base_url.rstrip("/") + view_address(citation.path, citation.generation, cited)

    return address


def title_of(citation: CitationOut) -> str:
    """The headings above the quote, or what else names its page."""
    return " > ".join(citation.heading_path) or citation.title or citation.path


class Annotator:
    """Finds the markers of a text that comes in parts."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._citations: dict[str, CitationOut] = {}
        self._chars = 0

    def add(self, citation: CitationOut) -> None:
        """Tell of a citation, before the first part that has its marker."""
        self._citations[str(citation.number)] = citation

    def annotated(self, part: str) -> list[AnnotationOut]:
        """The markers outside code in the next part of the text, in order."""
        found: list[AnnotationOut] = []

        def note(match: re.Match[str]) -> str:
            citation = self._citations.get(match[1])
            if citation:
                start, end = (self._chars + offset for offset in match.span())
                cited = UrlCitationOut(
                    url=self._address(citation), title=title_of(citation), start_index=start, end_index=end
                )
                found.append(AnnotationOut(type="url_citation", url_citation=cited))
            return match.group()

        rewrite_prose(part, _MARKER, note)
        self._chars += len(part)
        return found
