"""`footnote tune-llm openai`: from a file to a tuned model that answers."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from footnote.app.cli.finetuning.openai.showing import Thinned
from footnote.app.cli.main import app
from footnote.app.core.settings import load_settings
from footnote.app.finetuning.jobs.announced import announced
from footnote.app.finetuning.jobs.types import JobEvent
from tests.conftest import MAIN
from tests.finetuning.checking.test_check import GOOD, messages
from tests.finetuning.jobs.fake_provider import KEY

TUNED = "ft:gpt-4.1-mini:test-org:acme:abc1"


@pytest.fixture
def env(fake, tmp_path):
    return {
        "FOOTNOTE_FINE_TUNING_BASE_URL": fake.base_url,
        "FOOTNOTE_FINE_TUNING_API_KEY": KEY,
        "TIKTOKEN_CACHE_DIR": str(tmp_path),
        "COLUMNS": "200",
    }


@pytest.fixture
def openai(env):
    def run(*arguments, **more):
        given = [*map(str, arguments)]
        if arguments[0] in ("start", "status", "events"):
            given += ["--every", "0.01"]
        return CliRunner().invoke(app, ["tune-llm", "openai", *given], env={**env, **more})

    return run


def test_a_file_becomes_a_tuned_model_that_is_used(openai, fake, train, tmp_path):
    held_out = tmp_path / "heldout.jsonl"
    held_out.write_text(json.dumps(GOOD[0]) + "\n")
    options = ("--model", "gpt-4.1-mini", "--suffix", "acme", "--epochs", 3, "--seed", 5, "--use")
    result = openai("start", train, "--validation", held_out, *options)
    assert result.exit_code == 0, result.output
    assert fake.asked("POST", "/v1/fine_tuning/jobs") == [
        {
            "training_file": "file-1",
            "validation_file": "file-2",
            "model": "gpt-4.1-mini",
            "suffix": "acme",
            "seed": 5,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
        }
    ]
    assert list(fake.files.values()) == [train.read_bytes(), held_out.read_bytes()]
    lines = result.stdout.splitlines()
    shown = "ftjob-1  validating_files  gpt-4.1-mini"
    assert lines[0] == shown and lines.count(shown) == 1
    assert any(line.endswith("step 4 of 4 (100%), training loss 0.500") for line in lines)
    assert f"ftjob-1  succeeded  gpt-4.1-mini, {TUNED}, 4,321 tokens trained" in lines
    assert f"set as FOOTNOTE_LLM in {Path('.env').absolute()}" in lines
    assert f"it answers at {fake.base_url}: set FOOTNOTE_LLM_BASE_URL to that" in lines
    assert lines[-1].endswith(f"report heldout-questions.jsonl --tuned openai:{TUNED}")
    assert Path(".env").read_text().strip() == f"FOOTNOTE_LLM='openai:{TUNED}'"
    assert KEY not in result.output


def test_a_job_may_be_watched_later_by_its_id(openai, fake, train):
    started = openai("start", train, "--model", "m", "--no-watch")
    assert started.exit_code == 0
    assert started.stdout.splitlines()[-1] == "watch it: footnote tune-llm openai status ftjob-1 --watch"
    assert openai("status", "ftjob-1").stdout == "ftjob-1  validating_files  m\n"
    early = openai("status", "ftjob-1", "--use")
    assert early.exit_code == 2 and "--use needs a job that has succeeded, or --watch" in early.stderr
    watched = openai("status", "ftjob-1", "--watch", "--use")
    assert watched.exit_code == 0 and "FOOTNOTE_LLM" in Path(".env").read_text()
    assert "Created fine-tuning job: ftjob-1" in watched.stdout
    done = json.loads(openai("status", "ftjob-1", "--json").stdout)
    assert (done["status"], done["tuned_model"], done["has_ended"]) == ("succeeded", "ft:m:test-org::abc1", True)


def test_what_is_used_has_no_adapter_of_the_model_before(openai, fake, train):
    openai("start", train, "--model", "m")
    Path(".env").write_text("FOOTNOTE_LLM=/models/base.gguf\nFOOTNOTE_LLM_ADAPTER=/models/adapter.gguf\n")
    assert openai("status", "ftjob-1", "--use").exit_code == 0
    assert load_settings().llm.name == "openai:ft:m:test-org::abc1"  # which no settings allow beside an adapter


def test_a_file_that_is_uploaded_is_not_sent_again(openai, fake, train):
    openai("start", train, "--model", "m", "--no-watch")
    assert openai("start", "file-1", "--model", "m", "--no-watch").exit_code == 0
    assert len(fake.asked("POST", "/v1/files")) == 1
    assert [body["training_file"] for body in fake.asked("POST", "/v1/fine_tuning/jobs")] == ["file-1", "file-1"]


def test_a_file_with_errors_is_not_uploaded(openai, fake, train):
    train.write_text(train.read_text() + "{\n")
    refused = openai("start", train, "--model", "m")
    assert refused.exit_code == 1 and f"{train}:11: error: is not JSON" in refused.stderr
    assert fake.received == []
    assert openai("start", train, "--model", "m", "--no-check").exit_code == 0


def test_a_job_that_fails_says_why(openai, fake, train):
    fake.invalid = "Example 3 has no assistant message."
    result = openai("start", train, "--model", "m", "--use")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == (
        "ftjob-1  failed  m, Example 3 has no assistant message. (invalid_training_file, training_file)"
    )
    assert not Path(".env").exists()


def test_pairs_are_for_dpo(openai, fake, tmp_path, train):
    pairs = tmp_path / "pairs.jsonl"
    rows = [
        {
            "input": {"messages": messages(number)[:2]},
            "preferred_output": [{"role": "assistant", "content": "Yes [1]."}],
            "non_preferred_output": [{"role": "assistant", "content": "No."}],
        }
        for number in range(10)
    ]
    pairs.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert openai("start", pairs, "--model", "m", "--method", "dpo", "--beta", 0.2).exit_code == 0
    (body,) = fake.asked("POST", "/v1/fine_tuning/jobs")
    assert body["method"] == {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2}}}
    for file, method, said in ((pairs, "supervised", "--method dpo"), (train, "dpo", "--method supervised")):
        wrong = openai("start", file, "--model", "m", "--method", method)
        assert wrong.exit_code == 2 and f"it is for {said}" in wrong.stderr


def test_events_cancel_and_list(openai, fake, train):
    openai("start", train, "--model", "m", "--no-watch")
    openai("start", train, "--model", "n", "--no-watch")
    events = openai("events", "ftjob-1")
    assert [line.split("  ")[1] for line in events.stdout.splitlines()] == [
        "Created fine-tuning job: ftjob-1",
        "Validating training file: file-1",
    ]
    assert len(json.loads(openai("events", "ftjob-1", "--json").stdout)) == 2
    assert openai("cancel", "ftjob-1").stdout == "ftjob-1  cancelled  m\n"
    assert openai("status", "ftjob-1").exit_code == 1
    listed = openai("list").stdout.splitlines()
    assert [line.split("  ")[:2] for line in listed] == [["ftjob-2", "validating_files"], ["ftjob-1", "cancelled"]]
    assert [job["id"] for job in json.loads(openai("list", "--limit", 1, "--json").stdout)] == ["ftjob-2"]
    followed = openai("events", "ftjob-2", "--follow", "--json").stdout.splitlines()
    assert json.loads(followed[-1])["message"] == "The job has successfully completed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("start", "none.jsonl", "--model", "m"), "cannot read none.jsonl"),
        (("start", "none.jsonl"), "name the model that 127.0.0.1 is to tune with --model"),
        (("start", "file-1", "--model", "m", "--use", "--no-watch"), "--use needs the tuned model"),
        (("start", "file-1", "--model", "m", "--beta", 0.1), "--beta is of --method dpo"),
        (("status", "a/b"), "is no id of a job"),
    ],
)
def test_wrong_usage_is_said(openai, arguments, said):
    result = openai(*arguments)
    assert result.exit_code == 2 and said in result.stderr


def test_a_provider_that_refuses_has_its_exit_code(openai):
    refused = openai("list", FOOTNOTE_FINE_TUNING_API_KEY="sk-other-0000000000")
    assert refused.exit_code == 4 and "check the key in FOOTNOTE_FINE_TUNING_API_KEY" in refused.stderr
    as_json = json.loads(openai("status", "ftjob-9", "--json").stdout)
    assert as_json["type"] == "urn:footnote:problem:fine-tuning"


def test_an_interruption_ends_the_watching_and_not_the_job(fake, env, train):
    fake.states = ["running"]
    command = [sys.executable, "-c", MAIN, "tune-llm", "openai", "start", str(train), "--model", "m", "--every", "0.05"]
    with subprocess.Popen(
        command, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[3] / "src"), **env},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        for line in process.stdout:
            if "running" in line:
                break
        process.send_signal(2)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "the job goes on" in said and "openai status ftjob-1 --watch" in said
    assert "Traceback" not in said and not fake.asked("POST", "/v1/fine_tuning/jobs/ftjob-1/cancel")


def test_what_openai_has_announced_is_said_plainly():
    before, after = date(2026, 11, 27), date(2027, 1, 20)
    assert announced("gpt-4.1-mini-2025-04-14", before) == [
        "OpenAI's self-serve fine-tuning closes to new jobs on 6 January 2027; it takes only organisations that have "
        "used it before.",
        "Models tuned from gpt-4.1-mini-2025-04-14 end with it on 14 January 2027.",
    ]
    assert announced("gpt-4o-2024-08-06", after)[0].startswith("OpenAI's self-serve fine-tuning closed to new jobs on")
    assert announced("gpt-4o-2024-08-06", after)[1] == (
        "Models tuned from gpt-4o-2024-08-06 ended with it on 14 January 2027."
    )
    assert len(announced("a-model-of-which-nothing-is-known", before)) == 1


def test_of_a_long_training_some_steps_are_shown():
    shown = Thinned()
    steps = [JobEvent(f"e{step}", 0, "info", "", step, 1000, 1.0) for step in range(1, 1001)]
    taken = [event.step for event in steps if shown.takes(event)]
    assert len(taken) == 21 and taken[-1] == 1000
    assert shown.takes(JobEvent("e", 0, "info", "Fine-tuning job started"))
