"""`footnote tune-llm advise` on an index whose answers are kept."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app


@pytest.fixture
def index_dir(guide_index, tmp_path):
    """A copy, as answers are kept beside it."""
    copied = tmp_path / "index"
    shutil.copytree(guide_index.index_dir, copied)
    return copied


@pytest.fixture
def run(index_dir, fake_llm, tmp_path):
    prices = tmp_path / "prices.toml"
    prices.write_text("[big]\ninput_usd = 10\noutput_usd = 10\n[small]\ninput_usd = 1\noutput_usd = 1\n", "utf-8")
    env = {
        "FOOTNOTE_INDEX_DIR": str(index_dir),
        "FOOTNOTE_RERANKER": "none",
        "FOOTNOTE_LLM": "openai:big",
        "FOOTNOTE_LLM_BASE_URL": fake_llm.base_url,
        "FOOTNOTE_LLM_PRICES": str(prices),
        "FOOTNOTE_KEEP_ANSWERS": "true",
        "COLUMNS": "200",
    }

    def footnote(*arguments):
        return CliRunner().invoke(app, [*map(str, arguments)], env=env)

    return footnote


def test_it_reads_what_was_kept_and_what_it_cost(run, tmp_path):
    for number in range(3):
        assert run("ask", f"Which port does Relay listen on? ({number})").exit_code == 0
    examples = tmp_path / "train.jsonl"
    message = {"role": "assistant", "content": "7070 [1]."}
    examples.write_text(f"{json.dumps({'messages': [message]})}\n" * 60)
    result = run("tune-llm", "advise", "--json", "--tuned", "openai:small", "--hour-usd", 80, "--examples", examples)
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["word"] == "measure first"  # as nothing was evaluated
    assert found["volume"] == {
        "questions_per_day": 3.0, "prompt_tokens": 321.0, "completion_tokens": 12.0, "is_measured": True
    }  # fmt: skip
    costs = found["usd_per_month"]
    assert costs["alone"] == pytest.approx(10 * costs["tuned"]) == pytest.approx(333e-5 * 3 * 365 / 12)
    assert costs["training"] == pytest.approx(8 * 80 * 4 / 12)
    lines = {line["asked"]: line["figure"] for line in found["lines"]}
    assert lines["Are citations needed?"] == "3 of 3 written sentences are proven by what they cite"
    assert lines["Are there enough examples?"] == "0 liked and proven answers, 60 of files"


def test_a_volume_can_be_given_where_nothing_is_kept(run):
    found = json.loads(run("tune-llm", "advise", "--json", "--questions-per-day", 2000).stdout)
    assert (found["volume"]["questions_per_day"], found["volume"]["is_measured"]) == (2000, False)
    assert found["usd_per_month"]["alone"] > 0
    assert found["usd_per_month"]["tuned"] is None
    shown = run("tune-llm", "advise").stdout
    assert shown.startswith("measure first\n")
    assert "the volume is not known" in shown


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [("no.jsonl", None, "cannot read"), ("bad.jsonl", "{}\n", "bad.jsonl:1: is no example")],
)
def test_what_are_no_examples_is_said(run, tmp_path, name, content, problem):
    file = tmp_path / name
    if content:
        file.write_text(content)
    result = run("tune-llm", "advise", "--examples", file)
    assert result.exit_code == 2
    assert problem in result.stderr


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--questions-per-day", "inf"], "Invalid value"),
        (["--hour-usd", "1e308"], "Invalid value"),
        (["--hours", "nan"], "Invalid value"),
        (["--tuned", "garbage", "--questions-per-day", "5"], "--tuned garbage: use `provider:model`"),
    ],
)
def test_what_is_no_number_or_no_model_is_refused(run, options, problem):
    result = run("tune-llm", "advise", "--json", *options)
    assert result.exit_code == 2
    assert problem in " ".join((result.stderr + result.stdout).split())
