"""documents: passages as LangChain has them. Pure functions."""

from langchain_core.documents import Document

from footnote.app.reading.addresses import view_address
from footnote.app.reading.lines import Cited
from footnote.app.schemas.search import HitOut, SearchOut

_STAGES = {"lexical", "vector", "fused", "reranked"}


def documents(found: SearchOut, base_url: str | None) -> list[Document]:
    """The passages, best first; `metadata` is JSON."""
    generations = {one.name: one.generation for one in found.collections}
    return [_document(hit, generations.get(hit.collection or "", found.generation), base_url) for hit in found.hits]


def _document(hit: HitOut, generation: int, base_url: str | None) -> Document:
    chunk = hit.chunk
    metadata = chunk.model_dump(mode="json", exclude={"id", "text", "metadata"})
    metadata |= {"source": chunk.path, "generation": generation, "front_matter": chunk.metadata}
    metadata |= hit.model_dump(mode="json", include=_STAGES)
    if hit.collection:
        metadata["collection"] = hit.collection
    if base_url:
        cited = Cited(chunk.start_line, chunk.end_line)
        metadata["url"] = base_url.rstrip("/") + view_address(chunk.path, generation, cited, collection=hit.collection)
    return Document(chunk.text, id=chunk.id, metadata=metadata)
