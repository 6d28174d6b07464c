"""stretches: what the hits hold of one section, in one piece."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts
from footnote.app.core.types import Chunk, Hit, Part, Passage


@dataclass(frozen=True, slots=True)
class Stretch:
    """A contiguous piece of a section, of one chunk or of several that overlap.

    Attributes:
        chunk: the first of them: where the text begins, and what it is about.
        parts: what of the text can be quoted, in order and without overlap, by characters of `text`.
        references: the addresses of links that are defined elsewhere on the page, as of a chunk.
        rank: of the best placed hit among them, from 0.
        logit: the best one of the hits, 0 where none was reranked.
    """

    chunk: Chunk
    text: str
    parts: tuple[Part, ...]
    rank: int
    logit: float
    references: Mapping[str, str]

    @property
    def end(self) -> int:
        """The byte after the last."""
        return self.chunk.start + len(self.text.encode())

    @property
    def begins_section(self) -> bool:
        """Whether nothing of the section stands above the first part but its heading."""
        above = self.text[: self.parts[0].start].strip() if self.parts else ""
        return not self.chunk.heading_path or above.startswith(("#", "<h")) or above.endswith(("===", "---"))

    def passage(self, first: int, last: int) -> Passage:
        """The parts from place to place as one passage; a row has its table's header, code its language."""
        head, tail = self.parts[first], self.parts[last]
        starts = line_starts(self.text)
        to_byte = byte_offsets(self.text, [head.start, tail.end])
        alone = head is tail
        return Passage(
            text=self.text[head.start : tail.end],
            start=self.chunk.start + to_byte[head.start],
            end=self.chunk.start + to_byte[tail.end],
            start_line=self.chunk.start_line + line_of(starts, head.start),
            end_line=self.chunk.start_line + line_of(starts, tail.end - 1),
            label=head.label,
            table_header=head.table_header if head.kind == "row" else "",
            fence=head.fence if alone and head.is_cut else None,
        )


def stretches(hits: Sequence[Hit]) -> list[Stretch]:
    """The hits as stretches, in the order of the best hit of each."""
    found: list[Stretch] = []
    apart = [replace(hit, chunk=chunk) for hit in hits for chunk in hit.chunk.apart()]
    ranked = sorted(enumerate(apart), key=lambda one: (one[1].chunk.path, one[1].chunk.start, -one[1].chunk.end))
    for rank, hit in ranked:
        chunk, logit = hit.chunk, hit.reranked.score if hit.reranked else 0.0
        above = found[-1] if found else None
        if above and _goes_on(above, chunk):
            found[-1] = _joined(above, chunk, rank, logit)
        else:
            found.append(Stretch(chunk, chunk.text, chunk.parts, rank, logit, chunk.references))
    return sorted(found, key=lambda one: one.rank)


def _goes_on(above: Stretch, chunk: Chunk) -> bool:
    same = (above.chunk.path, above.chunk.heading_path) == (chunk.path, chunk.heading_path)
    return same and chunk.start < above.end


def _joined(above: Stretch, chunk: Chunk, rank: int, logit: float) -> Stretch:
    known = above.text.encode()
    at = len(known[: chunk.start - above.chunk.start].decode())
    text = above.text + chunk.text.encode()[max(0, above.end - chunk.start) :].decode()
    moved = (replace(part, start=part.start + at, end=part.end + at) for part in chunk.parts)
    parts = tuple(_united([*above.parts, *moved]))
    references = {**above.references, **chunk.references}
    return Stretch(above.chunk, text, parts, min(above.rank, rank), max(above.logit, logit), references)


def _united(parts: Iterable[Part]) -> list[Part]:
    """The parts in order, those that overlap as one: two chunks hold the same part, or each a piece of it."""
    found: list[Part] = []
    for part in sorted(parts, key=lambda one: (one.start, -one.end)):
        above = found[-1] if found else None
        if above is None or part.start >= above.end:
            found.append(part)
        elif (part.start, part.end) != (above.start, above.end) and part.end > above.end:
            whole = part if part.start <= above.start else above
            found[-1] = replace(whole, end=part.end, is_cut=part.is_cut or above.is_cut)
        elif above.is_cut and not part.is_cut and (part.start, part.end) == (above.start, above.end):
            found[-1] = part
    return found
