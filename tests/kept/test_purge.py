"""A purge takes out of the kept answers what it takes from the index; no other ingest touches them."""

import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.kept_file import KEPT_ANSWERS
from footnote.app.index.reader import open_index
from footnote.app.kept.answer_log import AnswerLog
from footnote.ingest.flow import ingest

SECRET = "zebra-password"
PAGES = {
    "vault.md": f"# Vault\n\nThe vault of the team opens with the {SECRET}, every day.\n",
    "tea.md": "# Tea\n\nTea is served in the kitchen at four.\n",
}


@pytest.fixture
def settings(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", PAGES)
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index", top_k=1)
    ingest(settings, lambda *_: None, embedder)
    return settings


@pytest.fixture
def ask(settings, embedder, reranker):
    """Asks the live generation, and keeps the answer."""

    def ask(question):
        index = open_index(settings.folders.index_dir, "tantivy")
        engine = Engine(index, Models(embedder, reranker, ExtractiveAnswerer(reranker, embedder)), settings)
        try:
            answer = engine.ask(question)
        finally:
            engine.close()
        log_of(settings).keep(answer)
        return answer

    return ask


def log_of(settings):
    return AnswerLog(settings.folders.index_dir, 90)


def asked(settings):
    return [kept.question for kept in log_of(settings).read()]


VAULT, TEA = "How does the vault of the team open?", "When is tea served?"


def test_a_purge_deletes_the_answers_with_texts_that_are_gone_and_no_others(settings, ask, write_docs, embedder):
    late = ask(VAULT)
    ask(TEA)
    assert SECRET in late.text
    write_docs(settings.folders.docs_dir, {"vault.md": "# Vault\n\nIt is closed.\n"})
    for how in ({}, {"rebuild": True}):
        ingest(settings, lambda *_: None, embedder, **how)
        assert asked(settings) == [VAULT, TEA]
    report = ingest(settings, lambda *_: None, embedder, purge=True)
    assert (report.answers_deleted, report.untidy) == (1, None)
    assert asked(settings) == [TEA]
    held = [file for file in settings.folders.index_dir.rglob("*") if file.is_file()]
    assert not [file.name for file in held if SECRET.encode() in file.read_bytes()]
    # What a service answered before it let go of the generation that is gone comes too late.
    log_of(settings).keep(late)
    assert asked(settings) == [TEA]
    ask(TEA)
    assert asked(settings) == [TEA, TEA]


def test_a_page_under_another_name_is_another_text(settings, ask, embedder):
    ask(VAULT)
    ask(TEA)
    (settings.folders.docs_dir / "tea.md").rename(settings.folders.docs_dir / "drinks.md")
    assert ingest(settings, lambda *_: None, embedder, purge=True).answers_deleted == 1
    assert asked(settings) == [VAULT]


def test_a_purge_that_changes_nothing_keeps_all_and_makes_no_file(settings, ask, embedder):
    assert ingest(settings, lambda *_: None, embedder, purge=True).answers_deleted == 0
    assert not (settings.folders.index_dir / KEPT_ANSWERS).exists()
    ask(VAULT)
    assert ingest(settings, lambda *_: None, embedder, purge=True).answers_deleted == 0
    assert asked(settings) == [VAULT]


def test_a_purge_says_that_a_damaged_file_is_still_there(settings, embedder):
    (settings.folders.index_dir / KEPT_ANSWERS).write_bytes(b"no database " * 100)
    report = ingest(settings, lambda *_: None, embedder, purge=True)
    assert "`footnote answers delete --all`" in report.untidy
