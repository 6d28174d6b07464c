"""Writing the lexical index, which also keeps the chunks, so that a change rewrites little and scores stay exact.

tantivy counts deleted documents in its statistics until it merges them away, so after a deletion every BM25
score would differ from that of an index built from scratch. Here nothing is ever deleted: files fall into
buckets by the hash of their path, each bucket is a segment of its own, and a bucket whose files changed is
written anew. The segments of the others are immutable files and are shared with the generation before.

    <folder>/meta.json       tantivy's list of segments, put together from those of the buckets
    <folder>/buckets.json    the number of buckets, and the segments of each
"""

import hashlib
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.files import remove_busy_folder, share_file
from footnote.app.core.types import Chunk
from footnote.app.index.documents import LexicalDocument, lexical_document

_STORED_TEXTS = ("id", "path", "language", "body", "english")
_WRITER_BYTES = 64_000_000
# A bucket of so many chunks is written anew in 0.28 s, one of a quarter in 0.21 s; over 250,000 chunks a search of 64
# segments takes half the time of one of 256 (8 against 16 ms; measured on a busy machine).
_CHUNKS_A_BUCKET = 6_000


@dataclass(frozen=True, slots=True)
class _Layout:
    """`segments` are tantivy's own descriptions, by bucket."""

    buckets: int
    segments: dict[int, list[dict[str, Any]]]


def schema() -> tantivy.Schema:
    """The fields of a document."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("path", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("bucket", tokenizer_name="raw", index_option="basic")
    # Terms come analysed and joined by spaces, so both engines see the same ones.
    builder.add_text_field("body", stored=True, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("english", stored=True, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("language", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("chunk", stored=True, indexed=False)
    return builder.build()


def write_segments(
    folder: Path, added: Iterable[Chunk], base: Path | None = None, removed: Mapping[str, str] | None = None
) -> None:
    """Write an index of the chunks of `base` without `removed` (paths by id), and of `added`, into a new folder.

    Raises:
        IndexDamagedError: `base` cannot be read.
    """
    folder.mkdir(parents=True)
    source = _Source(base) if base else None
    removed = removed or {}
    new = [lexical_document(chunk) for chunk in added]
    buckets = _bucket_count((source.count if source else 0) - len(removed) + len(new))
    kept: dict[int, list[dict[str, Any]]] = {}
    if source and source.layout.buckets in (buckets // 2, buckets, buckets * 2):
        buckets = source.layout.buckets
        touched = {_bucket_of(path, buckets) for path in (*(document.path for document in new), *removed.values())}
        kept = {bucket: segments for bucket, segments in source.layout.segments.items() if bucket not in touched}
        old = source.documents(touched)
    else:
        old = source.documents() if source else iter(())
    groups: dict[int, list[LexicalDocument]] = defaultdict(list)
    for document in (*(document for document in old if document.chunk_id not in removed), *new):
        groups[_bucket_of(document.path, buckets)].append(document)
    segments = dict(kept)
    for bucket, documents in groups.items():
        segments[bucket] = _write_bucket(folder, bucket, documents)
    if source:
        source.share(kept, folder)
    _write_layout(folder, _Layout(buckets, segments))


class _Source:
    """The index that a new one is derived from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.layout = _read_layout(folder)
        self._schema = schema()
        self._searcher = open_searcher(folder)
        self.count = int(self._searcher.num_docs)

    def documents(self, buckets: Collection[int] | None = None) -> Iterator[LexicalDocument]:
        """Those of some buckets; of all by default."""
        if buckets is None:
            return stored_documents(self._searcher, tantivy.Query.all_query())
        names = [str(bucket) for bucket in buckets]
        return stored_documents(self._searcher, tantivy.Query.term_set_query(self._schema, "bucket", names))

    def share(self, segments: dict[int, list[dict[str, Any]]], target: Path) -> None:
        """Put the files of these segments into another folder as well."""
        wanted = {_file_stem(segment) for several in segments.values() for segment in several}
        for file in self._folder.iterdir():
            if file.name.partition(".")[0] in wanted:
                share_file(file, target / file.name)


