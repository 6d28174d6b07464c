"""Labels against the docs: the chunks and bytes that a label means, or why it matches nothing any more.

The docs are those of the index, put together from its chunks: what is evaluated is what was ingested.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts
from footnote.app.core.types import Chunk
from footnote.app.evaluation.types import Label
from footnote.app.index.reader import Index

_MARKUP = re.compile(r"^#+\s+|[`*]")
Span = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the index holds it; `text` has spaces where no chunk is, such as between two of them.

    A chunk of several sections is there as one for each, all with its id.
    """

    chunks: tuple[Chunk, ...]
    text: str = field(repr=False)

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> "Page":
        apart = (section for chunk in chunks for section in chunk.apart())
        ordered = tuple(sorted(apart, key=lambda chunk: chunk.start))
        raw = bytearray(b" " * max((chunk.end for chunk in ordered), default=0))
        for chunk in ordered:
            raw[chunk.start : chunk.end] = chunk.text.encode()
        return cls(ordered, raw.decode())

    @property
    def ids(self) -> frozenset[str]:
        """Of its chunks."""
        return frozenset(chunk.id for chunk in self.chunks)

    def spans(self, quote: str) -> tuple[Span, ...]:
        """The bytes at which the quote stands, however its words are spaced and its lines broken."""
        found = [match.span() for match in _pattern(quote).finditer(self.text)]
        to_byte = byte_offsets(self.text, [offset for span in found for offset in span])
        return tuple((to_byte[start], to_byte[end]) for start, end in found)

    def sections(self, heading: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the chunks below a heading, each with the headings of the section that it names.

        Of a heading within one of the same name the inner one counts. For the page's title it is the whole page,
        even where it is no heading.
        """
        wanted = [_plain(name) for name in heading]
        found = {}
        for chunk in self.chunks:
            path = [_plain(name) for name in chunk.heading_path]
            for end in range(len(path), len(wanted) - 1, -1):
                if path[end - len(wanted) : end] == wanted:
                    found[chunk.id] = chunk.heading_path[:end]
                    break
        if not found and wanted == [_plain(self.chunks[0].title)]:
            return {chunk.id: () for chunk in self.chunks}
        return found

    def below(self, sections: Collection[tuple[str, ...]]) -> frozenset[str]:
        """The ids of the chunks in these sections and their subsections."""
        return frozenset(
            chunk.id for chunk in self.chunks if any(chunk.heading_path[: len(path)] == path for path in sections)
        )


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
        patterns = {quote: _pattern(quote) for quote in quotes if quote}
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
        if path not in self._pages and path in self._index.files:
            chunks = self._index.chunks.get(self._index.files[path].chunk_ids).values()
            if chunks:
                self._pages[path] = Page.of(chunks)
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


def _pattern(quote: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, quote.split())))


def _plain(heading: str) -> str:
    return " ".join(_MARKUP.sub("", heading).split()).casefold()
