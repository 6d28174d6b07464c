"""exposition: what `/metrics` says: what all processes have counted, and what the index folder shows then."""

import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from prometheus_client import CollectorRegistry, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

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
    """The text that Prometheus reads, of one service.

    Args:
        metrics: what this process has counted.
        index_dirs: the index folders as they are now, by collection; by "" where it has no name, and so no label.
    """

    def __init__(self, metrics: Metrics, index_dirs: Callable[[], Mapping[str, Path]]) -> None:
        self._shared = Path(os.environ[SHARED_FOLDER]) if values.ValueClass is not values.MutexValue else None
        self._counted: tuple[Collector, ...]
        if self._shared:
            self._counted = (MultiProcessCollector(None, str(self._shared)),)  # type: ignore[no-untyped-call]
        else:
            self._counted = metrics.registry, ProcessCollector(namespace="footnote", registry=None)
        self._index_dirs = index_dirs

    def text(self, collections: Collection[str] | None = None) -> bytes:
        """All figures as they are now; of what is about one collection those of these alone, None for all."""
        if self._shared:
            _forget_the_dead(self._shared)
        index_dirs = {
            name: folder for name, folder in self._index_dirs().items() if collections is None or name in collections
        }
        registry = CollectorRegistry()
        for counted in self._counted:
            registry.register(_OfThese(counted, index_dirs))
        registry.register(_LiveIndex(index_dirs))
        return generate_latest(registry)


class _OfThese(Collector):
    """What was counted, but for collections that are not among these: of one that was removed its last value stays."""

    def __init__(self, counted: Collector, collections: Collection[str]) -> None:
        self._counted = counted
        self._collections = collections

    def collect(self) -> Iterable[Metric]:
        for metric in self._counted.collect():
            metric.samples = [_labelled(one) for one in metric.samples if self._is_wanted(one)]
            yield metric

    def _is_wanted(self, sample: Sample) -> bool:
        return sample.labels.get("collection") in (None, *self._collections)


def _labelled(sample: Sample) -> Sample:
    """The sample without the label of a collection that has no name."""
    if sample.labels.get("collection") != "":
        return sample
    return sample._replace(labels={name: value for name, value in sample.labels.items() if name != "collection"})


class _LiveIndex(Collector):
    """What every process of the service, and every other one, sees of the index folders."""

    def __init__(self, index_dirs: Mapping[str, Path]) -> None:
        self._index_dirs = index_dirs

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("footnote_build_info", "The version of the service.", labels=["version"])
        build.add_metric([VERSION], 1)
        yield build
        families: dict[str, Metric] = {}
        for collection, index_dir in self._index_dirs.items():
            own = ["collection"] if collection else []
            for figure in (*_generation(index_dir), *_ingests(index_dir), *_replica(index_dir)):
                kind = CounterMetricFamily if figure.is_count else GaugeMetricFamily
                family = families.setdefault(
                    figure.name, kind(figure.name, figure.described, labels=[*own, *figure.labels])
                )
                assert isinstance(family, CounterMetricFamily | GaugeMetricFamily)
                family.add_metric([*[collection] * len(own), *figure.labels.values()], figure.value)
        yield from families.values()


class _Figure(NamedTuple):
    """One figure of an index; `labels` has their values."""

    name: str
    described: str
    value: float
    labels: Mapping[str, str] = MappingProxyType({})
    is_count: bool = False


def _generation(index_dir: Path) -> Iterable[_Figure]:
    with suppress(FootnoteError, OSError):
        generations = Generations(index_dir)
        manifest = read_manifest(generations.folder(generations.live()))
        age_s = max(0.0, time.time() - datetime.fromisoformat(manifest.created_at).timestamp())
        yield _Figure("footnote_live_generation", "The generation that is live.", manifest.generation)
        yield _Figure("footnote_generation_age_seconds", "Since it was made.", age_s)
        yield _Figure("footnote_index_pages", "Pages in it.", manifest.files)
        yield _Figure("footnote_index_chunks", "Chunks in it.", manifest.chunks)


def _replica(index_dir: Path) -> Iterable[_Figure]:
    """How far a replica is behind; nothing of an index that is none."""
    with suppress(FootnoteError):
        replica, now = read_replica(index_dir), time.time()
        if replica is None:
            return
        lag_s = max(0.0, now - replica.behind_since) if replica.behind_since else 0.0
        lagging = "For how long another generation has been live at the source."
        yield _Figure("footnote_replica_lag_seconds", lagging, lag_s)
        if replica.contact_at is not None:
            silent_s = max(0.0, now - replica.contact_at)
            yield _Figure("footnote_replica_contact_age_seconds", "Since the source answered.", silent_s)


def _ingests(index_dir: Path) -> Iterable[_Figure]:
    record = read_ingest_record(index_dir)
    last = "When the last one of each outcome ended."
    for outcome in OUTCOMES:
        of = {"outcome": outcome}
        count = record.counts.get(outcome, 0)
        yield _Figure("footnote_ingests", "Ingests of this index, by outcome.", count, of, is_count=True)
        if outcome in record.last_s:
            yield _Figure("footnote_ingest_last_timestamp_seconds", last, record.last_s[outcome], of)


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
