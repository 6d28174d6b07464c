"""annotations: where the `[n]` of an answer stand in its text, and where each of them leads."""

from collections.abc import Callable

from footnote.app.answering.markers import markers
from footnote.app.reading.addresses import citation_address
from footnote.app.schemas.answers import CitationOut
from footnote.app.schemas.chat import AnnotationOut, UrlCitationOut

Address = Callable[[CitationOut], str]


def address_at(base_url: str) -> Address:
    """Where a reader finds a citation: at its own address, or else on the service's view of the page.

    Args:
        base_url: the address of the service, as the client knows it.
    """

    def address(citation: CitationOut) -> str:
        return citation_address(citation, base_url)

    return address


def title_of(citation: CitationOut) -> str:
    """The headings above the quote, or what else names its page."""
    return " > ".join(citation.heading_path) or citation.title or citation.path


def renumbered(part: str, added: int) -> str:
    """The part with a higher number in each marker outside code."""
    pieces, at = [], 0
    for marker in markers(part):
        pieces += [part[at : marker.start], f"[{marker.number + added}]"]
        at = marker.end
    return "".join([*pieces, part[at:]])


class Annotator:
    """Finds the markers of a text that comes in parts."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._citations: dict[int, CitationOut] = {}
        self._chars = 0

    def add(self, citation: CitationOut) -> None:
        """Tell of a citation, before the first part that has its marker."""
        self._citations[citation.number] = citation

    def annotated(self, part: str) -> list[AnnotationOut]:
        """The markers outside code in the next part of the text, in order."""
        found: list[AnnotationOut] = []
        for marker in markers(part):
            citation = self._citations.get(marker.number)
            if citation:
                start, end = self._chars + marker.start, self._chars + marker.end
                cited = UrlCitationOut(
                    url=self._address(citation), title=title_of(citation), start_index=start, end_index=end
                )
                found.append(AnnotationOut(type="url_citation", url_citation=cited))
        self._chars += len(part)
        return found
