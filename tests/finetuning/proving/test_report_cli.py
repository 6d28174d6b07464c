"""`footnote tune-llm report`: two models of a server that plays both, on one index and on another."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from tests.evaluation.conftest import PORT, ROWS, write_rows  # noqa: F401 (a fixture)

BASE, TUNED = "openai:base", "openai:tuned"
RIGHT = "Relay listens on port 7070 [1]."
UNCITED = "Relay listens on port 7070."


@pytest.fixture
def questions(write_rows):  # noqa: F811
    """Enough for a verdict: eight that the docs answer."""
    return write_rows(*({**ROWS[0], "id": f"q{n}", "question": f"{PORT} ({n})"} for n in range(8)))


@pytest.fixture
def report(guide_index, fake_llm, questions):
    """Runs the command; the base cites nothing, the tuned model all."""
    fake_llm.texts = {"base": UNCITED, "tuned": RIGHT}

    def run(*arguments, base=BASE, tuned=TUNED, **env):
        env = {
            "FOOTNOTE_INDEX_DIR": str(guide_index.index_dir),
            "FOOTNOTE_RERANKER": "none",
            "FOOTNOTE_LLM_BASE_URL": fake_llm.base_url,
            "FOOTNOTE_LLM": base,
            "COLUMNS": "200",
            **env,
        }
        options = ["--tuned", tuned] if tuned else []
        return CliRunner().invoke(app, ["tune-llm", "report", str(questions), *options, *map(str, arguments)], env=env)

    return run


def rows_of(one, table="deciding"):
    return {row["name"]: row for row in one[table]}


def test_the_form_that_a_model_learned_makes_it_better(report, fake_llm):
    result = report("--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert (found["verdict"], found["base"], found["tuned"]) == ("better", BASE, TUNED)
    (one,) = found["sets"]
    assert (one["questions"], one["unseen"], one["failed"]) == (8, False, {"a": 0, "b": 0})
    form = rows_of(one)["written/in form"]
    assert (form["a"], form["b"], form["low"], form["better_model"]) == (0.0, 1.0, 1.0, "B")
    # The check finds the source of what the base said; so what its readers get is the same.
    assert (rows_of(one)["answers/proven"]["a"], rows_of(one)["answers/proven"]["b"]) == (1.0, 1.0)
    assert (rows_of(one, "written")["written/cited"]["a"], rows_of(one, "written")["written/cited"]["b"]) == (0.0, 1.0)
    assert len(found["reasons"]) == 1
    assert found["reasons"][0].startswith("better: written/in form 0.00 -> 1.00 (+1.00 to +1.00, 8 questions)")
    assert [body["model"] for _, _, body in fake_llm.received] == ["base", "tuned"] * 8


def test_what_unlearned_the_form_is_worse_and_fails(report):
    result = report(base=TUNED, tuned=BASE)
    assert result.exit_code == 1
    assert result.stdout.startswith("worse\n  worse: written/in form 1.00 -> 0.00")


def test_docs_that_the_training_never_saw_count_as_well(report, guide_index, tmp_path, write_rows):  # noqa: F811
    html, save = tmp_path / "proof.html", tmp_path / "proof.json"
    unseen = write_rows(*ROWS, name="unseen.jsonl")
    folders = ("--unseen-index", guide_index.index_dir, "--unseen-questions", unseen)
    result = report(*folders, "--html", html, "--save", save, "--limit", 2)
    assert result.exit_code == 0
    held_out, other = json.loads(save.read_text("utf-8"))["sets"]
    assert (held_out["unseen"], other["unseen"]) == (False, True)
    assert (held_out["questions"], other["questions"]) == (2, 2)
    page = html.read_text("utf-8")
    assert "docs that the training never saw" in page
    assert "The tuned model: no difference" in page  # of two questions
    assert "no difference" in result.stdout


def test_a_model_that_fails_is_no_proof(report, fake_llm):
    fake_llm.refuses = lambda body: (400, {"error": {"message": "broken"}}) if "(1)" in str(body) else None
    result = report("--json")
    assert result.exit_code == 1
    (one,) = json.loads(result.stdout)["sets"]
    assert (one["failed"], one["questions"]) == ({"a": 1, "b": 1}, 7)


@pytest.mark.parametrize(
    ("arguments", "models", "problem"),
    [
        (["--unseen-index", "x"], {}, "--unseen-index and --unseen-questions go together"),
        ([], {"tuned": None}, "base and tuned are the same model"),
        ([], {"base": "extractive"}, "quotes are written by no model"),
        ([], {"base": "extractive", "tuned": None}, "quotes are written by no model"),
        (["--adapter", "a.gguf"], {}, "--adapter goes with a .gguf file"),
        (["--html", "/nowhere/report.html"], {}, "there is no folder /nowhere"),
    ],
)
def test_what_cannot_be_compared_is_said_before_anything_is_asked(report, fake_llm, arguments, models, problem):
    result = report(*arguments, **models)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.split())
    assert fake_llm.received == []


def test_a_wrong_adapter_is_said_by_its_flag(report, gguf, tmp_path):
    result = report("--adapter", tmp_path / "nope.gguf", base=str(gguf), tuned=None)
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert "the tuned model: " in said and "nope.gguf cannot be read" in said and "name in --adapter what" in said
    assert "FOOTNOTE_LLM_ADAPTER" not in said
    folder = report("--adapter", tmp_path, base=str(gguf), tuned=None)
    assert (folder.exit_code, "is a folder" in folder.stderr) == (2, True)


def test_what_is_not_worse_is_deployed(report):
    Path(".env").write_text("FOOTNOTE_TOP_K=4\n")
    result = report("--deploy")
    assert result.exit_code == 0
    assert "no difference" not in result.stderr
    assert result.stderr.startswith("set as FOOTNOTE_LLM in ")
    assert Path(".env").read_text() == f"FOOTNOTE_TOP_K=4\nFOOTNOTE_LLM={TUNED!r}\n"


def test_of_a_few_questions_nothing_is_deployed_and_the_output_says_how_many_it_takes(report):
    result = report("--deploy", "--limit", 4, "--json")
    assert (result.exit_code, result.stderr) == (1, "not deployed: there are too few questions to find it worse\n")
    assert not Path(".env").exists()
    found = json.loads(result.stdout)
    assert (found["verdict"], found["reasons"]) == ("no difference", [])
    assert "written/in form (4): a measure decides from 6 questions on" in found["notes"][0]
    shown = report("--limit", 4)
    assert (shown.exit_code, "a measure decides from 6 questions on" in shown.stdout) == (0, True)


def test_what_makes_no_difference_is_deployed_with_a_word(report, fake_llm):
    fake_llm.texts["base"] = RIGHT
    result = report("--deploy")
    assert result.exit_code == 0
    assert result.stderr.endswith("no difference to the base was found: that is no proof that it is as good\n")
    assert Path(".env").exists()


def test_a_judge_without_references_says_that_nothing_was_judged(report, write_rows, tmp_path):  # noqa: F811
    rows = [{"question": f"{PORT} ({n})", "answerable": True, "gold": ROWS[0]["gold"]} for n in range(2)]
    write_rows(*rows)
    html = tmp_path / "proof.html"
    result = report("--judge", "--html", html, FOOTNOTE_JUDGE_LLM="openai:judge")
    assert "nothing was judged on" in result.stdout
    assert "nothing was judged on" in html.read_text("utf-8")


def test_reports_quote_docs_and_are_for_their_owner_alone(report, tmp_path):
    files = tmp_path / "proof.html", tmp_path / "proof.json"
    report("--limit", 1, "--html", files[0], "--save", files[1])
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


def test_what_is_worse_or_not_proven_is_not_deployed(report, fake_llm):
    worse = report("--deploy", base=TUNED, tuned=BASE)
    assert (worse.exit_code, worse.stderr) == (1, "not deployed: it is worse\n")
    fake_llm.refuses = lambda body: (400, {"error": {"message": "broken"}}) if "(1)" in str(body) else None
    failed = report("--deploy")
    assert (failed.exit_code, failed.stderr) == (1, "not deployed: a question failed\n")
    assert not Path(".env").exists()
