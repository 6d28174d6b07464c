"""The guide that is shipped answers the questions it should, extractively and from the right page."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.ingest.flow import ingest

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
QUESTIONS = [json.loads(line) for line in (TESTS / "guide_questions.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def guide(tmp_path_factory, embedder, reranker) -> Iterator[Engine]:
    index_dir = tmp_path_factory.mktemp("shipped") / "index"
    settings = load_settings(env_file=None, docs_dir=DOCS, index_dir=index_dir, small_section_chars=120)
    report = ingest(settings, lambda *_: None, embedder)
    assert report.manifest.skipped == ()
    index = open_index(settings.folders.index_dir)
    engine = Engine(index, Models(embedder, reranker, ExtractiveAnswerer(reranker, embedder)), settings)
    yield engine
    engine.close()


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_the_guide_answers(guide, asked):
    answer = guide.ask(asked["question"])
    assert answer.refused == asked.get("refused", False)
    if not answer.refused:
        quotes = [citation.quote for citation in answer.citations if citation.path == asked["path"]]
        assert any(asked["contains"] in quote for quote in quotes), answer.text
    for citation in answer.citations:
        assert (DOCS / citation.path).read_bytes()[citation.start : citation.end] == citation.quote.encode()
