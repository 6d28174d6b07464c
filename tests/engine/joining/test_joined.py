"""Several collections asked together: each citation is of its own page, and what is known of all counts."""

import hashlib
from dataclasses import replace

import pytest

from footnote.app.core.events import Said, Sources
from footnote.app.core.types import Answer, AskedCollection
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.index.filters import QueryFilter
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.search import SearchOut
from tests.engine.joining.conftest import ALPHA, BETA

PAGES = {"alpha": ALPHA, "beta": BETA}
PORT = "Which port does Beta listen on?"
INSTALL = "How do I install it on Linux?"


def test_pages_of_the_same_name_stay_two(joined):
    found = joined().search(INSTALL).hits
    assert sorted(hit.collection for hit in found if hit.chunk.path == "install.md") == ["alpha", "beta"]
    for hit in found:
        raw = PAGES[hit.collection][hit.chunk.path].encode()
        assert raw[hit.chunk.start : hit.chunk.end].decode() == hit.chunk.text
        assert len(hit.chunk.id) == 32


def test_each_has_the_candidates_that_it_has_alone_and_one_reranker_orders_them(joined, reranker):
    engine = joined()
    found = engine.search(PORT).candidates
    for name, alone in engine.engines.items():
        of_it = {hit.chunk.id: (hit.lexical, hit.vector, hit.fused) for hit in found if hit.collection == name}
        expected = {hit.chunk.id: (hit.lexical, hit.vector, hit.fused) for hit in alone.search(PORT).candidates}
        assert of_it == expected
    assert [hit.reranked.rank for hit in found] == list(range(1, len(found) + 1))
    logits = reranker.score([(PORT, hit.chunk.index_text) for hit in found])
    assert [hit.reranked.score for hit in found] == pytest.approx(logits)
    weighed = [hit.reranked.score + 2 * hit.fused.score for hit in found]
    assert weighed == sorted(weighed, reverse=True)


def test_without_a_reranker_they_come_by_their_fused_scores(joined):
    engine = joined()
    engines = {name: _without_reranker(one) for name, one in engine.engines.items()}
    found = JoinedEngine(engines).search(PORT).candidates
    scores = [hit.fused.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].collection == "alpha"  # of two that are best in their collection
    assert all(hit.reranked is None for hit in found)


def _without_reranker(engine):
    return type(engine)(engine.index, replace(engine.models, reranker=None), engine.settings)


def test_a_citation_is_that_of_its_collection(joined):
    answer = joined().ask(PORT)
    best = answer.citations[0]
    assert (best.collection, best.path, best.generation) == ("beta", "ports.md", 1)
    assert best.quote == "Beta listens on port 9090, which `BETA_PORT` changes."
    assert best.url == "https://beta.example/docs/ports#ports"
    raw = BETA["ports.md"].encode()[best.start : best.end]
    assert hashlib.sha256(raw).hexdigest() == best.sha256
    assert answer.generation == 0
    assert answer.collections == (AskedCollection("alpha", 2), AskedCollection("beta", 1))
    assert answer.searched.files == answer.searched.total_files == 7


def test_links_on_a_quoted_page_lead_to_its_own_site(joined):
    answer = joined().ask("How do I install Alpha on Linux?")
    best = answer.citations[0]
    assert (best.collection, best.generation) == ("alpha", 2)
    assert best.url == "https://alpha.example/install.md?g=2#on-linux"
    assert "[ports](https://alpha.example/ports.md?g=2#ports)" in answer.text


def test_a_name_that_one_of_them_has_is_named_by_the_docs(joined):
    engine = joined()
    alone = engine.engines["alpha"].ask("What does `BETA_PORT` change?")
    assert "BETA_PORT" in (alone.refusal_reason or alone.text)
    both = engine.ask("What does `BETA_PORT` change?")
    assert (both.refused, both.premises, both.citations[0].collection) == (False, (), "beta")
    nowhere = engine.ask("Which port does `--gamma-socket` change?")
    assert [one.name for one in nowhere.premises] == ["--gamma-socket"]


