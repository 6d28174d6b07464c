"""After any sequence of changes the index equals one that is built from nothing.

Time is simulated, in the steps of a file system that counts finely or coarsely, so that a sequence does the
same whenever it runs. All else is real.
"""

import os
import shutil
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from footnote.app.core.errors import DocsFolderError, IndexMismatchError
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.ingest.cache import IngestCache
from footnote.ingest.commands.check import check
from footnote.ingest.flow import IngestReport, Preview, preview
from tests.ingest.contents import (
    Contents,
    Memoised,
    assert_exact,
    assert_same,
    assert_tidy,
    assert_unchanged,
    memory_folder,
    quiet_ingest,
    read_contents,
)
from tests.ingest.docs_folder import SECOND_NS, DocsFolder
from tests.ingest.pages import FRONTS, PAGES, PATHS, SHOWN, Page

# For a long run, raise the first: 12 sequences take about 30 s on two cores.
SEQUENCES = 12
STEPS = 25
DONE: Counter[str] = Counter()  # what the sequences of this process did, for whoever makes a long run

_INCLUDES = (("**/*.md", "**/*.mdx", "**/*.markdown"), ("**/*.md",), ("*.md", "guides/*.md", "ref/**"))
_EXCLUDES = ((), ("deep/",), ("*a*", "!a.md"), ("drafts/",))
_MAX_FILE_MB = (10.0, 0.0003, 1.0)
_BESIDE = (None, b"def relay():\n    return 7070\n", b"# The zebra.\n\n\ndef relay():\n    return 9090\n", b"\0")
_WAITS_S = st.sampled_from([0, 0, 3])  # a file is trusted by its times once they are 2 s old
_INTERFERENCES = (
    "read other files",
    "cut in another way",
    "move the docs folder",
    "delete the cache",
    "rebuild",
    "purge",
    "edit beside the docs folder",
)
_CHUNKS = ((1000, 200), (100, 50), (250, 0), (250, 100))


