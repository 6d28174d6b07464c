import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.text.analysis import terms
from footnote.app.core.types import Chunk
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.lexical_index import RankBM25Index
from footnote.app.index.reader import open_index
from footnote.app.index.seam import LexicalIndex
from tests.conftest import GuideIndex

MakeIndex = Callable[[Sequence[Chunk]], LexicalIndex]

PAGES = {
    "cache.md": "Start it with `--no-cache` to look an address up for every message.",
    "environment.md": "Set UV_INDEX_URL to use another package index.",
    "project.md": "The version is written in pyproject.toml below the name.",
    "python.md": "Every model inherits from BaseModel and has validators.",
    "call.md": "Call foo.bar() when the connection is lost.",
    "ports.md": "The server listens on port 7070. Installing needs no root.",
    "backup.md": "A nightly backup of the folder is enough.",
}


def chunk_of(chunk_id: str, text: str, path: str = "page.md") -> Chunk:
    return Chunk(chunk_id, path, "Page", (), 1, 1, 0, len(text), text, "")


CHUNKS = [chunk_of(path.removesuffix(".md"), text, path) for path, text in PAGES.items()]


@pytest.fixture(params=["tantivy", "rank-bm25"])
def make_index(request: pytest.FixtureRequest, tmp_path: Path) -> MakeIndex:
    numbers = itertools.count()
    if request.param == "rank-bm25":
        return RankBM25Index
    return lambda chunks: TantivyIndex.build(tmp_path / str(next(numbers)), chunks)


@pytest.fixture
def index(make_index: MakeIndex) -> LexicalIndex:
    return make_index(CHUNKS)


def ids(index: LexicalIndex, question: str, top_k: int = 10, paths: Sequence[str] | None = None) -> list[str]:
    return [hit.chunk_id for hit in index.search(question, top_k, paths)]


@pytest.mark.parametrize(
    ("question", "chunk_id"),
    [
        ("--no-cache", "cache"),
        ("no-cache", "cache"),
        ("what does the cache do", "cache"),
        ("UV_INDEX_URL", "environment"),
        ("uv_index_url", "environment"),
        ("the url", "environment"),
        ("pyproject.toml", "project"),
        ("toml", "project"),
        ("BaseModel", "python"),
        ("a base", "python"),
        ("foo.bar()", "call"),
        ("foo.bar", "call"),
        ("bar", "call"),
        ("installation", "ports"),
        ("7070", "ports"),
        ("BACKUPS", "backup"),
    ],
)
def test_identifiers_and_words_are_found_whole_and_by_part(index: LexicalIndex, question: str, chunk_id: str) -> None:
    assert ids(index, question)[:1] == [chunk_id]


def test_hits_come_best_first_with_scores_above_zero(index: LexicalIndex) -> None:
    hits = index.search("port 7070 of the server folder", 10)
    assert [hit.chunk_id for hit in hits] == ["ports", "backup"]
    assert hits[0].score > hits[1].score > 0


@pytest.mark.parametrize("question", ["kubernetes", "", "?!"])
def test_chunks_that_share_no_term_are_no_hits(index: LexicalIndex, question: str) -> None:
    assert ids(index, question) == []


def test_title_and_headings_are_searched_too(make_index: MakeIndex) -> None:
    headed = Chunk("headed", "a.md", "Rollback", ("Rollback", "Kubernetes"), 1, 1, 0, 1, "x", "")
    index = make_index([*CHUNKS, headed])
    assert ids(index, "rollback") == ids(index, "kubernetes") == ["headed"]


def test_equal_scores_are_ordered_by_id(make_index: MakeIndex) -> None:
    twins = [chunk_of(chunk_id, "Restart the relay.", f"{chunk_id}.md") for chunk_id in ("c", "a", "d", "b")]
    hits = make_index([*CHUNKS, *twins]).search("relay", 10)
    assert [hit.chunk_id for hit in hits] == ["a", "b", "c", "d"]
    assert len({hit.score for hit in hits}) == 1


def test_top_k_cuts_the_weakest(make_index: MakeIndex) -> None:
    index = make_index([chunk_of(str(n), "relay " * n + "filler " * (9 - n)) for n in range(1, 4)] + CHUNKS)
    assert ids(index, "relay", 10) == ["3", "2", "1"]
    assert ids(index, "relay", 2) == ["3", "2"]


def test_paths_restrict_the_search_before_the_cut(make_index: MakeIndex) -> None:
    strong = [chunk_of(f"strong{n}", "relay relay relay", "strong.md") for n in range(5)]
    weak = [chunk_of("weak", "A relay among many other words of a long text.", "weak.md")]
    index = make_index([*strong, *weak, *CHUNKS])
    assert ids(index, "relay", 2) == ["strong0", "strong1"]
    assert ids(index, "relay", 2, ["weak.md", "ports.md"]) == ["weak"]
    assert ids(index, "relay", 2, ["ports.md"]) == []
    assert ids(index, "relay", 2, []) == []


