"""`footnote serve --watch`: one watching child, whatever happens to it or to the service."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.service.child import Child
from tests.conftest import WriteDocs
from tests.serving import PATIENCE_S, ROOT, Running, Serve, alive, until


def watchers(service: Running) -> list[int]:
    return service.numbers(r"watching the docs in process (\d+)")


@pytest.fixture
def docs_dir(tmp_path: Path, write_docs: WriteDocs) -> Path:
    return write_docs(tmp_path / "docs", {"a.md": "# A\n\nRelay listens on port 7070.\n"})


def quotes(service: Running, question: str) -> list[str]:
    status, _, answer = service.request("POST", "/query", {"question": question})
    return [citation["quote"] for citation in answer["citations"]] if status == 200 else []


def test_edits_are_served_and_neither_the_folder_nor_the_child_is_missed_for_long(
    serve: Serve, docs_dir: Path, tmp_path: Path, write_docs: WriteDocs
) -> None:
    # The child must find the modules of the service, not what lies in the working folder.
    here = write_docs(
        tmp_path / "here", dict.fromkeys(("app.py", "ingest.py", "footnote.py"), "raise SystemExit('wrong module')")
    )
    service = serve("--watch", "--workers", "2", cwd=here, docs_dir="../docs", index_dir="../index")
    service.serves(1)
    write_docs(docs_dir, {"a.md": "# A\n\nRelay listens on port 8080.\n"})
    service.serves(2)
    until(lambda: quotes(service, "Which port?") == ["Relay listens on port 8080."], service.log)
    until(lambda: f"watch: generation 2: 1 file, 1 chunk from {docs_dir} in" in service.log, "the watch's own line")

    away = docs_dir.rename(tmp_path / "away")
    until(lambda: "watch: error: " in service.log, "the error")
    write_docs(away, {"a.md": "# A\n\nRelay listens on port 9090.\n"})
    away.rename(docs_dir)
    service.serves(3)

    (watcher,) = watchers(service)
    os.kill(watcher, signal.SIGKILL)
    until(lambda: len(watchers(service)) == 2, "another child")
    assert "the process that watches the docs ended with -9: another one starts in 1 s" in service.log
    write_docs(docs_dir, {"a.md": "# A\n\nRelay listens on port 1010.\n"})
    service.serves(4)

    service.stop()
    assert not any(alive(pid) for pid in watchers(service))


@pytest.mark.parametrize("workers", [1, 2])
def test_no_process_is_left_when_the_service_is_killed(serve: Serve, docs_dir: Path, workers: int) -> None:
    service = serve("--watch", docs_dir=docs_dir, index_dir=docs_dir.parent / "index", workers=workers)
    # The child is idle then: it has no reason to print, and so to find out that nobody reads.
    until(lambda: len(service.workers) == workers and "watch: generation 1" in service.log, "the first ingest")
    processes = [*watchers(service), *service.workers]
    assert len(set(processes)) == workers + 1
    service.stop(signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in processes), f"all to end; the log: {service.log}")


@pytest.mark.parametrize(("workers", "code"), [(1, -signal.SIGTERM), (2, 0)])
def test_sigterm_ends_the_child_before_the_service(serve: Serve, docs_dir: Path, workers: int, code: int) -> None:
    service = serve("--watch", docs_dir=docs_dir, index_dir=docs_dir.parent / "index", workers=workers)
    service.stop()
    assert service.process.returncode == code
    assert not any(alive(pid) for pid in watchers(service))


def test_without_the_setting_nothing_is_watched(serve: Serve, docs_dir: Path) -> None:
    service = serve("--no-watch", docs_dir=docs_dir, index_dir=docs_dir.parent / "index", watch="true")
    assert watchers(service) == []


STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(60)\n"
)


@pytest.fixture
def stubborn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """A child that no interrupt ends."""
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    monkeypatch.syspath_prepend(tmp_path)
    return Child("stubborn", ["stubborn"], load_settings(env_file=None))


def test_a_child_that_hangs_is_killed(
    stubborn: Child, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    until(lambda: "stubborn: up" in caplog.text)
    monkeypatch.setattr("footnote.app.service.child._GRACE_S", 0.1)
    os.kill(stubborn.pid, signal.SIGSTOP)  # nor can it end itself
    stubborn.end()
    assert stubborn.wait() == -signal.SIGKILL
    assert not alive(stubborn.pid)


def test_a_child_that_does_not_listen_kills_itself_when_the_service_is_gone(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-m", "footnote.app.service.child", "stubborn"]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin and child.stdout
        assert child.stdout.readline() == b"up\n"
        child.stdin.close()
        assert child.wait(PATIENCE_S) == -signal.SIGKILL


def test_what_a_child_prints_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "talks.py").write_text(
        "import os, sys\nprint('one')\nprint('two', os.environ['FOOTNOTE_INDEX_DIR'], *sys.argv[1:], file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    caplog.set_level("INFO")
    child = Child("talks", ["talks", "--a", "b c"], load_settings(env_file=None, index_dir=Path("über")))
    assert child.wait() == 3
    assert sorted((one.levelname, one.message) for one in caplog.records) == [
        ("INFO", "talks: one"),
        ("WARNING", "talks: two über --a b c"),
    ]
