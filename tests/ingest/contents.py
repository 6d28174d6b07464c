"""What an index holds and finds, so that two of them can be compared; and a fresh build to compare with."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer, Timings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.filters import QueryFilter
from footnote.app.index.raw_pages import RawPages
from footnote.app.index.reader import Index, open_index
from footnote.app.index.seam import Store
from footnote.app.index.store import EMBEDDED_STORE
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.check import check
from footnote.ingest.flow import IngestReport, ingest

QUESTIONS = (
    "How are backups restored after the zebra fails?",
    "Which port does the relay listen on, and who may change it?",
    "--no-cache",
    "größe of the 漢字 table",
    "install upgrade remove the agent on linux",
)
FILTERS = (None, QueryFilter(path="guides/"), QueryFilter(path="*a*"), QueryFilter(tags=("ops",)))
TOP_K = 5
_TOLERANCE = 1e-6
# Of the manifest, what does not depend on when and from what a generation was built.
_BUILT_WITH = (
    "format",
    "tool_version",
    "docs_dir",
    "include",
    "exclude",
    "max_file_mb",
    "embedder",
    "dimension",
    "chunk_size_chars",
    "chunk_overlap_chars",
    "small_section_chars",
    "files",
    "chunks",
    "flavour",
    "anchor_style",
    "languages",
)
_NO_TIME = Timings(0, 0, 0, 0, 0, 0, 0, 0)

Embed = Callable[[str], list[float]]


class Memoised:
    """The bundled embedder, asked once for each text; `asked` holds what the ingests asked for since `forget`."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, list[float]] = {}
        self._queries: dict[str, list[float]] = {}
        self.fingerprint = embedder.fingerprint
        self.asked: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embedder.embed_documents(new), strict=True))
        return [self._known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        if text not in self._queries:
            self._queries[text] = self._embedder.embed_query(text)
        return self._queries[text]


@dataclass(frozen=True)
class Contents:
    """One index, read whole.

    Attributes:
        chunks: as JSON, which tells 1 from true and keeps the order of the front matter, by id.
        files: as JSON, without times, by path.
        pages: their bytes, by path.
        texts: what is embedded.
        lexical: ids and scores, by question and filter.
        similar: ids and similarities, by question and filter.
    """

    generation: int
    built_with: Mapping[str, object]
    chunks: Mapping[str, str]
    files: Mapping[str, str]
    mtimes_ns: Mapping[str, int]
    pages: Mapping[str, bytes]
    texts: frozenset[str]
    skips: tuple[tuple[str, str, str], ...]
    paths: Mapping[str, str]
    vectors: Mapping[str, NDArray[np.float32]]
    counts: tuple[int, int]
    lexical: Mapping[tuple[str, int], tuple[tuple[str, float], ...]]
    similar: Mapping[tuple[str, int], tuple[tuple[str, float], ...]]


def read_contents(index_dir: Path, embedder: Embedder | Memoised, store: Store = EMBEDDED_STORE) -> Contents:
    """The live generation."""
    with closing(open_index(index_dir, store=store)) as index:
        rows = list(index.vectors.rows())
        selections = [index.select(query_filter) for query_filter in FILTERS]
        asked = [(question, number) for question in QUESTIONS for number in range(len(FILTERS))]
        allowed = {number: selection.allowed if selection else None for number, selection in enumerate(selections)}
        chunks = list(index.chunks.all_chunks())
        contents = Contents(
            generation=index.generation,
            built_with={name: getattr(index.manifest, name) for name in _BUILT_WITH},
            chunks={chunk.id: json.dumps(asdict(chunk)) for chunk in chunks},
            files={path: json.dumps(asdict(replace(file, mtime_ns=0))) for path, file in index.files.items()},
            mtimes_ns={path: file.mtime_ns for path, file in index.files.items()},
            pages={path: RawPages(index.folder / "pages").read(file.sha256) for path, file in index.files.items()},
            texts=frozenset(chunk.index_text for chunk in chunks),
            skips=tuple((skip.path, skip.reason, skip.detail) for skip in index.manifest.skipped),
            paths={chunk_id: path for chunk_id, path, _ in rows},
            vectors={chunk_id: vector for chunk_id, _, vector in rows},
            counts=(index.chunks.count(), index.vectors.count()),
            lexical={
                (question, number): tuple(map(tuple, index.lexical.search(question, TOP_K, allowed[number])))
                for question, number in asked
            },
            similar={
                (question, number): tuple(
                    map(tuple, index.vectors.search(embedder.embed_query(question), TOP_K, selections[number]))
                )
                for question, number in asked
            },
        )
        assert len(chunks) == len(contents.chunks) and len(rows) == len(contents.vectors), "an id is there twice"
        _assert_searches_are_exact(index, contents, embedder)
        return contents


def _assert_searches_are_exact(index: Index, contents: Contents, embedder: Embedder | Memoised) -> None:
    """The nearest chunks are those of a comparison with every vector, and all are live."""
    ids = sorted(contents.vectors)
    matrix = np.array([contents.vectors[chunk_id] for chunk_id in ids])
    for (question, number), hits in contents.similar.items():
        selection = index.select(FILTERS[number])
        scores = {
            chunk_id: float(score)
            for chunk_id, score in zip(ids, matrix @ np.array(embedder.embed_query(question)), strict=True)
            if selection is None or contents.paths[chunk_id] in selection.allowed
        }
        nearest = sorted(scores.values(), reverse=True)[:TOP_K]
        np.testing.assert_allclose([score for _, score in hits], nearest, atol=1e-5, err_msg=question)
        assert all(abs(scores[chunk_id] - score) < 1e-5 for chunk_id, score in hits), question
    for (question, number), hits in contents.lexical.items():
        assert {chunk_id for chunk_id, _ in hits} <= contents.chunks.keys(), (question, number)


def assert_same(actual: Contents, expected: Contents, score_tolerance: float = 0.0) -> None:
    """Everything but number and times of the generations; vectors to 1e-6, BM25 to `score_tolerance` of itself."""
    assert actual.files == expected.files
    assert actual.pages == expected.pages
    assert actual.chunks == expected.chunks
    assert actual.skips == expected.skips
    assert actual.built_with == expected.built_with
    assert actual.counts == expected.counts
    assert actual.paths == expected.paths
    assert actual.vectors.keys() == expected.vectors.keys() == actual.chunks.keys()
    for chunk_id, vector in expected.vectors.items():
        np.testing.assert_allclose(actual.vectors[chunk_id], vector, atol=_TOLERANCE, rtol=0)
    assert actual.lexical.keys() == expected.lexical.keys()
    for asked, found in expected.lexical.items():
        if score_tolerance:
            np.testing.assert_allclose(_scores(actual.lexical[asked]), _scores(found), rtol=score_tolerance)
        else:
            assert actual.lexical[asked] == found
    assert actual.similar.keys() == expected.similar.keys()
    for asked, hits in expected.similar.items():
        np.testing.assert_allclose(_scores(actual.similar[asked]), _scores(hits), atol=_TOLERANCE, rtol=0)


def assert_unchanged(actual: Contents, before: Contents) -> None:
    """The same generation, to the bit."""
    assert actual.generation == before.generation
    assert_same(actual, before)
    assert actual.similar == before.similar
    assert all(np.array_equal(actual.vectors[chunk_id], vector) for chunk_id, vector in before.vectors.items())


def assert_exact(settings: Settings, embedder: Embedder | Memoised, folder: Path) -> Contents:
    """The live index equals one built from nothing in `folder`, and `check` finds nothing; returns what it holds."""
    quiet_ingest(settings.changed(index_dir=folder), embedder)
    contents = read_contents(settings.folders.index_dir, embedder)
    assert_same(contents, read_contents(folder, embedder))
    assert check(settings, lambda *_: None).drifts == ()
    return contents


def assert_tidy(index_dir: Path) -> None:
    """After a publication nothing is left but the live generation and the one before."""
    left = {entry.name for entry in os.scandir(index_dir)}
    assert left == {"CURRENT", ".lock", "cache.sqlite3", "generations", "ingests.json"}
    numbers = sorted(int(entry.name) for entry in os.scandir(index_dir / "generations"))
    assert numbers[-1] == int((index_dir / "CURRENT").read_text())
    assert len(numbers) <= 2


def quiet_ingest(
    settings: Settings,
    embedder: Embedder | Memoised,
    *,
    rebuild: bool = False,
    checksum: bool = False,
    purge: bool = False,
) -> IngestReport:
    """An ingest that tells nobody of its progress, and that no guard stops."""
    modes = {"rebuild": rebuild, "checksum": checksum, "purge": purge, "allow_deletes": True}
    return ingest(settings, lambda *_: None, embedder, **modes)  # type: ignore[arg-type]


def answers(settings: Settings, embedder: Embedder | Memoised, questions: Sequence[str] = QUESTIONS) -> list[Answer]:
    """What the live index answers, without a reranker and without times."""
    settings = settings.changed(reranker="none")
    models = Models(embedder, None, ExtractiveAnswerer(None, embedder))  # type: ignore[arg-type]
    with closing(Engine(open_index(settings.folders.index_dir), models, settings)) as engine:
        return [replace(engine.ask(question), timings=_NO_TIME) for question in questions]


def memory_folder() -> Path | None:
    """A folder that lies in memory; None where there is none."""
    return Path("/dev/shm") if os.path.isdir("/dev/shm") else None


def _scores(hits: tuple[tuple[str, float], ...]) -> list[float]:
    return [score for _, score in hits]
