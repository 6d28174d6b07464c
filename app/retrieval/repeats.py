"""repeats: the hits to answer from, so that the same text does not take the place of another."""

from collections.abc import Sequence

from footnote.app.core.types import Chunk, Hit


def distinct(candidates: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """The best `count` candidates without those that say nothing but what a better one says, in their order."""
    found: list[tuple[str, Hit]] = []
    for hit in candidates:
        said = _said(hit.chunk)
        if len(found) < count and not any(said in other for other, _ in found):
            found.append((said, hit))
    return tuple(hit for _, hit in found)


def with_repeats(candidates: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """The same, and of the candidates between them those that repeat one: to name the other places of a quote."""
    last = distinct(candidates, count)[-1:]
    return tuple(candidates[: candidates.index(last[0]) + 1]) if last else ()


def _said(chunk: Chunk) -> str:
    """What can be quoted of it, but for white space: the same below another heading is the same."""
    parts = [chunk.text[part.start : part.end] for part in chunk.parts] or [chunk.text]
    return f" {' '.join(' '.join(parts).split())} "
