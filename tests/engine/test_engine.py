"""The query flow on one ingested corpus: retrieval, refusal, filters, and the answer put together."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace

import numpy as np
import pytest

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.errors import IndexMismatchError, IndexMissingError, QuestionError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Searched
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.engine.models import Models
from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import BUNDLED, BUNDLED_QUERY_PREFIX, OnnxEmbedder
from footnote.app.models.onnx_model import bundled_folder
from footnote.app.retrieval.gate import NO_FILE, NOT_ANSWERED, NOTHING_FITS
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS

PORT = "Which port does Relay listen on?"


def test_a_known_question_gets_its_exact_citation(engine):
    answer = engine.ask(PORT)
    assert (answer.question, answer.refused, answer.refusal_reason, answer.generation) == (PORT, False, None, 1)
    best = answer.citations[0]
    page = (CORPUS / "configuration.md").read_text("utf-8")
    quote = page[page.index("`RELAY_PORT`") : page.index("\n\n## Queue")]
    assert (best.number, best.path, best.start_line, best.end_line) == (1, "configuration.md", 14, 17)
    assert (best.title, best.heading_path) == ("Configuration", ("Configuration", "Network"))
    assert best.quote == quote
    assert best.sha256 == hashlib.sha256(quote.encode()).hexdigest()
    assert (CORPUS / "configuration.md").read_bytes()[best.start : best.end] == quote.encode()


def test_the_same_question_gets_the_same_answer_from_every_thread(make_engine):
    engine = make_engine(candidates=3, top_k=1)
    with ThreadPoolExecutor(4) as pool:
        first, *others = [replace(answer, timings=None) for answer in pool.map(engine.ask, [PORT] * 6)]
    assert first.citations
    assert others == [first] * 5


def test_a_question_is_embedded_once(make_engine, embedder, monkeypatch):
    embedded = []
    embed_query = embedder.embed_query
    monkeypatch.setattr(embedder, "embed_query", lambda text: embedded.append(text) or embed_query(text))
    engine = make_engine()
    first, second = (engine.search(PORT, top_k=3).hits for _ in range(2))
    assert (embedded, first) == ([PORT], second)


def test_every_stage_keeps_its_rank_and_score(engine, embedder):
    hits = engine.search("How do I restore a backup?", top_k=50).hits
    lexical = engine.index.lexical.search("How do I restore a backup?", 50)
    expected = {hit.chunk_id: (rank, hit.score) for rank, hit in enumerate(lexical, 1)}
    assert {hit.chunk.id: astuple(hit.lexical) for hit in hits if hit.lexical} == expected
    question = np.array(embedder.embed_query("How do I restore a backup?"))
    for hit in hits:
        vector = np.array(embedder.embed_documents([hit.chunk.index_text])[0])
        assert hit.vector.score == pytest.approx(float(vector @ question), abs=1e-5)
    assert sorted(hit.vector.rank for hit in hits) == list(range(1, len(hits) + 1))
    assert len(hits) == engine.index.lexical.count() < 50


def test_the_fused_score_is_that_of_the_two_searches(engine):
    hits = engine.search("How do I restore a backup?", top_k=20).hits
    best_bm25 = max(hit.lexical.score for hit in hits if hit.lexical)
    best_cosine = max(hit.vector.score for hit in hits)
    for hit in hits:
        words = hit.lexical.score / best_bm25 if hit.lexical else 0.0
        meaning = max(0.0, 1 - (best_cosine - hit.vector.score) / 0.2)
        assert hit.fused.score == pytest.approx((words + meaning) / 2, rel=1e-9)
    by_fused = sorted(hits, key=lambda hit: hit.fused.rank)
    assert [hit.fused.rank for hit in by_fused] == list(range(1, len(hits) + 1))
    assert by_fused == sorted(hits, key=lambda hit: (-hit.fused.score, -hit.vector.score, hit.chunk.id))


def test_the_order_is_that_of_the_logits_and_the_fused_scores(make_engine, reranker):
    question = "How do I restore a backup?"
    hits = make_engine().search(question, top_k=20).hits
    assert [hit.reranked.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert reranker.score([(question, hit.chunk.index_text) for hit in hits[:3]]) == [
        hit.reranked.score for hit in hits[:3]
    ]
    for weight in (0.0, 2.0, 1000.0):
        hits = make_engine(fused_weight=weight).search(question, top_k=20).hits
        sums = [hit.reranked.score + weight * hit.fused.score for hit in hits]
        assert sums == sorted(sums, reverse=True)


def test_only_the_best_of_the_fusion_are_reranked_or_as_many_as_are_asked_for(make_engine):
    engine = make_engine(rerank_depth=3)
    question = "How do I restore a backup?"
    assert sorted(hit.fused.rank for hit in engine.search(question, top_k=2).candidates) == [1, 2, 3]
    assert sorted(hit.fused.rank for hit in engine.search(question, top_k=5).candidates) == [1, 2, 3, 4, 5]


def test_equal_sections_of_two_files_are_two_hits(engine):
    hits = engine.search("Why must the service be stopped before the queue folder is touched?", top_k=10).hits
    same = [hit for hit in hits if "Relay keeps an open lock on it" in hit.chunk.text]
    assert {hit.chunk.path for hit in same} == {"guides/backups.md", "guides/upgrading.md"}


def test_the_chunks_beside_some_are_those_of_their_pages(engine):
    index = engine.index
    ids = index.files["configuration.md"].chunk_ids
    chunks = index.chunks.get(ids)
    first, second, third, *_ = (chunks[one] for one in ids)
    assert index.beside([second]) == [first, third]
    assert index.beside([first, third])[:1] == [second]
    assert first not in index.beside([first, third])
    assert index.beside([]) == []


def test_an_answer_has_what_its_beginning_is_about_from_the_chunk_above(write_docs, tmp_path, embedder, reranker):
    filler = "The relay keeps its messages in a queue on the disk until each of them has been delivered."
    steps = "\n\n".join(f"{filler} Number {n} is said here." for n in range(6))
    above = "The blue key is on the left side of the relay,\nbelow its lamp and right above the lid of its case."
    said = (
        "It resets the zebra meter when it is held for nine seconds, which takes some patience, and nothing else does."
    )
    page = f"# Meters\n\n{steps}\n\n{above}\n\n{said}\n\n{filler}\n"
    docs = write_docs(tmp_path / "docs", {"a.md": page})
    settings = load_settings(
        env_file=None,
        docs_dir=docs,
        index_dir=tmp_path / "i",
        chunk_size_chars=200,
        chunk_overlap_chars=0,
        strictness=0.0,
        top_k=1,
    )
    ingest(settings, lambda stage, done, total: None, embedder)
    index = open_index(tmp_path / "i")
    engine = Engine(index, Models(embedder, reranker, ExtractiveAnswerer(reranker, embedder)), settings)
    answer = engine.ask("What resets the zebra meter?")
    assert answer.hits[0].chunk.text == said
    [citation] = answer.citations
    assert citation.quote.startswith(f"{above}\n\n{said}") or f"\n{above}\n\n{said}" in citation.quote
    assert page.encode()[citation.start : citation.end].decode() == citation.quote
    engine.close()


def test_an_identifier_is_found_by_the_lexical_search(engine):
    best = engine.search("RLY-007", top_k=1).hits[0]
    assert (best.chunk.path, best.lexical.rank) == ("troubleshooting.md", 1)


def test_top_k_bounds_the_hits(make_engine):
    engine = make_engine(reranker="none")
    four = engine.ask(PORT).hits
    assert len(four) == 4
    assert engine.ask(PORT, top_k=2).hits == four[:2]
    assert make_engine(top_k=3, reranker="none").ask(PORT).hits == four[:3]


def test_more_hits_than_candidates_may_be_asked_for(make_engine):
    assert len(make_engine(candidates=2, reranker="none").search(PORT, top_k=9).hits) == 9


@pytest.mark.parametrize(
    ("query_filter", "paths"),
    [
        (QueryFilter(path="guides/"), {"guides/backups.md", "guides/deleting.md", "guides/upgrading.md"}),
        (QueryFilter(path="reference/*.md"), {"reference/api.md"}),
        (QueryFilter(tags=("SETTINGS",)), {"configuration.md"}),
        (QueryFilter(tags=("operations", "setup")), {"guides/upgrading.md"}),
        (QueryFilter(fields=(("author.team", "support"),)), {"troubleshooting.md"}),
        (QueryFilter(fields=(("internal", "true"),)), {"reference/api.md"}),
        (QueryFilter(path="guides/", fields=(("author.name", "Ben Marsh"),)), {"guides/backups.md"}),
    ],
)
def test_filters_restrict_the_files(make_engine, query_filter, paths):
    hits = make_engine(reranker="none").search("What does Relay do with messages?", 50, query_filter).hits
    assert {hit.chunk.path for hit in hits} == paths


def test_both_searches_are_filtered_before_the_cut(make_engine):
    # One candidate a search: without the filter it is the page about ports.
    narrow = make_engine(candidates=1, reranker="none")
    assert narrow.search(PORT, 1).hits[0].chunk.path == "configuration.md"
    (hit,) = narrow.search(PORT, 1, QueryFilter(path="install.md")).hits
    assert hit.chunk.path == "install.md"
    assert (hit.lexical.rank, hit.vector.rank) == (1, 1)


def test_a_filter_that_no_file_passes_is_the_reason(engine):
    answer = engine.ask(PORT, query_filter=QueryFilter(path="absent/"))
    assert (answer.refused, answer.refusal_reason, answer.hits) == (True, NO_FILE, ())
    assert (answer.nearest, answer.searched, answer.answerability) == ((), Searched(0, 8, 0), None)
    assert answer.refused_by == "filter"


def test_a_question_that_the_docs_are_not_about_is_refused_with_a_reason(engine):
    answer = engine.ask("Who won the football world cup in 1998?")
    assert (answer.refused, answer.refusal_reason, answer.text) == (True, NOTHING_FITS, REFUSAL_TEXT)
    assert (answer.sentences, answer.citations, answer.tokens) == ((), (), None)
    assert (answer.refused_by, answer.answerability, answer.searched) == ("gate", 0.0, Searched(8, 8, 12))


def test_a_refusal_names_the_nearest_sections_each_once_with_links(make_engine):
    engine = make_engine(strictness=1.0, link_template="https://docs.example.com/{path}#{anchor}")
    answer = engine.ask(PORT)
    assert (answer.refused, answer.refusal_reason) == (True, NOT_ANSWERED)
    assert 0.15 < answer.answerability < 1
    assert len({(section.path, section.heading_path) for section in answer.nearest}) == len(answer.nearest) == 4
    best = answer.nearest[0]
    assert (best.path, best.heading_path) == ("configuration.md", ("Configuration", "Network"))
    assert best.url == "https://docs.example.com/configuration.md#network"
    assert (best.start_line, best.end_line) == (answer.hits[0].chunk.start_line, answer.hits[0].chunk.end_line)


def test_an_answer_says_how_likely_it_is_and_what_was_searched(engine):
    answer = engine.ask(PORT, query_filter=QueryFilter(path="*configuration*"))
    assert answer.answerability > 0.15 and not answer.refused
    assert (answer.nearest, answer.searched.files, answer.searched.total_files) == ((), 1, 8)
    assert answer.searched.passages == len(engine.search(PORT, 20, QueryFilter(path="*configuration*")).hits)


def test_an_answer_says_first_what_is_wrong_with_the_question(make_engine):
    answer = make_engine(strictness=0.0).ask("What does --no-caching do, and does Relay log addresses?")
    assert answer.text.startswith("The docs do not name `--no-caching` (did you mean `--no-cache`?).\n\n")
    assert [premise.name for premise in answer.premises] == ["--no-caching"]
    assert answer.sentences[0].text not in answer.text.split("\n\n")[0]


def test_an_answer_cites_what_denies_the_question(engine):
    answer = engine.ask("Why is the default RELAY_PORT 8080?")
    (premise,) = answer.premises
    cited = {citation.number: citation for citation in answer.citations}[premise.citations[0]]
    assert "The default is 7070." in cited.quote
    assert answer.text.startswith("The docs say otherwise: ")


def test_a_refusal_says_what_is_wrong_with_the_question(engine):
    answer = engine.ask("What does `relay thaw` do?")
    assert answer.refused
    assert "the docs do not name `relay thaw`" in answer.refusal_reason


def test_a_good_question_has_no_wrong_premise(engine):
    assert engine.ask(PORT).premises == ()


def test_the_gates_level_is_a_setting(make_engine):
    assert make_engine(min_rerank_score=100.0).ask(PORT).refusal_reason == NOTHING_FITS
    assert make_engine(strictness=1.0).ask(PORT).refused
    assert not make_engine(strictness=0.0).ask("Who won the football world cup in 1998?").refused


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_a_blank_question_is_refused_as_wrong(engine, question):
    for asked in (engine.ask, engine.search):
        with pytest.raises(QuestionError, match="the question is empty"):
            asked(question)


def test_a_question_may_be_as_long_as_the_setting_and_no_longer(make_engine):
    short = make_engine(max_question_chars=len(PORT), reranker="none")
    assert short.ask(f"  {PORT}\n").question == PORT
    with pytest.raises(QuestionError, match=r"has 33 characters; FOOTNOTE_MAX_QUESTION_CHARS allows 32"):
        short.ask(PORT + "?")


def test_a_question_of_broken_bytes_is_still_answered(engine):
    assert engine.ask(PORT + " \udce9").citations[0].path == "configuration.md"


def test_a_malformed_filter_is_a_wrong_question(engine):
    with pytest.raises(QuestionError, match="the path filter '!guides' names no file"):
        engine.ask(PORT, query_filter=QueryFilter(path="!guides"))


def test_without_a_reranker_the_fused_order_answers(make_engine):
    answer = make_engine(reranker="none").ask(PORT)
    assert answer.citations[0].quote.startswith("`RELAY_PORT` is the port")
    assert [hit.reranked for hit in answer.hits] == [None] * 4
    assert [hit.fused.rank for hit in answer.hits] == [1, 2, 3, 4]


def test_rank_bm25_answers_the_same_question(make_engine):
    answer = make_engine(lexical="rank-bm25").ask(PORT)
    assert (answer.citations[0].path, answer.citations[0].start_line) == ("configuration.md", 14)
    assert answer.hits[0].lexical.score > 0


def test_timings_of_every_stage_are_there(engine):
    timings = engine.ask(PORT).timings
    assert timings.rewrite == 0
    assert min(astuple(replace(timings, rewrite=1.0))) > 0
    # The two searches overlap, the other stages follow one another.
    in_turn = (timings.embed, timings.vector, timings.fuse, timings.rerank, timings.answer)
    assert timings.total >= sum(in_turn)


def test_an_index_of_another_embedder_is_refused(engine, guide_index, tmp_path):
    other = tmp_path / "other_model"
    other.symlink_to(bundled_folder(BUNDLED))
    embedder = OnnxEmbedder(other, BUNDLED_QUERY_PREFIX)
    with pytest.raises(IndexMismatchError, match=r"built by bge_small_en \(\w{12}\), the embedder now is other_model"):
        Engine(engine.index, replace(engine.models, embedder=embedder), guide_index.settings)


def test_no_index_yet_says_what_to_do(tmp_path):
    with pytest.raises(IndexMissingError, match="run `footnote ingest` first"):
        open_index(tmp_path / "none")


def test_open_engine_puts_it_all_together(guide_index):
    engine = open_engine(load_settings(env_file=None, index_dir=guide_index.index_dir))
    assert engine.ask(PORT).citations[0].path == "configuration.md"
    engine.close()
