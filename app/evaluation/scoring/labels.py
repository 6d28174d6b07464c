"""Labels against the docs: the chunks and bytes that a label means, or why it matches nothing any more.

The docs are those of the index, put together from its chunks: what is evaluated is what was ingested.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from footnote.app.core.text.offsets import line_of, line_starts
from footnote.app.core.types import Chunk
from footnote.app.evaluation.types import Label
from footnote.app.index.page import Page, Span, page_of, quote_pattern
from footnote.app.index.reader import Index


@dataclass(frozen=True, slots=True)
class Target:
    """What a label means in the docs.

    Attributes:
        page: ids of the page's chunks.
        section: of those below the label's heading, or around its quote where it names no heading; None with neither.
        passage: of those that hold the quote or a good part of it; None without a quote.
        spans: bytes of the page that hold the quote; without one those of the section, or of the page.
    """

    path: str
    page: frozenset[str]
    section: frozenset[str] | None
    passage: frozenset[str] | None
    spans: tuple[Span, ...]


def overlaps(one: Span, other: Span) -> bool:
    """Whether the spans share at least half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and shared * 2 >= min(one[1] - one[0], other[1] - other[0])


class Labels:
    """Resolves labels against one index; pages are read once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._pages: dict[str, Page] = {}

    def resolve(self, label: Label) -> Target | str:
        """What the label means, or why it matches nothing."""
        page = self._page(label.path)
        if page is None:
            return f"there is no page {label.path}"
        sections = page.sections(label.heading) if label.heading else {}
        if label.heading and not sections:
            return f"{label.path} has no heading {' > '.join(label.heading)!r}"
        if label.quote:
            return self._with_quote(label, page, sections)
        inside = page.below(set(sections.values())) if label.heading else None
        spans = tuple(_span(chunk) for chunk in page.chunks if inside is None or chunk.id in inside)
        return Target(label.path, page.ids, inside, None, spans)

    def elsewhere(self, quotes: Iterable[str]) -> Mapping[str, str]:
        """Where quotes stand that are not where they should be, as `path:line`.

        It reads the whole index, so it is for all stale labels at once.
        """
        patterns = {quote: quote_pattern(quote) for quote in quotes if quote}
        found: dict[str, str] = {}
        if patterns:
            for chunk in self._index.chunks.all_chunks():
                for quote, pattern in patterns.items():
                    match = pattern.search(chunk.text)
                    if match:
                        place = f"{chunk.path}:{chunk.start_line + line_of(line_starts(chunk.text), match.start())}"
                        found[quote] = min(place, found.get(quote, place))  # the order of chunks is by chance
        return found

    def _page(self, path: str) -> Page | None:
        if path not in self._pages and (page := page_of(self._index, path)):
            self._pages[path] = page
        return self._pages.get(path)

    @staticmethod
    def _with_quote(label: Label, page: Page, sections: Mapping[str, tuple[str, ...]]) -> Target | str:
        spans = page.spans(label.quote)
        if not spans:
            return f"the quote is not on {label.path}"
        if label.heading:
            inside = [chunk for chunk in page.chunks if chunk.id in sections]
            spans = tuple(span for span in spans if any(overlaps(span, _span(chunk)) for chunk in inside))
            if not spans:
                return f"the quote is on {label.path}, but not below {' > '.join(label.heading)!r}"
        holding = [chunk for chunk in page.chunks if any(overlaps(span, _span(chunk)) for span in spans)]
        around = {sections.get(chunk.id, chunk.heading_path) for chunk in holding}
        return Target(label.path, page.ids, page.below(around), frozenset(chunk.id for chunk in holding), spans)


def _span(chunk: Chunk) -> Span:
    return chunk.start, chunk.end
