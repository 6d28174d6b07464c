"""An ingest that is killed at any moment leaves the live index as it was, and the next one is exact."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from bench.kill import Site, kill_once, moments, undisturbed_s
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs

ROOT = Path(__file__).parents[2]

# `python -m bench.kill --runs 60` does the same more often.
KILLS = 6


def test_a_killed_ingest_changes_nothing_and_the_next_one_is_exact(embedder: Embedder, quick_path: Path) -> None:
    site = Site(quick_path, embedder)
    kills = [kill_once(site, *moment) for moment in moments(KILLS, undisturbed_s(site), random.Random(1))]
    assert [(kill.live_problem, kill.next_problem) for kill in kills] == [("", "")] * KILLS
    assert "building" in {kill.found for kill in kills}


DIES_AT_THE_71ST = """
import os, signal, sys
from pathlib import Path
from footnote.app.models.embedder import OnnxEmbedder
from footnote.app.core.settings import load_settings
from footnote.ingest import embed
from footnote.ingest.flow import ingest

embed._KEEP_EVERY_S = 0.0  # keep each batch of 32 at once, as those of a slow embedder are
embeddings = OnnxEmbedder.iter_embeddings

def dying(embedder, texts):
    for number, vector in enumerate(embeddings(embedder, texts)):
        if number == 70:
            os.kill(os.getpid(), signal.SIGKILL)
        yield vector

OnnxEmbedder.iter_embeddings = dying
ingest(load_settings(env_file=None, docs_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2])), lambda *_: None)
"""


def test_what_was_embedded_before_a_kill_is_not_embedded_again(
    embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    docs_dir = write_docs(tmp_path / "docs", {f"page{number}.md": f"Page {number}." for number in range(100)})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "index")
    command = [sys.executable, "-c", DIES_AT_THE_71ST, str(docs_dir), str(settings.folders.index_dir)]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    assert Generations(settings.folders.index_dir).current() is None
    report = ingest(settings, lambda *_: None, embedder)
    assert (report.manifest.chunks, report.embedded) == (100, 36)
