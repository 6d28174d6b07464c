"""An ingest on a Ray cluster gives the index of one on this machine, whatever is lost on the way."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.cache import CACHE, IngestCache
from tests.conftest import CORPUS, WriteDocs
from tests.ingest.cluster.conftest import RayCluster
from tests.ingest.ingesting import chunks, run, vectors
from tests.serving import until

pytestmark = pytest.mark.scale
# Of no two builds the same: the time, and the name that Chroma gives its folder, which is in the graph's files.
_OF_THE_BUILD = {"created_at", "graph_sha256"}


def said_by(running: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = running.communicate(timeout=120)
    return running.returncode, out, err


def manifest(settings: Settings) -> dict[str, object]:
    index_dir = settings.folders.index_dir
    live = index_dir / "generations" / (index_dir / "CURRENT").read_text().strip() / "manifest.json"
    return {name: value for name, value in json.loads(live.read_text()).items() if name not in _OF_THE_BUILD}


def cached(settings: Settings, embedder: Embedder) -> bytes:
    """The vectors of all chunks as they are in the cache, bit by bit."""
    with closing(IngestCache(settings.folders.index_dir, read_only=True)) as cache:
        return np.ascontiguousarray(cache.embeddings(embedder.fingerprint, chunks(settings))).tobytes()


def assert_same(here: Settings, there: Settings, embedder: Embedder) -> None:
    assert chunks(there) == chunks(here)
    assert cached(there, embedder) == cached(here, embedder)
    assert vectors(there) == vectors(here)
    assert manifest(there) == manifest(here)


def wait_until_embedded(settings: Settings, count: int, running: "subprocess.Popen[str]") -> None:
    while True:
        assert running.poll() is None, running.communicate()
        if (settings.folders.index_dir / CACHE).is_file():
            with closing(sqlite3.connect(settings.folders.index_dir / CACHE)) as database:
                try:
                    [kept] = database.execute("SELECT count(*) FROM embeddings").fetchone()
                except sqlite3.OperationalError:  # it is being made
                    kept = 0
            if kept >= count:
                return
        time.sleep(0.05)


def test_the_index_is_that_of_this_machine_and_nothing_is_done_again(
    cluster: RayCluster, tmp_path: Path, embedder: Embedder
) -> None:
    here = load_settings(env_file=None, docs_dir=CORPUS, index_dir=tmp_path / "here")
    there = load_settings(env_file=None, docs_dir=CORPUS, index_dir=tmp_path / "there")
    run(here, embedder)
    code, out, err = said_by(cluster.ingest(there, "--json"))
    assert (code, err) == (0, "")
    assert json.loads(out)["embedded"] == len(chunks(here))
    assert_same(here, there, embedder)
    code, out, _ = said_by(cluster.ingest(there))
    assert (code, "nothing changed" in out) == (0, True)


def test_workers_of_another_version_are_refused(cluster: RayCluster, tmp_path: Path) -> None:
    settings = load_settings(env_file=None, docs_dir=CORPUS, index_dir=tmp_path / "index")
    here_is = "from footnote.ingest.cluster import worker\nworker.VERSION = '9.9'\n"
    code, _, err = said_by(cluster.ingest(settings, before=here_is))
    assert (code, "a worker has Footnote 0.1.0, and here is 9.9: install the same" in err) == (1, True)


def test_in_place_of_the_only_worker_another_one_is_started(
    cluster: RayCluster, tmp_path: Path, embedder: Embedder
) -> None:
    here = load_settings(env_file=None, docs_dir=CORPUS, index_dir=tmp_path / "here")
    there = load_settings(env_file=None, docs_dir=CORPUS, index_dir=tmp_path / "there")
    running = cluster.ingest(there, "--ray-workers", "1")
    until(cluster.kill_embedding, "a worker that embeds")
    code, _, err = said_by(running)
    assert (code, "1 worker of the cluster lost" in err) == (0, True), err
    run(here, embedder)
    assert_same(here, there, embedder)


def test_after_ctrl_c_and_the_loss_of_a_node_each_text_was_embedded_once_and_the_index_is_exact(
    cluster: RayCluster, tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    pages = {f"page{number}.md": f"# Page {number}\n\nAbout {number}: {words}\n" for number in range(250)}
    docs_dir = write_docs(tmp_path / "docs", pages)
    there = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "there")

    running = cluster.ingest(there)
    wait_until_embedded(there, 32, running)
    running.send_signal(signal.SIGINT)
    code, _, err = said_by(running)
    assert (code, "interrupted: nothing was published" in err) == (130, True)

    running = cluster.ingest(there, "--json")
    until(cluster.last_embeds, "a worker of the second node")
    cluster.kill_last()
    code, out, err = said_by(running)
    assert (code, "1 worker of the cluster lost" in err) == (0, True), err
    assert json.loads(out)["embedded"] <= 250 - 32
    with closing(sqlite3.connect(there.folders.index_dir / CACHE)) as database:
        assert database.execute("SELECT count(*) FROM embeddings").fetchone() == (250,)

    here = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "here")
    # A few of them are embedded here again, the others are taken from what came from the cluster.
    run(here, embedder)
    assert_same(here, there, embedder)
