"""stretches: what the hits hold of one section, in one piece."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from footnote.app.answering.quoting.long_code import in_pieces
from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts
from footnote.app.core.types import Chunk, Hit, Part, Passage


@dataclass(frozen=True, slots=True)
class Found:
    """A hit in a stretch, by characters of its text; its logit is 0 where it was not reranked."""

    start: int
    end: int
    rank: int
    logit: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A contiguous piece of a section, of one chunk or of several that overlap.

    Attributes:
        chunk: the first of them: where the text begins, and what it is about.
        parts: what of the text can be quoted, in order and without overlap, by characters of `text`.
        hits: what of it was found; around that is what adjoins it on the page.
        references: the addresses of links that are defined elsewhere on the page, as of a chunk.
        is_closed: nothing of the section is known to stand below it.
    """

    chunk: Chunk
    text: str
    parts: tuple[Part, ...]
    hits: tuple[Found, ...]
    references: Mapping[str, str]
    is_closed: bool = False

    @property
    def rank(self) -> int:
        """Of the best placed hit, from 0."""
        return min(one.rank for one in self.hits)

    def logit(self, first: int, last: int) -> float | None:
        """The best one of the hits that hold any of the parts from place to place; None where no hit does."""
        start, end = self.parts[first].start, self.parts[last].end
        return max((one.logit for one in self.hits if start < one.end and one.start < end), default=None)

    @property
    def end(self) -> int:
        """The byte after the last."""
        return self.chunk.start + len(self.text.encode())

    @property
    def begins_section(self) -> bool:
        """Whether nothing of the section stands above the first part but its heading."""
        above = self.text[: self.parts[0].start].strip() if self.parts else ""
        return not self.chunk.heading_path or above.startswith(("#", "<h")) or above.endswith(("===", "---"))

    def passage(self, first: int, last: int, left_out: int = 0) -> Passage:
        """The parts from place to place as one passage; a row has its table's header, code its language.

        Of the first part that many characters are left out at its beginning.
        """
        head, tail = self.parts[first], self.parts[last]
        start = head.start + left_out
        starts = line_starts(self.text)
        to_byte = byte_offsets(self.text, [start, tail.end])
        one_block = head.block == tail.block
        return Passage(
            text=self.text[start : tail.end],
            start=self.chunk.start + to_byte[start],
            end=self.chunk.start + to_byte[tail.end],
            start_line=self.chunk.start_line + line_of(starts, start),
            end_line=self.chunk.start_line + line_of(starts, tail.end - 1),
            label=head.label,
            table_header=head.table_header if head.kind == "row" else "",
            fence=head.fence if one_block and head.kind == "code" and head.is_cut else None,
        )


def stretches(hits: Sequence[Hit], beside: Sequence[Chunk] | None = None) -> list[Stretch]:
    """The hits, with the chunks beside them that go on in their section, in the order of the best hit of each."""
    found: list[Stretch] = []
    sections = [(rank, replace(hit, chunk=one)) for rank, hit in enumerate(hits) for one in hit.chunk.apart()]
    pieces = [_of_hit(rank, hit, beside is not None) for rank, hit in sections]
    known = {hit.chunk.id for hit in hits}
    around = [one for chunk in beside or () if chunk.id not in known for one in chunk.apart()]
    pieces += [_of_chunk(chunk, (), False) for chunk in around]
    for piece in sorted(pieces, key=lambda one: (one.chunk.path, one.chunk.start, -one.chunk.end)):
        between = _between(found[-1], piece) if found else None
        if between is not None:
            found[-1] = _joined(found[-1], between, piece)
            continue
        if found and _in_one_section(found[-1], piece):
            found[-1] = replace(found[-1], is_closed=False)
        found.append(piece)
    ranked = sorted((one for one in found if one.hits), key=lambda one: one.rank)
    return [replace(one, parts=tuple(in_pieces(one.text, one.parts))) for one in ranked]


def _of_hit(rank: int, hit: Hit, is_closed: bool) -> Stretch:
    logit = hit.reranked.score if hit.reranked else 0.0
    found = Found(0, len(hit.chunk.text), rank, logit)
    return _of_chunk(hit.chunk, (found,), is_closed)


def _of_chunk(chunk: Chunk, hits: tuple[Found, ...], is_closed: bool) -> Stretch:
    return Stretch(chunk, chunk.text, chunk.parts, hits, chunk.references, is_closed)


def _in_one_section(above: Stretch, below: Stretch) -> bool:
    one, other = above.chunk, below.chunk
    return (one.path, one.heading_path, one.anchors) == (other.path, other.heading_path, other.anchors)


def _between(above: Stretch, below: Stretch) -> str | None:
    """What of their section is between two stretches, "" where they overlap; None where that is not known."""
    if not _in_one_section(above, below):
        return None
    one, other = above.chunk, below.chunk
    gap = other.start - above.end
    if gap < 0:
        return ""
    # As many line ends as bytes: each is a line end, and of the kind that the text has.
    both = above.text + below.text
    lines = other.start_line - one.start_line - (len(line_starts(above.text)) - 1)
    return "\n" * gap if 0 < gap == lines and "\n" in both and "\r" not in both else None


def _joined(above: Stretch, between: str, below: Stretch) -> Stretch:
    known = (above.text + between).encode()
    at = len(known[: below.chunk.start - above.chunk.start].decode())
    text = known.decode() + below.text.encode()[max(0, above.end - below.chunk.start) :].decode()
    moved = (replace(part, start=part.start + at, end=part.end + at) for part in below.parts)
    hits = (*above.hits, *(replace(one, start=one.start + at, end=one.end + at) for one in below.hits))
    references = {**above.references, **below.references}
    return Stretch(above.chunk, text, tuple(_united([*above.parts, *moved])), hits, references, below.is_closed)


def _united(parts: Iterable[Part]) -> list[Part]:
    """The parts in order, those that overlap as one: two chunks hold the same part, or each a piece of it."""
    found: list[Part] = []
    for part in sorted(parts, key=lambda one: (one.start, -one.end)):
        above = found[-1] if found else None
        if above and above.is_cut and part.is_cut and (above.kind, above.block) == ("code", part.block):
            found[-1] = replace(above, end=max(above.end, part.end))
        elif above is None or part.start >= above.end:
            found.append(part)
        elif (part.start, part.end) != (above.start, above.end) and part.end > above.end:
            whole = part if part.start <= above.start else above
            found[-1] = replace(whole, end=part.end, is_cut=part.is_cut or above.is_cut)
        elif above.is_cut and not part.is_cut and (part.start, part.end) == (above.start, above.end):
            found[-1] = part
    return found