def test_a_term_is_as_frequent_as_in_all_chunks(joined):
    engine = joined()
    counts, each = engine.term_counts, [one.term_counts for one in engine.engines.values()]
    assert counts.chunks == sum(one.chunks for one in each) == 7
    assert counts.chunks_with("port") == sum(one.chunks_with("port") for one in each) == 4


def test_a_refusal_names_sections_of_each(joined):
    answer = joined().ask("Who won the football world cup in 1998?")
    assert (answer.refused_by, answer.citations) == ("gate", ())
    assert {section.collection for section in answer.nearest} == {"alpha", "beta"}
    assert all(section.path in PAGES[section.collection] for section in answer.nearest)


def test_a_filter_is_one_of_each_collection(joined):
    engine = joined()
    found = engine.search("backups", query_filter=QueryFilter(tags=("ops",)))
    assert (found.files, [(hit.collection, hit.chunk.path) for hit in found.hits]) == (
        1,
        [("beta", "guides/backups.md")],
    )
    assert {hit.collection for hit in engine.search("port", query_filter=QueryFilter("ports.md")).hits} == {
        "alpha",
        "beta",
    }
    answer = engine.ask("How long are backups kept?", query_filter=QueryFilter("nowhere/"))
    assert (answer.refused_by, answer.searched.files, answer.searched.total_files) == ("filter", 0, 7)


def test_what_is_told_on_the_way_is_of_the_collections_as_well(joined, fake_llm):
    fake_llm.text = "Beta listens on port 9090 [1]. It keeps backups for thirty days [2]."
    engine = joined(llm="openai:one", llm_base_url=fake_llm.base_url)
    *events, answer = engine.stream(PORT)
    assert isinstance(answer, Answer)
    (sources,) = [event for event in events if isinstance(event, Sources)]
    assert {hit.chunk.path for hit in sources.hits} <= {*ALPHA, *BETA}
    said = [citation for event in events if isinstance(event, Said) for citation in event.citations]
    assert said and set(said) <= set(answer.citations)
    assert (answer.citations[0].collection, answer.citations[0].path) == ("beta", "ports.md")
    prompt = str(fake_llm.received[0][2]["messages"])
    assert "beta/ports.md" in prompt and "alpha/ports.md" in prompt


def test_the_same_words_in_both_are_quoted_once_with_the_other_place(joined):
    answer = joined().ask("Which Python does it need?")
    (best,) = answer.citations
    (other,) = best.also_at
    assert (best.quote, best.path, other.path) == ("It needs Python 3.11 or later.", "needs.md", "needs.md")
    assert {best.collection, other.collection} == {"alpha", "beta"}


def test_the_shapes_name_collections_only_where_there_are_several(joined):
    engine = joined()
    several = AnswerOut.model_validate(engine.ask(PORT))
    assert [(one.name, one.generation) for one in several.collections] == [("alpha", 2), ("beta", 1)]
    assert several.citations[0].collection == "beta"
    alone = AnswerOut.model_validate(engine.engines["beta"].ask(PORT))
    assert (alone.collections, alone.citations[0].collection, alone.generation) == ([], None, 1)
    found = SearchOut.of(PORT, engine.search(PORT), engine.generation, engine.generations)
    assert [(one.name, one.generation) for one in found.collections] == [("alpha", 2), ("beta", 1)]
    assert found.hits[0].collection == "beta"


def test_one_of_them_asked_through_both_answers_as_alone(joined):
    """What joining adds must not change what a question of one collection gets, but for its names."""
    engine = joined()
    for name, question in (("alpha", "Which port does Alpha listen on?"), ("beta", "How long are backups kept?")):
        both, alone = engine.ask(question), engine.engines[name].ask(question)
        assert both.text == alone.text
        own = [replace(one, collection=None) for one in both.citations]
        assert own == list(alone.citations)
