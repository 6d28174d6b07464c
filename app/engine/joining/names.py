"""names: what pages and chunks are called while several collections are asked together.

`install.md` of the collection `handbook` is `handbook/install.md`; a name of a collection has no slash.
"""

from collections.abc import Iterable
from dataclasses import replace

from footnote.app.core.types import Chunk, Hit


def joined_path(collection: str, path: str) -> str:
    """What the page is called among those of all."""
    return f"{collection}/{path}"


def split_path(path: str) -> tuple[str, str]:
    """The collection, and what the page is called there."""
    collection, _, own = path.partition("/")
    return collection, own


def joined_chunk(collection: str, chunk: Chunk) -> Chunk:
    """The chunk under its name among those of all: equal ones of two collections stay two."""
    return replace(chunk, id=joined_path(collection, chunk.id), path=joined_path(collection, chunk.path))


def own_chunk(chunk: Chunk) -> Chunk:
    """The chunk as its collection has it."""
    return replace(chunk, id=split_path(chunk.id)[1], path=split_path(chunk.path)[1])


def joined_hits(collection: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits of a collection under those names."""
    return [replace(hit, chunk=joined_chunk(collection, hit.chunk), collection=collection) for hit in hits]


def own_hits(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits as their collections have them; each names its own."""
    return tuple(replace(hit, chunk=own_chunk(hit.chunk)) for hit in hits)


def named_hits(hits: Iterable[Hit], collection: str) -> tuple[Hit, ...]:
    """The hits of one collection, which they name."""
    return tuple(replace(hit, collection=collection) for hit in hits)
