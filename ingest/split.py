"""split: a document into chunks that are exact slices of its file.

A page becomes sections, one per heading; a section becomes atoms, the blocks that should stay whole;
atoms are packed into chunks up to the limit. Where a section needs several chunks, a chunk begins with
up to `overlap_chars` of the one before, from a sentence or block boundary.
"""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import PurePosixPath
from typing import NamedTuple

from footnote.app.core.pages.emptiness import is_empty
from footnote.app.core.pages.flavour import PLAIN, Flavour, flavour_for
from footnote.app.core.pages.including.find import directives_in
from footnote.app.core.pages.reading import Hidden, read_page
from footnote.app.core.pages.source_marks import place_at, places_in
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.text.anchors import page_anchors
from footnote.app.core.text.markdown import Block, CostlyPageError
from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Anchors, Chunk, Include, SectionStart, Skip
from footnote.ingest.language import page_language
from footnote.ingest.types import Document

_NOT_SPACE = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters `[start, end)` that stay together; `glued` keeps it with the atom after it."""

    start: int
    end: int
    glued: bool = False
    boundaries: tuple[int, ...] = ()  # where an overlap may begin inside it


@dataclass(slots=True)
class _Section:
    heading_path: tuple[str, ...]
    anchors: Anchors = Anchors()
    atoms: list[_Atom] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `[start, end)` that become a chunk; its sections, each with the character where it begins."""

    start: int
    end: int
    sections: tuple[tuple[int, _Section], ...]

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The headings that its sections have in common."""
        by_level = zip(*(section.heading_path for _, section in self.sections), strict=False)
        return tuple(names[0] for names in takewhile(lambda names: len(set(names)) == 1, by_level))

    @property
    def anchors(self) -> Anchors:
        """Those of the section where its headings end, which is the first if any."""
        _, first = self.sections[0]
        return first.anchors if first.heading_path == self.heading_path else Anchors()

    @property
    def section_starts(self) -> tuple[SectionStart, ...]:
        """By characters of the piece; empty for one section."""
        if len(self.sections) == 1:
            return ()
        return tuple(SectionStart(start - self.start, one.heading_path, one.anchors) for start, one in self.sections)

    def takes_in(self, below: "_Piece", size: int, small: int, hidden: Hidden) -> bool:
        """Whether one of both is small, and there is room for both in a chunk."""
        return (
            min(self.end - self.start, below.end - below.start) < small
            and below.end - self.start <= size
            and self.sections[-1][1] is not below.sections[0][1]
            and self.end <= below.start
            and not hidden.between(self.end, below.start)
        )


def split_document(
    document: Document, size_chars: int = 1000, overlap_chars: int = 200, site: Flavour = PLAIN, small_chars: int = 0
) -> list[Chunk]:
    """The document's chunks in file order; empty for a blank document.

    Together they cover all text that a reader reads, but for the definition of a link, a line of nothing but markup of
    the site, and a heading that hidden text parts from what is below it; what is hidden is in none, and none has
    nothing to read. A chunk is at most `size_chars` long, or a quarter more where a heading is kept with the block
    below it. Sections of fewer than `small_chars` share a chunk with those beside them as far as there is room.

    Raises:
        CostlyPageError: the page has more blocks, tags or lines than can be read in reasonable time.
    """
    return _chunks(document, _page_of(document, size_chars, site), size_chars, overlap_chars, small_chars)


def _page_of(document: Document, size_chars: int, site: Flavour) -> "_Page":
    text = document.raw.decode("utf-8")
    body = len(document.raw[: document.body_start].decode("utf-8"))
    return _Page(text, body, size_chars, flavour_for(document.path, site))


def _chunks(document: Document, page: "_Page", size_chars: int, overlap_chars: int, small_chars: int) -> list[Chunk]:
    text = page.source
    title = document.title or page.title or PurePosixPath(document.path).stem
    alone = (
        _Piece(start, end, ((start, section),))
        for section in page.sections
        for start, end in _pack(section.atoms, size_chars, overlap_chars, page.hidden)
    )
    read = (piece for piece in alone if not page.is_empty(piece))
    pieces = list(_with_small_ones(read, size_chars, small_chars, page.hidden))
    to_byte = byte_offsets(text, [offset for one in pieces for offset in (one.start, one.end)])
    places = places_in(text, document.metadata)
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    chunks = []
    for one in pieces:
        start, end = one.start, one.end
        piece, heading_path = text[start:end], one.heading_path
        parts, context = page.reading.cut(start, end)
        occurrence = seen[heading_path, piece]
        seen[heading_path, piece] += 1
        chunks.append(
            Chunk(
                id=chunk_id(document.path, heading_path, piece, occurrence),
                path=document.path,
                title=title,
                heading_path=heading_path,
                start_line=line_of(page.starts, start) + 1,
                end_line=line_of(page.starts, end - 1) + 1,
                start=to_byte[start],
                end=to_byte[end],
                text=piece,
                sha256=hashlib.sha256(piece.encode()).hexdigest(),
                metadata=document.metadata,
                anchors=one.anchors,
                parts=parts,
                context=context,
                readable=page.reading.readable(start, end),
                references=page.reading.references(start, end),
                sections=one.section_starts,
                source_place=place_at(places, start),
            )
        )
    language = page_language(document.path, document.metadata, chunks)
    return [replace(chunk, language=language) for chunk in chunks]


class Split(NamedTuple):
    """A page that was cut.

    Attributes:
        skip: why there are no chunks; else None.
        includes: what the page shows of other files.
    """

    chunks: list[Chunk]
    skip: Skip | None = None
    includes: tuple[Include, ...] = ()


def split_or_skip(document: Document, rules: IngestSettings, site: Flavour) -> Split:
    """The document's chunks; none, and why, where the page would hold up the ingest."""
    try:
        page = _page_of(document, rules.chunk_size_chars, site)
        chunks = _chunks(document, page, rules.chunk_size_chars, rules.chunk_overlap_chars, rules.small_section_chars)
        return Split(chunks, None, _includes(document.path, page, site))
    except CostlyPageError as error:
        return Split([], Skip(document.path, "too costly to read", str(error), sha256=document.sha256))


