"""The guide that is shipped answers the questions it should, extractively and from the right page."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Citation
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.app.reading.library import Library
from footnote.app.reading.lines import Cited
from footnote.app.reading.view import Asked, view
from footnote.ingest.flow import ingest
from tests.reading.shown import marked_lines, marked_text

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
        assert_shown(Library(guide.index.folder.parents[1]), citation)


def assert_shown(library: Library, citation: Citation) -> None:
    """The stored bytes have the citation's hash, and the view marks the lines of the quote and no others."""
    shelf, page = library.find(citation.path, citation.generation)
    raw = library.read(shelf, page)
    assert hashlib.sha256(raw[citation.start : citation.end]).hexdigest() == citation.sha256
    cited = Cited(citation.start_line, citation.end_line)
    shown = view(library, Asked(citation.path, citation.generation, cited))
    lines = raw.decode().split("\n")
    expected = {number: lines[number - 1] for number in range(cited.first, cited.last + 1)}
    assert marked_lines(shown) == expected
    assert citation.quote in "\n".join(expected.values())
    assert marked_text(shown)
