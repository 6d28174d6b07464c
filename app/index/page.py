"""page: a page as the index holds it, put together from its chunks."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from footnote.app.core.text.offsets import byte_offsets
from footnote.app.core.types import Chunk
from footnote.app.index.reader import Index

_MARKUP = re.compile(r"^#+\s+|[`*]")
Span = tuple[int, int]


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
        found = [match.span() for match in quote_pattern(quote).finditer(self.text)]
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


def page_of(index: Index, path: str) -> Page | None:
    """The page of this path; None where the index has none, or no text of it."""
    file = index.files.get(path)
    chunks = index.chunks.get(file.chunk_ids).values() if file else ()
    return Page.of(chunks) if chunks else None


def quote_pattern(quote: str) -> re.Pattern[str]:
    """What finds the quote, however its words are spaced and its lines broken."""
    return re.compile(r"\s+".join(map(re.escape, quote.split())))


def _plain(heading: str) -> str:
    return " ".join(_MARKUP.sub("", heading).split()).casefold()