class Ingests(RuleBasedStateMachine):
    """A docs folder that changes, its index, and what is known of both."""

    def __init__(self, embedder: Memoised) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="footnote-", dir=memory_folder()))
        self.patch = pytest.MonkeyPatch()
        self.embedder = embedder
        self.docs = DocsFolder(self.root / "docs")
        self.settings = load_settings(
            None, docs_dir=self.docs.folder, index_dir=self.root / "index", include_roots=str(self.root / "beside")
        )
        self.generations = Generations(self.settings.folders.index_dir)
        self.live: Contents | None = None
        self.published: dict[int, Contents] = {}
        self.embedded: set[str] = set()
        self.patch.setattr("footnote.ingest.flow.find_files", self.docs.found)
        self.patch.setattr("footnote.ingest.plan.time", SimpleNamespace(time_ns=lambda: self.docs.now_ns))
        DONE["sequences"] += 1

    @initialize(
        pages=st.dictionaries(st.sampled_from(PATHS[:10]), PAGES, min_size=2, max_size=6),
        step_s=st.sampled_from([0, 2]),
        chunks_a_bucket=st.sampled_from([2, 4, 1_500]),
        wears_out_after=st.sampled_from([3, 100]),
    )
    def begin(self, pages: dict[str, Page], step_s: int, chunks_a_bucket: int, wears_out_after: int) -> None:
        self.patch.setattr("footnote.app.index.embedded.lexical_segments._CHUNKS_A_BUCKET", chunks_a_bucket)
        self.patch.setattr("footnote.ingest.plan._MIN_REPLACED", wears_out_after)
        self.docs.step_ns = max(1, step_s * SECOND_NS)
        for path, page in pages.items():
            self.docs.write(path, page)
        for path, page in zip(SHOWN, pages.values(), strict=False):
            self.docs.write(path, page)
        self.edit_beside(b"def relay():\n    return 7070\n")
        self.ingest_as()

    @rule(data=st.data(), changes=st.integers(1, 4))
    def change(self, data: st.DataObject, changes: int) -> None:
        for _ in range(changes):
            DONE["change " + self.docs.change(data)] += 1

    @rule(data=st.data(), changes=st.integers(1, 4), wait_s=_WAITS_S, checksum=st.booleans())
    def change_and_ingest(self, data: st.DataObject, changes: int, wait_s: int, checksum: bool) -> None:
        self.change(data, changes)
        self.ingest(wait_s, checksum)

    @rule(data=st.data(), wait_s=_WAITS_S)
    def change_little_and_ingest(self, data: st.DataObject, wait_s: int) -> None:
        self.change_and_ingest(data, 1, wait_s, checksum=False)

    @rule(wait_s=_WAITS_S, checksum=st.booleans())
    def ingest(self, wait_s: int, checksum: bool) -> None:
        self.docs.now_ns += wait_s * SECOND_NS
        self.ingest_as(checksum=checksum)

    @rule(data=st.data())
    def interfere(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from(_INTERFERENCES))
        DONE[way] += 1
        if way == "read other files":
            include, exclude, max_file_mb = (
                data.draw(st.sampled_from(c)) for c in (_INCLUDES, _EXCLUDES, _MAX_FILE_MB)
            )
            roots = data.draw(st.sampled_from(((), ("none",), (str(self.root / "beside"),))))
            self.set(include=include, exclude=exclude, max_file_mb=max_file_mb, include_roots=roots)
        elif way == "cut in another way":
            size, overlap = data.draw(st.sampled_from(_CHUNKS))
            self.set(chunk_size_chars=size, chunk_overlap_chars=overlap)
        elif way == "move the docs folder":
            self.docs.relocate(self.root / ("pages" if self.docs.folder.name == "docs" else "docs"))
            self.set(docs_dir=self.docs.folder)
        elif way == "edit beside the docs folder":
            self.edit_beside(data.draw(st.sampled_from(_BESIDE)))
        elif way == "delete the cache":
            (self.settings.folders.index_dir / "cache.sqlite3").unlink(missing_ok=True)
            self.embedded.clear()
        else:
            self.ingest_as(rebuild=way == "rebuild", purge=way == "purge")

    @precondition(lambda self: self.live and any(int(n) < self.live.generation for n in self.numbers()))
    @rule()
    def roll_back(self) -> None:
        with self.generations.lock():
            number = self.generations.roll_back()
        self.live = self.read()
        assert_unchanged(self.live, self.published[number])
        DONE["rollbacks"] += 1

    def edit_beside(self, content: bytes | None) -> None:
        """Write or delete the file beside the docs folder that pages show."""
        file = self.root / "beside" / "relay.py"
        file.unlink(missing_ok=True)
        if content is not None:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)

    def ingest_as(self, rebuild: bool = False, purge: bool = False, checksum: bool = False) -> None:
        """Ingest, and compare with a fresh build."""
        DONE["ingests"] += 1
        modes = {"rebuild": rebuild, "purge": purge, "checksum": checksum}
        if self.live and self.is_cut_in_another_way(self.live) and not (rebuild or purge):
            self.refused(IndexMismatchError, modes)
            rebuild = modes["rebuild"] = True
        try:
            fresh = self.fresh()
        except DocsFolderError:
            self.refused(DocsFolderError, modes)
            return
        planned = preview(
            self.settings, lambda *_: None, self.embedder.fingerprint, rebuild=rebuild or purge, checksum=checksum
        )
        self.embedder.asked.clear()
        report = quiet_ingest(self.settings, self.embedder, **modes)
        contents = self.read()
        self.assert_as_planned(planned, report)
        self.assert_nothing_is_embedded_twice(report, contents, purge)
        assert_same(contents, fresh)
        if report.published:
            assert contents.mtimes_ns == fresh.mtimes_ns
            assert_tidy(self.settings.folders.index_dir)
        else:
            assert self.live
            assert_unchanged(contents, self.live)
        assert check(self.settings, lambda *_: None).drifts == ()
        self.live = self.published[report.manifest.generation] = contents

    def refused(self, error: type[Exception], modes: dict[str, bool]) -> None:
        with pytest.raises(error):
            quiet_ingest(self.settings, self.embedder, **modes)
        DONE[f"refused with {error.__name__}"] += 1
        if self.live:
            assert_unchanged(self.read(), self.live)

    def fresh(self) -> Contents:
        folder = Path(tempfile.mkdtemp(dir=self.root))
        try:
            quiet_ingest(self.settings.changed(index_dir=folder), self.embedder)
            return read_contents(folder, self.embedder)
        finally:
            shutil.rmtree(folder)

    def assert_as_planned(self, planned: Preview, report: IngestReport) -> None:
        DONE["published"] += report.published
        DONE["included files"] += report.plan.included
        DONE["included files not shown"] += sum(skip.lost == "include" for skip in report.plan.skips)
        DONE["built from nothing"] += report.published and report.plan.base is None
        DONE["worn out"] += report.rebuilt_because is not None
        because = report.rebuilt_because
        before = self.live.built_with["docs_dir"] if self.live else None
        worn_out = (
            "a quarter of the index was replaced since it was last built from nothing",
            f"it was built from {before}",
        )
        assert because in (None, *worn_out), "continuing the base failed"
        assert planned.nothing_to_do is not report.published
        assert planned.to_embed == report.embedded
        for name in ("files", "chunks", "dropped", "skips", "added", "changed", "deleted", "unchanged"):
            assert getattr(planned.plan, name) == getattr(report.plan, name), name

    def assert_nothing_is_embedded_twice(self, report: IngestReport, contents: Contents, purge: bool) -> None:
        asked = self.embedder.asked
        assert len(asked) == len(set(asked)) == report.embedded
        assert self.embedded.isdisjoint(asked)
        self.embedded = {*self.embedded, *asked} & contents.texts if purge else {*self.embedded, *asked}

    def is_cut_in_another_way(self, live: Contents) -> bool:
        names = ("chunk_size_chars", "chunk_overlap_chars")
        return any(live.built_with[name] != getattr(self.settings.ingest, name) for name in names)

    def numbers(self) -> list[str]:
        return os.listdir(self.settings.folders.index_dir / "generations")

    def set(self, **fields: object) -> None:
        self.settings = self.settings.changed(**fields)

    def read(self) -> Contents:
        return read_contents(self.settings.folders.index_dir, self.embedder)

    def teardown(self) -> None:
        try:
            self.ingest_as()
        finally:
            self.patch.undo()
            shutil.rmtree(self.root)


