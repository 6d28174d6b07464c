"""reporting: what an answer says of how it was found. Pure functions."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add

from footnote.app.answering.links import Linking
from footnote.app.core.events import Stage
from footnote.app.core.types import Hit, Searched, Section, Timings, TokenUse
from footnote.app.engine.writing import Written
from footnote.app.retrieval.retrieve import Retrieval

MAX_NEAREST = 4  # sections that a refusal names


def nearest(candidates: Sequence[Hit], links: Linking, generation: int) -> tuple[Section, ...]:
    """The sections of the best candidates, each once."""
    sections: dict[tuple[str, tuple[str, ...]], Section] = {}
    for chunk in (hit.chunk for hit in candidates):
        url = links.url(chunk, generation)
        section = Section(chunk.path, chunk.title, chunk.heading_path, chunk.start_line, chunk.end_line, url)
        sections.setdefault((chunk.path, chunk.heading_path), section)
    return tuple(sections.values())[:MAX_NEAREST]


def searched(retrieval: Retrieval, total_files: int) -> Searched:
    """What was searched, of so many files."""
    files = total_files if retrieval.files is None else retrieval.files
    return Searched(files, total_files, len(retrieval.candidates), retrieval.rewritten.texts)


def stages(retrieval: Retrieval) -> Iterator[Stage]:
    """The stages of a retrieval, all of which are done; none where a filter let no file through."""
    if retrieval.files == 0:
        return
    kept = len(retrieval.candidates)
    yield Stage("embed", retrieval.embed_ms, 1)
    yield Stage("lexical", retrieval.lexical_ms, len(retrieval.lexical))
    yield Stage("vector", retrieval.vector_ms, len(retrieval.vector))
    yield Stage("fuse", retrieval.fuse_ms, kept)
    yield Stage("rerank", retrieval.rerank_ms, kept)


def timings(retrieval: Retrieval, written: Written, total_ms: float) -> Timings:
    """By stage, in milliseconds."""
    return Timings(
        embed=retrieval.embed_ms,
        lexical=retrieval.lexical_ms,
        vector=retrieval.vector_ms,
        fuse=retrieval.fuse_ms,
        rerank=retrieval.rerank_ms,
        answer=written.answer_ms,
        check=written.check_ms,
        total=total_ms,
        rewrite=retrieval.rewritten.ms,
    )


def tokens_of_all(*uses: TokenUse | None) -> TokenUse | None:
    """What the requests to language models took together; None where none says."""
    said = [use for use in uses if use]
    return reduce(add, said) if said else None