def open_searcher(folder: Path) -> tantivy.Searcher:
    """A searcher over a written index.

    Raises:
        IndexDamagedError: the folder holds no readable index.
    """
    try:
        if os.access(folder, os.W_OK):
            return tantivy.Index.open(str(folder)).searcher()
        # tantivy opens a lock file for writing. The searcher maps every file at once, so the links may go.
        with tempfile.TemporaryDirectory(prefix="footnote-") as links:
            for file in folder.iterdir():
                if not file.name.endswith(".lock"):
                    (Path(links) / file.name).symlink_to(file.resolve())
            return tantivy.Index.open(links).searcher()
    except (ValueError, OSError) as error:
        raise IndexDamagedError(
            f"the lexical index {folder} cannot be read: run `footnote ingest --rebuild`"
        ) from error


def stored_documents(searcher: tantivy.Searcher, query: tantivy.Query) -> Iterator[LexicalDocument]:
    """Every document that a query matches, in no particular order."""
    for _, address in searcher.search(query, max(1, searcher.num_docs), count=False).hits:
        yield stored_document(searcher.doc(address))


def stored_document(document: tantivy.Document) -> LexicalDocument:
    """What was stored, from tantivy's own type."""
    chunk_id, path, language, body, english = (str(document[name][0]) for name in _STORED_TEXTS)
    return LexicalDocument(chunk_id, path, language, body, english, bytes(document["chunk"][0]).decode())


def _bucket_count(chunks: int) -> int:
    buckets = 1
    while buckets * _CHUNKS_A_BUCKET < chunks:
        buckets *= 2
    return buckets


def _bucket_of(path: str, buckets: int) -> int:
    return int.from_bytes(hashlib.sha256(path.encode()).digest()[:4]) % buckets


def _write_bucket(folder: Path, bucket: int, documents: list[LexicalDocument]) -> list[dict[str, Any]]:
    draft = folder / "draft"
    draft.mkdir()
    index = tantivy.Index(schema(), path=str(draft))
    writer = index.writer(_WRITER_BYTES, num_threads=1)
    for document in documents:
        chunk_id, path, language, body, english, chunk = document
        writer.add_document(
            tantivy.Document(
                id=chunk_id,
                path=path,
                bucket=str(bucket),
                language=language,
                body=body,
                english=english,
                chunk=chunk.encode(),
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    meta = json.loads((draft / "meta.json").read_text("utf-8"))
    segments: list[dict[str, Any]] = meta["segments"]
    stems = {_file_stem(segment) for segment in segments}
    for file in list(draft.iterdir()):
        if file.name.partition(".")[0] in stems:
            file.rename(folder / file.name)
    remove_busy_folder(draft)
    return segments


def _file_stem(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


def _write_layout(folder: Path, layout: _Layout) -> None:
    # An empty index gives the rest of meta.json as this version of tantivy writes it.
    draft = folder / "draft"
    draft.mkdir()
    tantivy.Index(schema(), path=str(draft))
    meta = json.loads((draft / "meta.json").read_text("utf-8"))
    remove_busy_folder(draft)
    meta["segments"] = [segment for _, several in sorted(layout.segments.items()) for segment in several]
    (folder / "meta.json").write_text(json.dumps(meta), "utf-8")
    named = {str(bucket): several for bucket, several in sorted(layout.segments.items())}
    (folder / "buckets.json").write_text(json.dumps({"buckets": layout.buckets, "segments": named}), "utf-8")


def _read_layout(folder: Path) -> _Layout:
    file = folder / "buckets.json"
    try:
        fields = json.loads(file.read_text("utf-8"))
        return _Layout(int(fields["buckets"]), {int(bucket): list(s) for bucket, s in fields["segments"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(f"{file} cannot be read ({error}): run `footnote ingest --rebuild`") from error