def test_any_sequence_of_changes_gives_the_index_of_a_fresh_build(memoised: Memoised) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Ingests(memoised),
        settings=hypothesis.settings(max_examples=SEQUENCES, stateful_step_count=STEPS, deadline=None),
    )


def test_no_trick_with_times_hides_a_change(memoised: Memoised, tmp_path: Path) -> None:
    """On the real file system, once all times are so old that they are trusted."""
    docs_dir = tmp_path / "docs"
    docs_dir.mkdir()
    for name in ("restored", "same size", "moved over", "swapped", "swapped too", "linked", "touched"):
        (docs_dir / f"{name}.md").write_text(f"# Page\n\nThe zebra of {name}.\n".ljust(60))
        os.utime(docs_dir / f"{name}.md", (1_600_000_000, 1_600_000_000))
    aside = tmp_path / "older.md"
    aside.write_text("# Page\n\nThe relay of long ago.\n".ljust(60))
    os.utime(aside, (1_600_000_000, 1_600_000_000))
    settings = load_settings(None, docs_dir=docs_dir, index_dir=tmp_path / "index")
    time.sleep(2.1)
    quiet_ingest(settings, memoised)
    with closing(IngestCache(settings.folders.index_dir, read_only=True)) as cache:
        assert len(cache.known_files(docs_dir)) == 7

    (docs_dir / "restored.md").write_text("# Page\n\nThe okapi, of another size.\n")
    (docs_dir / "same size.md").write_text("# Page\n\nThe okapi.\n".ljust(60))
    for name in ("restored", "same size"):
        os.utime(docs_dir / f"{name}.md", (1_600_000_000, 1_600_000_000))
    aside.rename(docs_dir / "moved over.md")
    (docs_dir / "swapped.md").rename(tmp_path / "between")
    (docs_dir / "swapped too.md").rename(docs_dir / "swapped.md")
    (tmp_path / "between").rename(docs_dir / "swapped too.md")
    (docs_dir / "linked.md").unlink()
    os.link(docs_dir / "touched.md", docs_dir / "linked.md")
    (docs_dir / "touched.md").touch()

    report = quiet_ingest(settings, memoised)
    changed = ("linked", "moved over", "restored", "same size", "swapped", "swapped too")
    assert sorted(report.plan.changed) == sorted(f"{name}.md" for name in changed)
    assert_exact(settings, memoised, tmp_path / "fresh")


SETTLED = ("broken.md", Page("title: [broken\n", ("# Broken\n\nThe zebra.",)))
ZEBRA, OKAPI = Page("title: A\n", ("The zebra.", "## Port\n\nPort 7070.")), Page("title: A\n", ("The okapi.",))
# Pages as they are first, as they are then, and how much time passes before each ingest; each caught a mistake.
CASES: dict[str, tuple[Page, Page, int]] = {
    "a loss in a page that is not read again": (ZEBRA, OKAPI, 5),
    "another title alone": (ZEBRA, replace(ZEBRA, front="title: B\n"), 5),
    "lines and offsets shift": (ZEBRA, replace(ZEBRA, sections=("# New", *ZEBRA.sections)), 5),
    "equal to Python, not as JSON": (replace(ZEBRA, front=FRONTS[3]), replace(ZEBRA, front=FRONTS[4]), 5),
    "another order of names": (replace(ZEBRA, front=FRONTS[5]), replace(ZEBRA, front=FRONTS[6]), 5),
    "as long as before, in the same step": (ZEBRA, replace(ZEBRA, sections=("The okapi.", *ZEBRA.sections[1:])), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_one_change_gives_the_index_of_a_fresh_build(
    case: str, memoised: Memoised, quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then, pass_s = CASES[case]
    docs = DocsFolder(quick_path / "docs")
    docs.step_ns = 2 * SECOND_NS
    monkeypatch.setattr("footnote.ingest.flow.find_files", docs.found)
    monkeypatch.setattr("footnote.ingest.plan.time", SimpleNamespace(time_ns=lambda: docs.now_ns))
    monkeypatch.setattr("footnote.app.index.embedded.lexical_segments._CHUNKS_A_BUCKET", 2)
    settings = load_settings(None, docs_dir=docs.folder, index_dir=quick_path / "index")
    for path, page in (SETTLED, ("a.md", first), ("b.md", ZEBRA), ("c.md", OKAPI)):
        docs.write(path, page)
    docs.now_ns += pass_s * SECOND_NS
    quiet_ingest(settings, memoised)
    docs.write("a.md", then)
    docs.now_ns += pass_s * SECOND_NS
    report = quiet_ingest(settings, memoised)
    assert (report.plan.changed, report.rebuilt_because) == (("a.md",), None)
    assert_exact(settings, memoised, quick_path / "fresh")
