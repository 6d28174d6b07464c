"""An ingest that is killed at any moment leaves the live index as it was, and the next one is exact."""

import random
from pathlib import Path

from app.core.embedder import Embedder
from bench.kill import Site, kill_once, moments, undisturbed_s

# `python -m bench.kill --runs 60` does the same more often.
KILLS = 6


def test_a_killed_ingest_changes_nothing_and_the_next_one_is_exact(embedder: Embedder, quick_path: Path) -> None:
    site = Site(quick_path, embedder)
    kills = [kill_once(site, *moment) for moment in moments(KILLS, undisturbed_s(site), random.Random(1))]
    assert [(kill.live_problem, kill.next_problem) for kill in kills] == [("", "")] * KILLS
    assert "building" in {kill.found for kill in kills}


def test_what_was_embedded_before_a_kill_is_not_embedded_again(embedder: Embedder, quick_path: Path) -> None:
    """`kill_once` compares what the next ingest embeds with what was stored."""
    site = Site(quick_path, embedder)
    for _ in range(5):  # a busy machine may let the ingest embed all before the signal arrives
        kill = kill_once(site, "cache", after_s=0.0)
        assert (kill.live_problem, kill.next_problem) == ("", "")
        if 0 < kill.stored < kill.to_embed:
            return
    raise AssertionError("no embedding was stored before all were made")