def test_a_path_restriction_does_not_change_scores(make_index: MakeIndex) -> None:
    index = make_index(CHUNKS)
    assert index.search("nightly backup", 1, ["backup.md"]) == index.search("nightly backup", 1)


def test_a_repeated_word_of_the_question_counts_once(index: LexicalIndex) -> None:
    assert index.search("backup backup backups", 5) == index.search("backup", 5)


def test_count_is_the_number_of_chunks(tmp_path: Path) -> None:
    assert TantivyIndex.build(tmp_path / "index", CHUNKS).count() == RankBM25Index(CHUNKS).count() == len(CHUNKS)


def test_an_index_on_disk_answers_as_when_it_was_built(tmp_path: Path) -> None:
    built = TantivyIndex.build(tmp_path / "index", CHUNKS)
    assert TantivyIndex.open(tmp_path / "index").search("server port", 5) == built.search("server port", 5) != []


def test_a_folder_without_an_index_is_damaged(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
            TantivyIndex.open(folder)


@pytest.fixture(scope="module")
def engines(guide_index: GuideIndex) -> Iterator[tuple[LexicalIndex, LexicalIndex]]:
    indexes = [open_index(guide_index.index_dir, engine) for engine in ("tantivy", "rank-bm25")]
    assert [type(index.lexical) for index in indexes] == [TantivyIndex, RankBM25Index]
    yield indexes[0].lexical, indexes[1].lexical
    for index in indexes:
        index.close()


@pytest.mark.parametrize(
    "question",
    [
        "RELAY_PORT",
        "--no-cache",
        "RLY-014",
        "RelayTimeoutError",
        "How do I make a backup?",
        "delete everything",
        "Which header does a request need?",
        "rate limit 429",
        "uninstall",
        "largest messages by size",
    ],
)
def test_the_engines_agree_on_the_best_hit(engines: tuple[LexicalIndex, LexicalIndex], question: str) -> None:
    tantivy, rank_bm25 = (engine.search(question, 5) for engine in engines)
    assert tantivy[0].chunk_id == rank_bm25[0].chunk_id


def test_chunks_that_hold_all_the_terms_are_given_up_to_a_limit(tmp_path):
    index = TantivyIndex.build(tmp_path / "index", CHUNKS)
    assert [chunk.id for chunk in index.with_all(["connect", "lost"], 5)] == ["call"]
    assert index.with_all(["connect", "backup"], 5) == []
    assert len(index.with_all(["page"], len(CHUNKS))) == len(CHUNKS)
    assert index.with_all(["page"], len(CHUNKS) - 1) is None


def test_a_term_that_is_spelled_nearly_so_is_near(tmp_path):
    index = TantivyIndex.build(tmp_path / "index", CHUNKS)
    assert index.has_near("uv_index_url", 1) and index.has_near("uv_idnex_urls", 2)
    assert not index.has_near("uv_idnex_urls", 1)
    assert not index.has_near("uv_cache_dir", 2)


PORTUGUESE = {
    "pt-prazo": "O prazo das solicitações termina na sexta-feira.",
    "pt-docker": "O serviço usa docker.",
    "pt-porta": "A porta é aberta na instalação.",
    "pt-copia": "Uma cópia é feita toda noite.",
}
# Pages in English that all name what one in Portuguese names too.
ENGLISH = {f"en-{number}": f"Run docker for part {number} of the service. " * 2 for number in range(20)}


def page_of(chunk_id: str, text: str) -> Chunk:
    return replace(chunk_of(chunk_id, text, f"{chunk_id}.md"), language=chunk_id[:2])


@pytest.mark.parametrize("question", ["solicitar", "solicitacao", "Qual é o prazo da solicitação?"])
def test_a_question_is_stemmed_in_the_language_of_the_pages(make_index: MakeIndex, question: str) -> None:
    portuguese = [page_of(*page) for page in PORTUGUESE.items()]
    assert ids(make_index(portuguese), question)[:1] == ["pt-prazo"]
    assert ids(make_index([*portuguese, *(page_of(*page) for page in ENGLISH.items())]), question)[:1] == ["pt-prazo"]


def test_a_word_weighs_no_more_in_the_language_of_few_pages(make_index: MakeIndex) -> None:
    index = make_index([page_of(*page) for page in (PORTUGUESE | ENGLISH).items()])
    scores = {hit.chunk_id: hit.score for hit in index.search("docker", 50)}
    assert scores.keys() == {"pt-docker", *ENGLISH}
    assert scores["pt-docker"] < 2 * scores["en-1"]


def test_terms_of_any_page_are_counted_as_english_spells_them(tmp_path: Path) -> None:
    index = TantivyIndex.build(tmp_path / "index", [page_of(*page) for page in (PORTUGUESE | ENGLISH).items()])
    [spelled] = terms("solicitações")
    assert (index.chunks_with(spelled), index.chunks_with("docker"), index.chunks_with("dock")) == (1, 21, 1)
    assert [chunk.id for chunk in index.with_all([spelled, "prazo"], 5) or []] == ["pt-prazo"]
    assert index.has_near(spelled + "x", 1)
    assert not index.has_near("nichts-davon", 1)
