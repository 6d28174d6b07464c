"""What the contract does not say: a server that is away, large indexes, scores to the bit of a length, what is left."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from footnote.app.core.errors import SettingsError, StoreError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.types import Chunk
from footnote.app.index.filters import FileSelection
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import Manifest, read_manifest
from footnote.app.index.postgres import session
from footnote.app.index.postgres.reader import PostgresReader
from footnote.app.index.postgres.vectors import most_compared
from footnote.app.index.postgres.writer import PostgresWriter
from footnote.app.index.reader import open_index
from footnote.app.index.seam import BaseGeneration, Changes
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.check import check
from tests.builders import make_chunk
from tests.index.postgres.server import PostgresServer
from tests.index.server_away import assert_goes_on_once_its_server_is_back
from tests.ingest.contents import Memoised, quiet_ingest

pytestmark = pytest.mark.scale
DIMENSION = 24


@pytest.fixture(scope="module")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def settings(server: PostgresServer, tmp_path: Path) -> Settings:
    (tmp_path / "docs").mkdir()
    (tmp_path / "index").mkdir()
    folders = {"docs_dir": tmp_path / "docs", "index_dir": tmp_path / "index"}
    return load_settings(None, store=f"postgres:{server.address}", **folders)


def change(settings: Settings, name: str, text: str | None) -> None:
    file = settings.folders.docs_dir / name
    if text is None:
        file.unlink()
    else:
        file.write_text(text, "utf-8")


@contextmanager
def connected(server: PostgresServer) -> Iterator[Any]:
    import psycopg  # an extra: not where this test is only collected

    with psycopg.connect(server.address) as connection:
        yield connection


def schemas(server: PostgresServer) -> set[str]:
    with connected(server) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'footnote%'").fetchall()
        return {name for (name,) in found}


class Writing:
    """Generations of made-up chunks, written without an ingest."""

    def __init__(self, settings: Settings, manifest: Manifest) -> None:
        self._settings, self._manifest = settings, manifest
        self.chunks: dict[str, Chunk] = {}
        self.vectors: dict[str, np.ndarray] = {}
        self._base: BaseGeneration | None = None

    def write(self, written: Sequence[Chunk], dropped: Sequence[str] = ()) -> PostgresReader:
        """A generation with these chunks, without the dropped ones."""
        changes = Changes(
            written=written,
            embedded=written,
            dropped={one: self.chunks[one].path for one in dropped},
            replaced={one.id: one.path for one in written if one.id in self.chunks},
        )
        folder = Path(tempfile.mkdtemp(dir=self._settings.folders.index_dir))
        made = PostgresWriter(self._settings.store, folder, self._base).write(changes, self._of, lambda _: None)
        for one in dropped:
            del self.chunks[one]
        self.chunks |= {one.id: one for one in written}
        assert made.chunks == made.vectors == len(self.chunks)
        manifest = replace(self._manifest, collection=made.collection, dimension=made.dimension)
        self._base = BaseGeneration(folder, manifest)
        return PostgresReader(self._settings.store, folder, manifest)

    def _of(self, chunks: Sequence[Chunk]) -> np.ndarray:
        for one in chunks:
            vector = np.random.default_rng(len(self.vectors)).normal(size=DIMENSION)
            self.vectors[one.id] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return np.array([self.vectors[one.id] for one in chunks])


@pytest.fixture
def writing(settings: Settings, memoised: Memoised, tmp_path: Path) -> Writing:
    (tmp_path / "docs" / "a.md").write_text("# A\n\nOne.\n", "utf-8")
    embedded = settings.changed(store="embedded", index_dir=tmp_path / "embedded")
    return Writing(settings, quiet_ingest(embedded, memoised).manifest)


def test_without_its_server_nothing_is_answered_nor_rebuilt_and_all_goes_on_once_it_is_back(
    settings: Settings, server: PostgresServer, memoised: Memoised
) -> None:
    change(settings, "ports.md", "# Ports\n\nThe relay listens on port 7070.\n")
    quiet_ingest(settings, memoised)

    def edit() -> None:
        change(settings, "ports.md", "# Ports\n\nThe relay listens on port 9090.\n")

    assert_goes_on_once_its_server_is_back(settings, server, memoised, edit, "does not answer")


def test_after_a_rollback_an_edit_begins_a_schema_of_its_own_and_all_generations_stay_as_they_are(
    settings: Settings, server: PostgresServer, memoised: Memoised
) -> None:
    def found(generation: int) -> dict[str, str]:
        folder = settings.folders.index_dir / "generations" / str(generation)
        with closing(make_store(settings.store).reader(folder, read_manifest(folder))) as reader:
            assert reader.vectors.count() == reader.chunks.count()
            return {chunk.path: chunk.text for chunk in reader.chunks.all_chunks()}

    change(settings, "a.md", "# A\n\nFirst.\n")
    change(settings, "b.md", "# B\n\nStays.\n")
    quiet_ingest(settings, memoised)
    change(settings, "a.md", "# A\n\nSecond.\n")
    quiet_ingest(settings, memoised)
    second = found(2)
    generations = Generations(settings.folders.index_dir, make_store(settings.store))
    with generations.lock():
        generations.roll_back()
    change(settings, "a.md", "# A\n\nThird.\n")
    change(settings, "c.md", "# C\n\nNew.\n")
    report = quiet_ingest(settings, memoised)
    assert report.rebuilt_because is None and report.embedded == 2
    places = [generations.folder(number) for number in generations.complete()]
    assert len({read_manifest(folder).collection.partition(":")[0] for folder in places}) == len(places) == 2
    assert "Third" in found(3)["a.md"] and found(3).keys() == {"a.md", "b.md", "c.md"}
    assert "Second" in second["a.md"]
    assert check(settings, lambda *_: None).drifts == ()


def test_an_ingest_that_is_broken_off_leaves_nothing_and_others_schemas_stay(
    settings: Settings, server: PostgresServer, memoised: Memoised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(settings, "a.md", "# A\n\nSecret zebra.\n")
    other = settings.changed(index_dir=tmp_path / "other")
    quiet_ingest(other, memoised)
    before = schemas(server)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("footnote.app.index.postgres.writer.write_version", fail)
        quiet_ingest(settings, memoised)
    assert schemas(server) == before
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("footnote.ingest.write.write_manifest", fail)
        quiet_ingest(settings, memoised)
    assert len(schemas(server) - before) == 1
    quiet_ingest(settings, memoised)
    assert before <= schemas(server)
    [own] = schemas(server) - before
    change(settings, "a.md", "# A\n\nNothing here.\n")
    quiet_ingest(settings, memoised, purge=True)
    [purged] = schemas(server) - before
    assert purged != own
    with connected(server) as connection:
        assert connection.execute(f"SELECT count(*) FROM {purged}.vectors").fetchone() == (1,)


def test_a_schema_that_is_gone_is_built_again_whatever_tables_others_have(
    settings: Settings, server: PostgresServer, memoised: Memoised
) -> None:
    change(settings, "a.md", "# A\n\nOne.\n")
    schema, _, _ = quiet_ingest(settings, memoised).manifest.collection.partition(":")
    with connected(server) as connection:
        for table in ("versions", "vectors", "dead"):
            connection.execute(f"CREATE TABLE public.{table} AS SELECT * FROM {schema}.{table}")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
    try:
        report = quiet_ingest(settings, memoised)
    finally:
        with connected(server) as connection:
            connection.execute("DROP TABLE public.versions, public.vectors, public.dead")
    assert report.rebuilt_because and f"no schema {schema}" in report.rebuilt_because
    assert report.embedded == 0


def test_the_graph_finds_what_is_nearest_of_the_files_allowed_and_of_none_that_is_gone(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chunk(number: int) -> Chunk:
        return replace(make_chunk(f"chunk {number}", f"{number % 10}.md"), id=f"{number:032x}")

    for name in ("_FEW", "_MOST_ALLOWED"):
        monkeypatch.setattr(f"footnote.app.index.postgres.vectors.{name}", 0)
    # Of so few vectors the planner would rather sort all.
    monkeypatch.setattr(session, "_SESSION", session._SESSION + "SET enable_sort = off;")
    first = writing.write([chunk(number) for number in range(1_500)])
    gone = sorted(writing.chunks)[:300]
    second = writing.write([chunk(number) for number in range(1_500, 1_600)], gone)
    allowed = FileSelection(
        frozenset({"3.md", "4.md"}), frozenset(f"{number}.md" for number in (0, 1, 2, 5, 6, 7, 8, 9))
    )
    turned = FileSelection(allowed.others, allowed.allowed)
    with closing(first), closing(second):
        found = 0
        for question in range(20):
            asked = np.random.default_rng(10_000 + question).normal(size=DIMENSION)
            asked /= np.linalg.norm(asked)
            for selection in (None, allowed, turned):
                fitting = [i for i, one in writing.chunks.items() if not selection or one.path in selection.allowed]
                nearest = sorted(fitting, key=lambda one: -float(writing.vectors[one] @ asked))[:10]
                hits = second.vectors.search(asked.tolist(), 10, selection)
                assert len(hits) == 10 and {hit.chunk_id for hit in hits} <= set(fitting)
                assert hits == sorted(hits, key=lambda hit: -hit.similarity)
                found += len({hit.chunk_id for hit in hits} & set(nearest))
        assert found >= 0.98 * 20 * 3 * 10
        assert set(gone) & {chunk_id for chunk_id, _, _ in first.vectors.rows()} == set(gone)


@pytest.mark.parametrize(("vectors", "most"), [(20_000, 10_000), (250_000, 50_000), (10_000_000, 100_000)])
def test_what_a_filter_leaves_is_compared_one_by_one_where_the_graph_would_miss_some(vectors: int, most: int) -> None:
    assert most_compared(vectors) == most


def test_a_login_that_is_not_taken_or_an_answer_that_takes_too_long_is_said_without_the_password(
    settings: Settings, server: PostgresServer, memoised: Memoised
) -> None:
    change(settings, "a.md", "# A\n\nOne.\n")
    quiet_ingest(settings, memoised)
    store = make_store(settings.changed(store_timeout_s=0.5).store)
    with (
        closing(open_index(settings.folders.index_dir, store=store)) as index,
        connected(server) as other,
    ):
        schema = index.manifest.collection.partition(":")[0]
        other.execute(f"LOCK TABLE {schema}.vectors")
        with pytest.raises(StoreError, match="FOOTNOTE_STORE_TIMEOUT_S"):
            list(index.vectors.rows())
        other.rollback()
        assert len(list(index.vectors.rows())) == 1
    server.ask_for_passwords()
    try:
        wrong = settings.changed(store_token=SecretStr("not-the-password"))
        with pytest.raises(StoreError, match="does not take the login") as caught:
            open_index(settings.folders.index_dir, store=make_store(wrong.store))
        assert "not-the-password" not in str(caught.value)
    finally:
        server.ask_for_passwords(False)


@pytest.mark.parametrize("address", ["", "http://localhost/db", "postgresql://u:p@localhost/db", "postgresql:"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_STORE"):
        load_settings(None, store=f"postgres:{address}")
