"""`footnote eval`: what it asks, what it writes, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.evaluation.conftest import PORT, PORT_QUOTE, ROWS

ROOT = Path(__file__).parents[2]


def words(text):
    return " ".join(text.split())


def test_it_prints_a_table(footnote_eval, write_rows):
    result = footnote_eval(write_rows(*ROWS))
    assert (result.exit_code, result.stderr) == (0, "")
    shown = words(result.stdout)
    assert shown.startswith("3 questions, 2 answerable: 3 scored, 0 stale, 0 failed; generation 1, 8 files, ")
    for title in ("Retrieval", "Answers", "By tag", "Milliseconds a question"):
        assert title in shown
    assert "refusal/answered 1.00 1.00-1.00 2 of the answerable, answered" in shown


def test_json_is_one_document_and_the_files_say_the_same(footnote_eval, write_rows, tmp_path):
    saved, junit, html = (tmp_path / name for name in ("run.json", "run.xml", "run.html"))
    result = footnote_eval(write_rows(*ROWS), "--json", "--save", saved, "--junit", junit, "--html", html)
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert json.loads(saved.read_text("utf-8")) == json.loads(result.stdout)
    assert len(list(ElementTree.parse(junit).getroot().iter("testcase"))) == 3
    assert html.read_text("utf-8").startswith("<!doctype html>")
    document = json.loads(result.stdout)
    assert [one["id"] for one in document["results"]] == ["port", "restore", "football"]
    assert document["setup"]["reranker"] is None


def test_query_rewriting_is_measured(footnote_eval, write_rows, fake_llm):
    fake_llm.text = PORT_QUOTE
    row = {**ROWS[0], "question": "zebra"}
    narrow = {"FOOTNOTE_CANDIDATES": "1", "FOOTNOTE_RERANK_DEPTH": "1", "FOOTNOTE_TOP_K": "1"}
    asking = (write_rows(row), "--json", "--query-rewrite", "rewrite", "--llm", "openai:small")
    run = json.loads(footnote_eval(*asking, FOOTNOTE_LLM_BASE_URL=fake_llm.base_url, **narrow).stdout)
    assert (run["setup"]["query_rewrite"], run["setup"]["not_rewritten"]) == ("rewrite", 0)
    (result,) = run["results"]
    assert result["times_ms"]["rewrite"] > 0
    assert {one["path"] for one in result["retrieved"]} >= {"configuration.md"}
    fake_llm.status = 500
    failed = footnote_eval(
        write_rows(row),
        "--retrieval-only",
        "--query-rewrite",
        "hyde",
        FOOTNOTE_QUERY_REWRITE_BASE_URL=fake_llm.base_url,
    )
    assert "; query rewriting hyde, 1 not rewritten" in words(failed.stdout)
    wrong = footnote_eval(write_rows(row), "--query-rewrite", "on")
    assert (wrong.exit_code, "FOOTNOTE_QUERY_REWRITE: Input should be" in wrong.stderr) == (2, True)


def test_it_exits_with_1_when_a_metric_fell(footnote_eval, write_rows, tmp_path):
    rows = [{**ROWS[0], "id": f"q{number}", "question": f"{PORT} ({number})"} for number in range(5)]
    file, saved, junit = write_rows(*rows), tmp_path / "run.json", tmp_path / "run.xml"
    ask = (file, "--retrieval-only")
    assert footnote_eval(*ask, "--save", saved).exit_code == 0
    same = footnote_eval(*ask, "--baseline", saved)
    assert same.exit_code == 0
    assert f"no metric fell by more than its tolerance, on 5 questions of {saved}" in words(same.stdout)
    worse = {"FOOTNOTE_CANDIDATES": "1", "FOOTNOTE_QUERY_PREFIX": "How are messages deleted?", "FOOTNOTE_TOP_K": "1"}
    baseline = json.loads(saved.read_text("utf-8"))
    for one in baseline["results"]:
        one["scores"] = dict.fromkeys(one["scores"], 1.0)
    saved.write_text(json.dumps(baseline), "utf-8")
    fell = footnote_eval(*ask, "--baseline", saved, "--junit", junit, "--json", **worse)
    assert fell.exit_code == 1
    changes = {one["metric"]: one for one in json.loads(fell.stdout)["comparison"]["changes"]}
    assert [name for name, one in changes.items() if one["fell"]]
    failures = ElementTree.parse(junit).getroot().findall(".//failure")
    assert len(failures) == sum(one["fell"] for one in changes.values())
    forgiven = footnote_eval(*ask, "--baseline", saved, "--tolerance", "1", **worse)
    assert forgiven.exit_code == 0


def test_a_question_that_fails_is_exit_code_1(footnote_eval, write_rows):
    rows = (ROWS[0], {"id": "long", "question": "x" * 3000, "answerable": False})
    result = footnote_eval(write_rows(*rows), "--retrieval-only")
    assert result.exit_code == 1
    assert "1 failed" in words(result.stdout)


def test_nothing_but_stale_questions_is_exit_code_1(footnote_eval, write_rows):
    stale = {**ROWS[0], "gold": [{"path": "gone.md"}]}
    result = footnote_eval(write_rows(stale))
    assert result.exit_code == 1
    assert "1 stale, not scored: the label does not match the docs" in words(result.stdout)
    assert "there is no page gone.md" in words(result.stdout)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["absent.jsonl"], 2, "no question file absent.jsonl"),
        (["wrong.jsonl"], 2, "wrong.jsonl:1: `answerable`: Field required\nwrong.jsonl:2: is not JSON"),
        (["empty.jsonl"], 1, "no question in empty.jsonl: name a file, or draft one with `footnote eval --generate"),
        (["good.jsonl", "--tag", "absent"], 1, "no question with the tag absent in good.jsonl"),
        ([], 1, "no question in "),
        (["good.jsonl", "--baseline", "absent.json"], 2, "cannot read the baseline absent.json"),
        (["good.jsonl", "--baseline", "empty.jsonl"], 2, "empty.jsonl is no saved run"),
        (["good.jsonl", "--baseline", "b.json", "--save", "x/../b.json"], 2, "--save would overwrite the baseline"),
        (["good.jsonl", "--baseline", "b.json", "--html", "b.json"], 2, "--html would overwrite the baseline b.json"),
        (["--generate", "3", "--output", "good.jsonl", "--force", "good.jsonl"], 2, "--output would overwrite"),
        (["good.jsonl", "--tolerance", "1"], 2, "--tolerance goes with --baseline"),
        (["good.jsonl", "--baseline", "b.json", "--tolerance", "x"], 2, "--tolerance x: give a number from 0 on"),
        (
            ["good.jsonl", "--html", "absent/report.html"],
            2,
            "cannot write absent/report.html: there is no folder absent",
        ),
        (["good.jsonl", "--judge", "--retrieval-only"], 2, "--judge and --ragas judge answers"),
        (["good.jsonl", "--ragas", "--retrieval-only"], 2, "--judge and --ragas judge answers"),
        (["good.jsonl", "--judge-llm", "openai:gpt-4o"], 2, "--judge-llm goes with --judge or --ragas"),
        (["good.jsonl", "--judge"], 2, "the judge: this needs a language model: name one in FOOTNOTE_JUDGE_LLM"),
        (["good.jsonl", "--ragas", "--judge-llm", "extractive"], 2, "the judge: this needs a language model"),
        (["good.jsonl", "--ragas", "--judge-llm", "openai:x"], 2, "needs OPENAI_API_KEY or FOOTNOTE_JUDGE_BASE_URL"),
        (["good.jsonl", "--output", "x.jsonl"], 2, "--output and --force belong to --generate"),
        (["good.jsonl", "--index-dir", "none"], 3, "no index in none: run `footnote ingest` first"),
        (["--generate", "3"], 2, "--generate goes with --output FILE"),
        (["--generate", "3", "--output", "x.jsonl", "--save", "y.json"], 2, "--generate goes with --output FILE"),
        (["--generate", "3", "--output", "x.csv"], 2, "its name must end in .jsonl"),
        (["--generate", "3", "--output", "good.jsonl"], 2, "good.jsonl is there already"),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(footnote_eval, arguments, exit_code, message):
    Path("good.jsonl").write_text(json.dumps(ROWS[0]), "utf-8")
    Path("wrong.jsonl").write_text('{"question": "x"}\n{', "utf-8")
    Path("empty.jsonl").touch()
    result = footnote_eval(*arguments)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    problem = footnote_eval(*arguments, "--json")
    assert problem.exit_code == exit_code
    assert message in json.loads(problem.stdout)["detail"]


def test_tags_and_a_limit_choose_the_questions(footnote_eval, write_rows):
    def ids(*arguments):
        document = json.loads(footnote_eval(write_rows(*ROWS), "--retrieval-only", "--json", *arguments).stdout)
        return [one["id"] for one in document["results"]]

    assert ids("--tag", "how-to") == ["restore"]
    assert ids("--tag", "foreign", "--tag", "lookup") == ["port", "football"]
    assert ids("--limit", "2") == ["port", "restore"]


def test_the_docs_folder_is_where_questions_are_looked_for(footnote_eval, tmp_path):
    (tmp_path / "relay.questions.yaml").write_text(f"- question: {PORT}\n  answerable: true\n", "utf-8")
    result = footnote_eval("--json", "--retrieval-only", FOOTNOTE_DOCS_DIR=str(tmp_path))
    (question,) = json.loads(result.stdout)["results"]
    assert question["origin"] == f"{tmp_path}/relay.questions.yaml:1"


def test_a_language_model_answers_where_one_is_named(footnote_eval, write_rows, fake_llm):
    env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url}
    result = footnote_eval(write_rows(ROWS[0]), "--llm", "openai:gpt-4o", "--json", **env)
    document = json.loads(result.stdout)
    assert document["setup"]["llm"] == "openai:gpt-4o"
    assert document["results"][0]["answer"]["text"] == "Relay listens on port 7070 [1]."
    assert document["results"][0]["answer"]["tokens"] == {
        "prompt": 321,
        "completion": 12,
        "reasoning": 0,
        "cost_usd": None,
    }
    # Without answers no language model is asked, or missed.
    assert footnote_eval(write_rows(ROWS[0]), "--llm", "openai:gpt-4o", "--retrieval-only").exit_code == 0


def test_a_judge_is_asked_where_it_is_wanted(footnote_eval, write_rows, fake_llm):
    fake_llm.text = "partly"
    env = {"FOOTNOTE_JUDGE_BASE_URL": fake_llm.base_url}
    result = footnote_eval(write_rows(ROWS[0]), "--judge", "--judge-llm", "openai:large", "--json", **env)
    document = json.loads(result.stdout)
    assert (document["setup"]["llm"], document["setup"]["judge"]) == ("extractive", "openai:large")
    assert document["metrics"]["answers/judged"]["value"] == 0.5
    assert [body["model"] for _, _, body in fake_llm.received] == ["large"]


def test_ragas_that_is_not_installed_is_said_before_anything_is_asked(footnote_eval, write_rows, fake_llm):
    result = footnote_eval(write_rows(ROWS[0]), "--ragas", FOOTNOTE_JUDGE_BASE_URL=fake_llm.base_url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "RAGAS runs in an environment of its own, and .venv-ragas/bin/python cannot be run" in result.stderr
    assert "run `make ragas`, or `python3 -m venv .venv-ragas && .venv-ragas/bin/pip install -r " in result.stderr
    assert fake_llm.received == []


def test_other_commands_do_not_wait_for_it():
    listing = (
        "import sys; from typer.testing import CliRunner; from footnote.app.cli.main import app; "
        "CliRunner().invoke(app, ['--help']); import footnote.app.engine.engine; "
        "print(*sorted(name for name in sys.modules if name.startswith('footnote.app.evaluation')))"
    )
    done = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("option", ["--save", "--junit", "--html"])
@pytest.mark.parametrize("against", [(), ("--against", "extractive")])
def test_no_report_takes_the_place_of_a_question_file(footnote_eval, write_rows, option, against):
    file = write_rows(*ROWS)
    before = file.read_bytes()
    link, hard = file.with_name("link.json"), file.with_name("hard.json")
    link.symlink_to(file)
    hard.hardlink_to(file)
    roundabout = file.parent / ".." / file.parent.name / file.name
    for asked, report in [(file, file), (file.parent, file), (file, roundabout), (file, link), (file, hard)]:
        result = footnote_eval(asked, option, report, *against)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{option} would overwrite the question file {file}: name another file" in result.stderr
        assert file.read_bytes() == before


@pytest.mark.parametrize("second", ["--junit", "--html"])
def test_two_reports_are_two_files(footnote_eval, write_rows, second):
    result = footnote_eval(write_rows(*ROWS), "--save", "run.json", second, "./run.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--save and {second} name the same file: name another" in result.stderr
    assert not Path("run.json").exists()