def _includes(path: str, page: "_Page", site: Flavour) -> tuple[Include, ...]:
    """What the page shows of other files, each with the section that shows it."""
    return tuple(
        Include(
            form=one.form,
            target=one.target,
            selection=one.selection,
            language=one.language,
            line=line_of(page.starts, one.start) + 1,
            heading_path=section.heading_path,
            anchors=section.anchors,
            above=page.reading.sentence_above(one.start, since),
        )
        for one in directives_in(page.source, path, site)
        if one.start >= page.body and not page.hidden.between(one.start, one.end)
        for since, section in [page.section_at(one.start)]
    )


def chunk_id(path: str, heading_path: tuple[str, ...], text: str, occurrence: int) -> str:
    """The id of a chunk."""
    parts = (path, *heading_path, text, str(occurrence))
    # Lengths between the parts: ("a", "bc") and ("ab", "c") differ.
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()[:32]


class _Page:
    """One page, from `body` (a character offset) on, with its sections and their atoms."""

    def __init__(self, text: str, body: int, size_chars: int, flavour: Flavour) -> None:
        self.body = body
        self.size = size_chars
        self.source = text
        self.starts = line_starts(text)
        self.first_line = line_of(self.starts, body)
        self.title: str | None = None
        self.reading = read_page(text[body:], len(self.starts) - self.first_line, flavour, body)
        self.hidden = self.reading.hidden
        # What is hidden is white space here, and so are lines of nothing but markup.
        self.text = text[:body] + self.reading.text
        self.sections = self._sections(self.reading.blocks, page_anchors(self.reading.blocks, text[body:]))

    def is_empty(self, piece: _Piece) -> bool:
        """Whether a reader finds nothing in it."""
        start, end = piece.start, piece.end
        parts, _ = self.reading.cut(start, end)
        return is_empty(self.source[start:end], parts, self.reading.readable(start, end))

    def section_at(self, start: int) -> tuple[int, _Section]:
        """The section that a character stands in, and the character where it begins."""
        return self._begins[max(0, bisect_right(self._begins, start, key=lambda one: one[0]) - 1)]

    def _sections(self, blocks: Sequence[Block], anchors: Mapping[int, Anchors]) -> list[_Section]:
        sections = [_Section(())]
        self._begins: list[tuple[int, _Section]] = [(self.body, sections[0])]
        headings: dict[int, str] = {}
        last_level = 0
        scopes = list(reversed(self.reading.scopes))
        left: list[tuple[int, dict[int, str], int, _Section, int]] = []  # what holds again below the scopes around
        for block in blocks:
            while left and left[-1][0] <= block.first:
                _, headings, last_level, above, count = left.pop()
                if len(sections) > count:
                    sections.append(_Section(above.heading_path, above.anchors))
                    self._begins.append((self._offset(block.first), sections[-1]))
            while scopes and scopes[-1][0] <= block.first:
                _, end = scopes.pop()
                if end > block.first:
                    left.append((end, headings, last_level, sections[-1], len(sections)))
            atoms = self._atoms(block)
            if block.kind == "heading" and (atoms or not block.heading):
                if self.title is None and block.level == 1 and block.heading:
                    self.title = block.heading
                headings = {level: name for level, name in headings.items() if level < block.level}
                headings[block.level] = block.heading
                path = tuple(name for name in headings.values() if name)
                # A heading with nothing but a deeper heading below it goes with that one.
                alone = bool(sections[-1].atoms) and all(atom.glued for atom in sections[-1].atoms)
                if alone and 0 < last_level < block.level:
                    sections[-1].heading_path, sections[-1].anchors = path, anchors[block.first]
                else:
                    sections.append(_Section(path, anchors=anchors[block.first]))
                    self._begins.append((self._offset(block.first), sections[-1]))
                last_level = block.level
            sections[-1].atoms.extend(atoms)
        return [section for section in sections if section.atoms]

    def _atoms(self, block: Block) -> list[_Atom]:
        start, end = self._trimmed(self._offset(block.first), self._offset(block.end))
        if start == end:
            return []
        pieces = self.hidden.around(start, end)
        if len(pieces) > 1:
            trimmed = (self._trimmed(*piece) for piece in pieces)
            return [_Atom(*span) for first, last in trimmed for span in self._cut(first, last, by_line=True)]
        if end - start <= self.size and not block.kind.endswith("_list"):
            prose = block.kind == "paragraph"
            boundaries = tuple(start + first for first, _ in sentence_spans(self.text[start:end])) if prose else ()
            return [_Atom(start, end, block.kind == "heading", boundaries)]
        if block.children:
            return [atom for child in block.children for atom in self._atoms(child)]
        by_line = block.kind not in ("paragraph", "heading")
        return [_Atom(*span) for span in self._cut(start, end, by_line)]

    def _cut(self, start: int, end: int, by_line: bool) -> Iterator[tuple[int, int]]:
        """Pieces of at most `size` characters: by line or sentence, then by word, then anywhere."""
        for first, last in self._pieces(start, end, by_line):
            while last - first > self.size:
                window = self.text[first : first + self.size]
                words = list(re.finditer(r"\s+", window))
                cut = words[-1].start() if words and words[-1].start() > self.size // 2 else self.size
                yield first, first + cut
                # The end is trimmed already, and the rest must not be copied for each piece of it.
                filled = _NOT_SPACE.search(self.text, first + cut, last)
                first = filled.start() if filled else last
            if first < last:
                yield first, last

    def _pieces(self, start: int, end: int, by_line: bool) -> Iterator[tuple[int, int]]:
        if not by_line:
            yield from ((start + first, start + last) for first, last in sentence_spans(self.text[start:end]))
            return
        lines = [start, *self.starts[bisect_left(self.starts, start + 1) : bisect_left(self.starts, end)], end]
        for first, last in zip(lines, lines[1:], strict=False):
            first, last = self._trimmed(first, last)
            if first < last:
                yield first, last

    def _offset(self, body_line: int) -> int:
        line = self.first_line + body_line
        if body_line == 0:
            return self.body
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Without blank lines before and white space after; indentation of the first line stays."""
        piece = self.text[start:end]
        blank = len(piece) - len(piece.lstrip())
        if blank == len(piece):
            return start, start
        first = start + blank
        line = max(start, self.starts[line_of(self.starts, first)])
        first = first if self.hidden.between(line, first) else line
        return first, start + len(piece.rstrip())


def _with_small_ones(pieces: Iterable[_Piece], size: int, small: int, hidden: Hidden) -> Iterator[_Piece]:
    """The pieces in order, small sections together with those beside them."""
    above: _Piece | None = None
    for piece in pieces:
        if above and above.takes_in(piece, size, small, hidden):
            above = _Piece(above.start, piece.end, above.sections + piece.sections)
            continue
        if above:
            yield above
        above = piece
    if above:
        yield above


def _pack(atoms: Sequence[_Atom], size: int, overlap: int, hidden: Hidden) -> Iterator[tuple[int, int]]:
    """`(start, end)` of each chunk of a section; starts and ends both increase, and nothing hidden lies between."""
    boundaries = sorted({offset for atom in atoms for offset in (atom.start, *atom.boundaries)})
    index = 0
    start = atoms[0].start if atoms else 0
    while index < len(atoms):
        first, end = index, atoms[index].end
        while index + 1 < len(atoms):
            limit = size + size // 4 if atoms[index].glued else size
            if atoms[index + 1].end - start > limit or hidden.between(start, atoms[index + 1].start):
                break
            index += 1
            end = atoms[index].end
        # A heading that hidden text keeps from what is below it is in the heading path of that.
        parted = index + 1 < len(atoms) and hidden.between(end, atoms[index + 1].start)
        if not (parted and all(atom.glued for atom in atoms[first : index + 1])):
            yield start, end
        index += 1
        if index < len(atoms):
            earliest = max(end - overlap, atoms[index].end - size, start + 1)
            candidate = bisect_left(boundaries, earliest)
            # The next atom's own start is always a boundary, so there is always a candidate.
            earlier = min(boundaries[candidate], atoms[index].start) if overlap else atoms[index].start
            start = atoms[index].start if hidden.between(earlier, atoms[index].start) else earlier
