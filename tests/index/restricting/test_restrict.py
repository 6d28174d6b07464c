"""An index restricted to some files, against one into which only these were ingested."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.reader import Index, open_index
from footnote.app.index.restricting.restrict import restrict
from footnote.app.models.embedder import Embedder
from tests.ingest.contents import Memoised, quiet_ingest
from tests.random_pages import PAGES, PATHS, QUESTIONS, WORDS


@pytest.fixture(scope="module")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


def written(folder: Path, pages: dict[str, list[list[str]]]) -> Path:
    for path, sections in pages.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(f"## Part {n}\n\nThe {' '.join(words)}." for n, words in enumerate(sections))
        file.write_text(f"# {path}\n\n{text}\n", "utf-8")
    folder.mkdir(exist_ok=True)
    return folder


def ingested(folder: Path, pages: dict[str, list[list[str]]], memoised: Memoised) -> Settings:
    # Both from one place: the docs folder is part of the manifest.
    docs = folder.parent / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    settings = load_settings(None, docs_dir=written(docs, pages), index_dir=folder, strictness=0, reranker="none")
    quiet_ingest(settings, memoised, rebuild=True)
    return settings


@hypothesis.settings(max_examples=12, deadline=None)
@hypothesis.given(pages=PAGES, data=st.data())
def test_nothing_of_other_files_leaves_a_trace(
    pages: dict[str, list[list[str]]], data: st.DataObject, memoised: Memoised, tmp_path_factory: pytest.TempPathFactory
) -> None:
    readable = set(data.draw(st.lists(st.sampled_from(sorted(pages)), min_size=1, unique=True)))
    root = tmp_path_factory.mktemp("restricted")
    settings = ingested(root / "some", {path: pages[path] for path in readable}, memoised)
    everything = ingested(root / "all", pages, memoised)
    with (
        closing(open_index(everything.folders.index_dir)) as whole,
        closing(restrict(whole, readable)) as restricted,
        closing(open_index(settings.folders.index_dir)) as alone,
    ):
        assert_same_index(restricted, alone, memoised)


def assert_same_index(restricted: Index, alone: Index, memoised: Memoised) -> None:
    assert restricted.files.keys() == alone.files.keys()
    assert {one.id: one for one in restricted.chunks.all_chunks()} == {one.id: one for one in alone.chunks.all_chunks()}
    assert restricted.chunks.count() == alone.chunks.count() == restricted.vectors.count() == alone.vectors.count()
    for name in ("files", "chunks", "skipped", "languages"):
        assert getattr(restricted.manifest, name) == getattr(alone.manifest, name)
    for word in WORDS:
        assert restricted.chunks.chunks_with(word) == alone.chunks.chunks_with(word)
        assert restricted.chunks.has_near(word, 1) == alone.chunks.has_near(word, 1)
    for question in QUESTIONS:
        assert restricted.lexical.search(question, 5) == alone.lexical.search(question, 5)
        embedding = memoised.embed_query(question)
        found, wanted = restricted.vectors.search(embedding, 5), alone.vectors.search(embedding, 5)
        np.testing.assert_allclose([hit.similarity for hit in found], [hit.similarity for hit in wanted], atol=1e-6)
    assert {row[1] for row in restricted.vectors.rows()} <= restricted.files.keys()


def test_who_may_read_nothing_finds_nothing(memoised: Memoised, tmp_path: Path) -> None:
    settings = ingested(tmp_path / "all", {"a.md": [["relay", "port"]], "b.md": [["secret", "port"]]}, memoised)
    with (
        closing(open_index(settings.folders.index_dir)) as whole,
        closing(restrict(whole, frozenset())) as restricted,
    ):
        assert (restricted.manifest.files, restricted.chunks.count(), restricted.vectors.count()) == (0, 0, 0)
        assert restricted.lexical.search("Which port?", 5) == []
        assert restricted.vectors.search(memoised.embed_query("Which port?"), 5) == []
        assert not list(restricted.chunks.all_chunks())
        assert not restricted.chunks.has_near("secret", 1)


def test_of_hidden_pages_no_commit_is_said(memoised: Memoised, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("committed")
    pages = {path: [["relay", "port"]] for path in PATHS[:3]}
    settings = ingested(root / "all", pages, memoised)
    with closing(open_index(settings.folders.index_dir)) as whole:
        whole.manifest = replace(whole.manifest, commit="1" * 40, uncommitted=(PATHS[0], PATHS[1]))
        with closing(restrict(whole, {PATHS[1], PATHS[2]})) as restricted:
            assert (restricted.manifest.commit, restricted.manifest.uncommitted) == ("1" * 40, (PATHS[1],))
