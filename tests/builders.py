"""Hits and citations for tests of pure functions."""

from footnote.app.answering.citations import cite
from footnote.app.core.pages.flavour import PLAIN
from footnote.app.core.pages.reading import read_page
from footnote.app.core.types import Chunk, Citation, Hit, Metadata, StageScore


def make_chunk(
    text: str = "Text.",
    path: str = "a.md",
    heading_path: tuple[str, ...] = (),
    start: int = 0,
    start_line: int = 1,
    metadata: Metadata | None = None,
) -> Chunk:
    reading = read_page(text, text.count("\n") + 1, PLAIN)
    parts, _ = reading.cut(0, len(text))
    return Chunk(
        id=f"{path}:{start}",
        path=path,
        title="A",
        heading_path=heading_path,
        start_line=start_line,
        end_line=start_line + text.count("\n"),
        start=start,
        end=start + len(text.encode()),
        text=text,
        sha256="",
        metadata=metadata or {},
        parts=parts,
        readable=reading.readable(0, len(text)),
        references=reading.references(0, len(text)),
    )


def make_hit(text: str = "Text.", logit: float | None = 1.0, rank: int = 1, **chunk: object) -> Hit:
    reranked = None if logit is None else StageScore(rank, logit)
    return Hit(make_chunk(text, **chunk), None, StageScore(rank, 0.5), StageScore(rank, 0.01), reranked)


def make_sources(count: int) -> list[Citation]:
    return [cite(number, make_chunk(f"Source {number}."), None, 1) for number in range(1, count + 1)]
