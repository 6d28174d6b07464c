"""Pages cut in several processes are what they are cut into here."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from footnote.app.core.errors import FootnoteError
from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import MDX, PLAIN
from footnote.app.core.settings import load_settings
from footnote.ingest import splitting
from footnote.ingest.diff import ComparedFile
from footnote.ingest.read import read_document
from footnote.ingest.splitting import groups_of, split_each, split_on_cores
from tests.conftest import CORPUS

RULES = load_settings(env_file=None).ingest


@pytest.fixture(autouse=True)
def _in_processes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_ALONE_S", 0.0)
    monkeypatch.setattr(splitting, "core_count", lambda: 2)
    monkeypatch.setattr(splitting, "_GROUP_FILES", 3)


def compared(copies: int = 4) -> list[ComparedFile]:
    """The pages of the corpus several times under other names, and between them files that were not read."""
    found = []
    for copy in range(copies):
        for page in sorted(CORPUS.rglob("*.md")):
            stat = page.stat()
            file = FoundFile(f"{copy}/{page.name}", page, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            document, skip = read_document(file)
            found.append(ComparedFile(file, None, document, skip, None))
            if len(found) % 5 == 0:
                found.append(ComparedFile(file, None, None, skip, None))
    return found


def processes_of_ours() -> list[str]:
    """The processes that cut pages, of all on this machine that this one started."""
    found = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if "footnote.ingest.splitting" in line]


@pytest.mark.parametrize("site", [PLAIN, MDX])
def test_chunks_and_order_are_those_of_one_process(site) -> None:
    files = compared()
    assert list(split_on_cores(iter(files), RULES, site)) == list(split_each(files, RULES, site))
    assert processes_of_ours() == []


def test_a_page_that_would_hold_up_an_ingest_is_left_out_there_too() -> None:
    files = compared(1)
    document = files[2].document
    assert document is not None
    costly = files[2]._replace(document=type(document)("c.md", b"<!---->" * 60_000, 0, None, {}, "0" * 64, 0))
    files.append(costly)
    found = list(split_on_cores(iter(files), RULES, PLAIN))
    assert [split[1].reason for _, split in found if split and split[1]] == ["too costly to read"]


def test_no_process_is_started_for_what_is_cut_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_ALONE_S", 60.0)
    monkeypatch.setattr(subprocess, "Popen", None)
    files = compared(1)
    assert list(split_on_cores(iter(files), RULES, PLAIN)) == list(split_each(files, RULES, PLAIN))


def test_files_are_read_as_they_are_needed() -> None:
    read = []

    def reading() -> Iterator[ComparedFile]:
        for file in compared(40):
            read.append(file)
            yield file

    found = split_on_cores(reading(), RULES, PLAIN)
    next(found)
    next(found)
    assert len(read) < 40
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert processes_of_ours() == []


def test_a_process_that_is_killed_is_an_error_that_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = subprocess.Popen

    def killed(*arguments, **options):
        started.append(popen(*arguments, **options))
        started[-1].send_signal(signal.SIGKILL)
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", killed)
    with pytest.raises(
        FootnoteError, match=r"was ended from outside while it had 0/.*\.md and \d+ others: is there en"
    ):
        list(split_on_cores(iter(compared()), RULES, PLAIN))


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    files = compared()
    broken = files[21]
    assert broken.document is not None
    files[21] = broken._replace(document=type(broken.document)("b.md", b"\xff", 0, None, {}, "0" * 64, 0))
    with pytest.raises(UnicodeDecodeError):
        list(split_on_cores(iter(files), RULES, PLAIN))
    assert processes_of_ours() == []


def test_who_stops_waits_for_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *given, **more: started.append(popen(*given, **more)) or started[-1]
    )
    found = split_on_cores(iter(compared(40)), RULES, PLAIN)
    next(found)  # was cut here
    next(found)
    for process in started:
        process.send_signal(signal.SIGSTOP)
    stopping = threading.Thread(target=found.close)  # type: ignore[attr-defined]  # it is a generator
    stopping.start()
    stopping.join(30)
    waits = stopping.is_alive()
    for process in started:
        process.kill()
    stopping.join()
    assert (len(started), waits) == (2, False)


def test_a_process_ends_with_its_input_so_that_none_outlives_a_killed_ingest() -> None:
    command = [sys.executable, "-m", "footnote.ingest.splitting"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_groups_hold_every_file_in_order_and_are_of_a_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    files = compared()
    groups = list(groups_of(files))
    assert [file for group in groups for file in group] == files
    assert max(map(len, groups)) == 3
    monkeypatch.setattr(splitting, "_GROUP_BYTES", 1)
    assert {len(group) for group in groups_of(file for file in files if file.document)} == {1}
    assert list(groups_of([])) == []
