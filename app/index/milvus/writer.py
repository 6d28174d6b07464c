"""Writing a generation: a collection of its own, from the base's rows and what changed.

The weight of a term depends on how long chunks are on average, which every edit changes. So a generation is written
whole: rows are read from the base's collection page by page, get new weights, and go into the new one.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.types import Chunk
from footnote.app.index.documents import LexicalDocument, lexical_document
from footnote.app.index.milvus import collection as rows
from footnote.app.index.milvus.loading import Loading
from footnote.app.index.milvus.names import drop, new_collection
from footnote.app.index.milvus.reader import FOLDER, MilvusReader
from footnote.app.index.milvus.server import Server
from footnote.app.index.milvus.vocabulary import Vocabulary, keep_large_contents, words_sha256, write_vocabulary
from footnote.app.index.seam import BaseGeneration, Changes, Written

if TYPE_CHECKING:
    from footnote.app.index.seam import VectorsOf

_SPOOL = "documents.jsonl"


class MilvusWriter:
    """Writes a generation into a new collection, and its words into its folder."""

    def __init__(self, server: Server, folder: Path, generation: int, base: BaseGeneration | None) -> None:
        self._server, self._folder, self._generation, self._base = server, folder, generation, base

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        with ExitStack() as opened:
            base = self._open_base(opened)
            return base.chunks.get(chunk_ids) if base else {}

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        words, spool = self._folder / FOLDER, self._folder / _SPOOL
        name = new_collection(self._folder.parent, self._generation)
        with ExitStack() as opened:
            base = self._open_base(opened)
            gone = {**changes.dropped, **changes.replaced}
            removed = base.documents_of(gone) if base else iter(())
            added = _spooled(spool, map(lexical_document, changes.written))
            write_vocabulary(words, self._base.folder / FOLDER if self._base else None, removed, added)
            vocabulary = Vocabulary(words)
            opened.callback(vocabulary.close)
            loading = Loading(self._server, name, vocabulary)
            try:
                if base:
                    loading.take_over(base, gone)
                self._add(loading, changes, vectors_of, on_written, base)
                counted = loading.finish()
            except BaseException:
                drop(self._server, name, is_there=loading.is_created)
                raise
        spool.unlink()
        keep_large_contents(words, loading.large)
        return Written(loading.dimension, counted, counted, graph_sha256=words_sha256(words), collection=name)

    def _add(
        self,
        loading: Loading,
        changes: Changes,
        vectors_of: "VectorsOf",
        on_written: Callable[[int], None],
        base: MilvusReader | None,
    ) -> None:
        """What is written; a chunk that the base has with other contents may keep its vector."""
        documents = _read_spool(self._folder / _SPOOL)
        embedded = {chunk.id for chunk in changes.embedded}
        done = 0
        for first in range(0, len(changes.written), rows.PAGE):
            page = changes.written[first : first + rows.PAGE]
            new = [chunk for chunk in page if chunk.id in embedded]
            vectors = dict(zip((chunk.id for chunk in new), vectors_of(new), strict=True)) if new else {}
            if base and len(new) < len(page):
                vectors |= base.vectors_of([chunk.id for chunk in page if chunk.id not in embedded])
            several = list(islice(documents, len(page)))
            loading.put((one, vectors[one.chunk_id]) for one in several)
            done += len(new)
            if new:
                on_written(done)

    def _open_base(self, opened: ExitStack) -> MilvusReader | None:
        if not self._base:
            return None
        base = MilvusReader(self._server, self._base.folder, self._base.manifest)
        opened.callback(base.close)
        return base


def _spooled(file: Path, documents: Iterable[LexicalDocument]) -> Iterator[LexicalDocument]:
    """The documents, which are kept in a file on the way: they are needed twice, and are many."""
    with file.open("w", encoding="utf-8") as lines:
        for document in documents:
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
            yield document


def _read_spool(file: Path) -> Iterator[LexicalDocument]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield LexicalDocument(*json.loads(line))
