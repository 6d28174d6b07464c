"""An ingest whose vectors come from a server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.core.errors import ModelError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.types import Fingerprint
from footnote.ingest.cache import IngestCache
from footnote.ingest.flow import ingest
from tests.conftest import MAIN, WriteDocs
from tests.fake_embeddings import FakeEmbeddings, Said, run_fake_embeddings, vector_of
from tests.ingest.ingesting import chunks, vectors
from tests.serving import ROOT

PAGES = {f"page{number}.md": f"# Page {number}\n\nIt is about {number}.\n" for number in range(60)}


@pytest.fixture
def fake() -> Iterator[FakeEmbeddings]:
    with run_fake_embeddings() as running:
        yield running


@pytest.fixture
def settings(fake: FakeEmbeddings, tmp_path: Path, write_docs: WriteDocs) -> Settings:
    return load_settings(
        env_file=None,
        docs_dir=write_docs(tmp_path / "docs", PAGES),
        index_dir=tmp_path / "index",
        embedder="openai:m",
        embedder_base_url=fake.base_url,
        embedder_batch=10,
    )


def kept(settings: Settings) -> int:
    """How many of the pages' texts have their vector in the cache."""
    of_all = chunks(settings)
    with closing(IngestCache(settings.folders.index_dir, read_only=True)) as cache:
        lacking = cache.missing(Fingerprint("openai:m", ""), of_all)
    return len(of_all) - len(lacking)


def test_each_chunk_gets_the_vector_of_its_text_and_progress_is_told(fake: FakeEmbeddings, settings: Settings) -> None:
    fake.rows = lambda rows: rows[::-1]
    fake.says = lambda number, texts: Said(503) if number % 2 else None
    told: list[tuple[str, int, int]] = []
    report = ingest(settings, lambda *progress: told.append(progress))
    assert report.embedded == 60
    of_all = chunks(settings)
    with closing(IngestCache(settings.folders.index_dir, read_only=True)) as cache:
        cached = cache.embeddings(Fingerprint("openai:m", ""), of_all)
    assert cached.tolist() == [vector_of(chunk.index_text) for chunk in of_all]
    by_id = vectors(settings)
    # Chroma makes vectors of length 1 once more.
    assert [by_id[chunk.id] for chunk in of_all] == [pytest.approx(vector, abs=1e-6) for vector in cached.tolist()]
    assert [done for stage, done, _ in told if stage == "embed"] == [0, 10, 20, 30, 40, 50, 60]


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_an_ingest_that_was_ended_while_the_server_stalled_goes_on_where_it_was(
    fake: FakeEmbeddings, settings: Settings, by: signal.Signals
) -> None:
    fake.says = lambda number, texts: Said(silent=True) if number >= 4 else None
    given = {
        "FOOTNOTE_EMBEDDER": "openai:m",
        "FOOTNOTE_EMBEDDER_BASE_URL": fake.base_url,
        "FOOTNOTE_EMBEDDER_BATCH": "10",
        "FOOTNOTE_EMBEDDER_CONCURRENCY": "1",
    }
    keeps_at_once = "from footnote.ingest import embed\nembed._KEEP_EVERY_S = 0.0\n"
    folders = [str(settings.folders.docs_dir), "--index-dir", str(settings.folders.index_dir)]
    command = [sys.executable, "-c", keeps_at_once + MAIN, "ingest", *folders]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | given, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        while len(fake.received) < 5:
            assert running.poll() is None
            time.sleep(0.01)
        time.sleep(0.2)  # what came before is put into the cache meanwhile
        running.send_signal(by)
        _, said = running.communicate(timeout=30)
    if by == signal.SIGINT:
        assert (running.returncode, "interrupted: nothing was published" in said) == (130, True)
    first = list(fake.texts)
    fake.says = lambda number, texts: None
    report = ingest(settings, lambda *_: None)
    assert len(first) == 40
    assert report.embedded == 20
    assert sorted(fake.texts) == sorted({chunk.index_text for chunk in chunks(settings)})
    assert kept(settings) == 60


def test_another_model_under_the_same_name_is_told_by_the_length_of_its_vectors(
    fake: FakeEmbeddings, settings: Settings
) -> None:
    ingest(settings, lambda *_: None)
    (settings.folders.docs_dir / "new.md").write_text("# New\n\nA page.\n")
    fake.rows = lambda rows: [{**row, "embedding": row["embedding"][:8]} for row in rows]
    with pytest.raises(ModelError, match="openai:m gives vectors of 8 numbers, but gave some of 16 before"):
        ingest(settings, lambda *_: None)
    assert kept(settings) == 60
