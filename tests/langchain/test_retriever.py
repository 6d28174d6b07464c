"""What a retriever finds, on both backends."""

import asyncio
import hashlib
import json
import socket

import pytest

from footnote.app.core.errors import (
    FootnoteError,
    IndexMissingError,
    QuestionError,
    ServiceUnreachableError,
    SettingsError,
)
from footnote.app.core.settings import load_settings
from footnote.app.langchain import FootnoteChain, FootnoteRetriever
from tests.conftest import CORPUS

QUESTIONS = ["How do I restore a backup?", "relay.toml", "Which port does Relay listen on?", "naïve ☃"]


@pytest.mark.parametrize("part", [FootnoteRetriever, FootnoteChain])
def test_a_name_that_is_misspelled_is_refused(part, guide_index):
    with pytest.raises(ValueError, match="indexdir"):
        part(indexdir=guide_index.index_dir)


def test_a_document_says_where_its_text_stands_and_what_each_stage_thought(connection, engine):
    documents = FootnoteRetriever(**connection, k=3).invoke(QUESTIONS[0])
    hits = engine.search(QUESTIONS[0], 3).hits
    assert [one.id for one in documents] == [hit.chunk.id for hit in hits]
    for document, hit in zip(documents, hits, strict=True):
        chunk, metadata = hit.chunk, document.metadata
        lines = f"{chunk.start_line}-{chunk.end_line}"
        view = f"/view/{chunk.path}?generation=1&lines={lines}#L{chunk.start_line}"
        expected = {
            "source": chunk.path,
            "path": chunk.path,
            "title": chunk.title,
            "heading_path": list(chunk.heading_path),
            "start_line": chunk.start_line,
            "end_line": chunk.end_line,
            "start": chunk.start,
            "end": chunk.end,
            "sha256": chunk.sha256,
            "generation": 1,
            "front_matter": chunk.metadata,
            **{stage: score(getattr(hit, stage)) for stage in ("lexical", "vector", "fused", "reranked")},
        }
        if "url" in connection:
            expected["url"] = connection["url"] + view
        assert metadata == expected
        raw = (CORPUS / metadata["path"]).read_bytes()[metadata["start"] : metadata["end"]]
        assert document.page_content == raw.decode()
        assert metadata["sha256"] == hashlib.sha256(raw).hexdigest()
        assert json.loads(json.dumps(metadata)) == metadata


def score(stage):
    return stage and {"rank": stage.rank, "score": stage.score}


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_backends_find_the_same(guide_index, address, question):
    for given in ({}, {"k": 12}, {"filters": {"path": "guides/", "tags": ["operations"]}}, {"filters": {"path": "x/"}}):
        here = FootnoteRetriever(index_dir=guide_index.index_dir).invoke(question, **given)
        there = FootnoteRetriever(url=address).invoke(question, **given)
        for document in there:
            assert document.metadata.pop("url").startswith(f"{address}/view/")
        assert here == there


def test_filters_narrow_all_questions_or_one(connection):
    retriever = FootnoteRetriever(**connection, k=20, filters={"path": "guides/"})
    assert {one.metadata["path"].split("/")[0] for one in retriever.invoke("relay")} == {"guides"}
    fields = {"fields": {"author.team": "support"}}
    assert {one.metadata["path"] for one in retriever.invoke("relay", filters=fields)} == {"troubleshooting.md"}


def test_it_is_found_alike_at_once_later_and_in_a_batch(connection):
    retriever = FootnoteRetriever(**connection)
    alone = [retriever.invoke(question) for question in QUESTIONS]
    assert retriever.batch(QUESTIONS) == alone

    async def together():
        return await asyncio.gather(*(retriever.ainvoke(question) for question in QUESTIONS))

    assert asyncio.run(together()) == alone
    assert asyncio.run(retriever.abatch(QUESTIONS)) == alone  # on another loop
    many = asyncio.run(retriever.abatch(QUESTIONS * 6))  # more than a service lets wait
    assert many == alone * 6


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"k": 0}, "`k` is 0"),
        ({"k": 201}, "`k` is 201"),
        ({"filters": {"folder": "guides/"}}, r"filters\.folder: Extra inputs"),
        ({"filters": {"tags": "setup"}}, r"filters\.tags: Input should be a valid list"),
    ],
)
def test_what_cannot_be_asked_for_is_named(connection, given, message):
    with pytest.raises(QuestionError, match=message):
        FootnoteRetriever(**connection).invoke("relay", **given)


def test_an_empty_question_is_an_error_of_ours(connection):
    with pytest.raises(FootnoteError, match="the question is empty"):
        FootnoteRetriever(**connection).invoke(" ")


@pytest.mark.parametrize("kind", [FootnoteRetriever, FootnoteChain])
def test_where_nothing_can_answer_it_says_what_to_do(kind, tmp_path, unused_port):
    dead = kind(url=f"http://127.0.0.1:{unused_port}")
    missing = kind(index_dir=tmp_path / "none")
    for asked in (dead.invoke, lambda question: asyncio.run(dead.ainvoke(question))):
        with pytest.raises(ServiceUnreachableError, match="start it with `footnote serve`"):
            asked("Which port?")
    for asked in (missing.invoke, lambda question: asyncio.run(missing.ainvoke(question))):
        with pytest.raises(IndexMissingError, match="footnote ingest"):
            asked("Which port?")


@pytest.fixture
def unused_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"url": "localhost:8000"}, "base_url"),
        ({"url": "http://x", "index_dir": "index"}, "give `url`, or `index_dir`"),
        ({"settings": load_settings(env_file=None), "index_dir": "index"}, "give `settings` or `index_dir`"),
    ],
)
def test_what_contradicts_itself_is_refused_before_anything_is_asked(given, message):
    with pytest.raises(SettingsError, match=message):
        FootnoteRetriever(**given)


def test_neither_key_nor_settings_are_shown(address, guide_index):
    assert "secret" not in repr(FootnoteRetriever(url=address, key="secret-secret"))
    assert "top_k" not in repr(FootnoteRetriever(settings=load_settings(env_file=None)))
