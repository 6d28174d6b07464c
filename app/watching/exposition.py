"""exposition: what `/metrics` says: what all processes have counted, and what the index folder shows then."""

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from footnote.app.core.errors import FootnoteError
from footnote.app.core.version import VERSION
from footnote.app.index.generations import Generations
from footnote.app.index.ingest_record import OUTCOMES, read_ingest_record
from footnote.app.index.manifest import read_manifest
from footnote.app.index.replica import read_replica
from footnote.app.watching.metrics import Metrics

__all__ = ["CONTENT_TYPE", "Exposition"]

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks at it when it is imported
_OF_PROCESS = re.compile(r"_(\d+)\.db$")


class Exposition:
    """The text that Prometheus reads, of one service."""

    def __init__(self, metrics: Metrics, index_dir: Path) -> None:
        self._shared = Path(os.environ[SHARED_FOLDER]) if values.ValueClass is not values.MutexValue else None
        self._registry = CollectorRegistry()
        if self._shared:
            MultiProcessCollector(self._registry, str(self._shared))  # type: ignore[no-untyped-call]
        else:
            self._registry.register(metrics.registry)
            ProcessCollector(namespace="footnote", registry=self._registry)
        self._registry.register(_LiveIndex(index_dir))

    def text(self) -> bytes:
        """All figures as they are now."""
        if self._shared:
            _forget_the_dead(self._shared)
        return generate_latest(self._registry)


class _LiveIndex(Collector):
    """What every process of the service, and every other one, sees of the index folder."""

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("footnote_build_info", "The version of the service.", labels=["version"])
        build.add_metric([VERSION], 1)
        yield build
        yield from self._generation()
        yield from self._ingests()
        yield from self._replica()

    def _generation(self) -> Iterable[Metric]:
        with suppress(FootnoteError, OSError):
            generations = Generations(self._index_dir)
            manifest = read_manifest(generations.folder(generations.live()))
            age_s = max(0.0, time.time() - datetime.fromisoformat(manifest.created_at).timestamp())
            yield GaugeMetricFamily("footnote_live_generation", "The generation that is live.", manifest.generation)
            yield GaugeMetricFamily("footnote_generation_age_seconds", "Since it was made.", age_s)
            yield GaugeMetricFamily("footnote_index_pages", "Pages in it.", manifest.files)
            yield GaugeMetricFamily("footnote_index_chunks", "Chunks in it.", manifest.chunks)

    def _replica(self) -> Iterable[Metric]:
        """How far a replica is behind; nothing of an index that is none."""
        with suppress(FootnoteError):
            replica, now = read_replica(self._index_dir), time.time()
            if replica is None:
                return
            lag_s = max(0.0, now - replica.behind_since) if replica.behind_since else 0.0
            yield GaugeMetricFamily(
                "footnote_replica_lag_seconds", "For how long another generation has been live at the source.", lag_s
            )
            if replica.contact_at is not None:
                silent_s = max(0.0, now - replica.contact_at)
                yield GaugeMetricFamily("footnote_replica_contact_age_seconds", "Since the source answered.", silent_s)

    def _ingests(self) -> Iterable[Metric]:
        record = read_ingest_record(self._index_dir)
        count = CounterMetricFamily("footnote_ingests", "Ingests of this index, by outcome.", labels=["outcome"])
        last = GaugeMetricFamily(
            "footnote_ingest_last_timestamp_seconds", "When the last one of each outcome ended.", labels=["outcome"]
        )
        for outcome in OUTCOMES:
            count.add_metric([outcome], record.counts.get(outcome, 0))
            if outcome in record.last_s:
                last.add_metric([outcome], record.last_s[outcome])
        yield count
        yield last


def _forget_the_dead(folder: Path) -> None:
    """Let what processes that have ended say of the present go; what they counted stays."""
    for pid in {int(found[1]) for file in folder.glob("gauge_live*.db") if (found := _OF_PROCESS.search(file.name))}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another process was faster
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            pass
