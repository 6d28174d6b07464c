"""cluster: what an ingest asks of a Ray cluster: chunks of pages, and vectors of texts."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedder import embedder_fingerprint, is_service
from footnote.ingest.cluster.connecting import connected
from footnote.ingest.cluster.worker import identity_of
from footnote.ingest.cluster.workers import Workers
from footnote.ingest.diff import ComparedFile
from footnote.ingest.embed import Arrived
from footnote.ingest.split import Split
from footnote.ingest.splitting import documents_of, groups_of, paired

_TEXTS = 32  # a task; about half a second for the bundled model


class Cluster:
    """Workers that cut pages and embed; made by `joined`."""

    def __init__(self, workers: Workers, fingerprint: Fingerprint) -> None:
        self._workers = workers
        self.fingerprint = fingerprint

    @property
    def lost(self) -> int:
        """How many workers were lost until now."""
        return self._workers.lost

    def split(
        self, compared: Iterable[ComparedFile], rules: IngestSettings, site: Flavour
    ) -> Iterator[tuple[ComparedFile, Split | None]]:
        """Each file in order, with its chunks where it was read.

        Raises:
            ClusterError: there are no workers, or they are not of this version.
        """
        ready: dict[int, tuple[list[ComparedFile], list[Split]]] = {}
        following = 0

        def read() -> Iterator[tuple[int, list[ComparedFile]]]:
            for number, group in enumerate(groups_of(compared)):
                if documents_of(group):
                    yield number, group
                else:
                    ready[number] = group, []

        def in_order() -> Iterator[tuple[ComparedFile, Split | None]]:
            nonlocal following
            while following in ready:
                yield from paired(*ready.pop(following))
                following += 1

        done = self._workers.done(read(), lambda worker, task: worker.split.remote(site, documents_of(task[1])))
        with closing(done):
            for _, (number, group), splits in done:
                ready[number] = group, splits
                yield from in_order()
        yield from in_order()

    def arriving(self, texts: Iterable[str]) -> Generator[Arrived, None, None]:
        """The number of a first text and `(n, dim)` unit vectors of it and those behind it, in any order.

        Raises:
            ClusterError: there are no workers.
            ModelError: one cannot load the embedder, or it gives no vectors.
        """
        coming = iter(texts)
        batches = iter(lambda: list(islice(coming, _TEXTS)), [])
        done = self._workers.done(batches, lambda worker, batch: worker.embed.remote(batch))
        with closing(done):
            for number, _, vectors in done:
                yield number * _TEXTS, vectors


@contextmanager
def joined(address: str, settings: Settings, workers: int | None = None) -> Iterator[Cluster]:
    """The cluster at an address, with so many workers; by default as many as it has processors.

    Workers get the rules of cutting and the name of the embedder, no keys: an embedding server is asked from here.

    Raises:
        SettingsError: the extra is not installed.
        ClusterError: there is no cluster at this address.
    """
    models = None if is_service(settings.models) else settings.models
    with connected(address) as ray:
        there = Workers(ray, workers, identity_of(models), (settings.ingest, models))
        with closing(there):
            yield Cluster(there, embedder_fingerprint(settings.models))
