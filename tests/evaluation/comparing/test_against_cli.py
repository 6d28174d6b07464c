"""`footnote eval --against`: both models are asked, and both are in every report."""

import json

import pytest

from tests.evaluation.conftest import PORT, ROWS

RIGHT = "Relay listens on port 7070 [1]."
A, B = "openai:first", "openai:second"


def second_is_down(body):
    return (500, {"error": {"message": "it is down"}}) if body["model"] == "second" else None


@pytest.fixture
def rows():
    """Enough questions for a verdict."""
    return [{**ROWS[0], "id": f"q{number}", "question": f"{PORT} ({number})"} for number in range(6)]


@pytest.fixture
def compare(footnote_eval, write_rows, fake_llm, tmp_path, rows):
    """Runs the comparison of two models of the fake server, of which the first alone is right."""
    prices = tmp_path / "prices.toml"
    prices.write_text("[first]\ninput_usd = 10\noutput_usd = 10\n[second]\ninput_usd = 1\noutput_usd = 1\n", "utf-8")
    fake_llm.texts = {"first": RIGHT, "second": "It is a fast and friendly server [1]."}

    def run(*arguments, llm=A, other=B, **env):
        env = {"FOOTNOTE_LLM_BASE_URL": fake_llm.base_url, "FOOTNOTE_LLM_PRICES": str(prices), **env}
        return footnote_eval(write_rows(*rows), "--llm", llm, "--against", other, *arguments, **env)

    return run


def test_both_are_asked_each_question_in_turn(compare, fake_llm):
    document = json.loads(compare("--json").stdout)
    asked = [body["model"] for _, _, body in fake_llm.received]
    assert asked == ["first", "second"] * 6
    found = document["against"]
    assert (document["setup"]["llm"], found["a"], found["b"], found["questions"]) == (A, A, B, 6)
    measures = {one["name"]: one for one in found["measures"]}
    assert (measures["checks/supported"]["a"], measures["checks/supported"]["b"]) == (1.0, 0.0)
    assert measures["checks/supported"]["better_model"] == "A"
    assert measures["cost/all"]["a"] == pytest.approx(10 * measures["cost/all"]["b"]) == pytest.approx(6 * 3330e-6)
    assert measures["cost/question"]["better_model"] == "B"
    assert len(found["differing"]) == 6
    assert found["differing"][0]["a"] == RIGHT
    assert [one["id"] for one in found["results"]] == [one["id"] for one in document["results"]]
    assert found["results"][0]["answer"]["checked"]["unverified"] == 1


def test_the_terminal_shows_every_measure_and_what_differs(compare):
    result = compare()
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert [line for line in lines if line.startswith(("A: ", "B: "))] == [f"A: {A}", f"B: {B}"]
    assert any(line.startswith("checks/supported 1.00 0.00 -1.00 -1.00 to -1.00 6 A better") for line in lines)
    assert any(line.startswith("cost/question $0.0033 $0.0003 -$0.0030") for line in lines)
    assert "6 questions on which they differ much" in lines
    assert not any("Milliseconds" in line for line in lines)


def test_the_reports_hold_both(compare, tmp_path, footnote_eval, write_rows, rows):
    saved, html = tmp_path / "run.json", tmp_path / "run.html"
    assert compare("--save", saved, "--html", html).exit_code == 0
    page = html.read_text("utf-8")
    assert "Two language models" in page
    assert RIGHT in page
    assert "friendly server" in page
    assert json.loads(saved.read_text("utf-8"))["against"]["b"] == B
    again = footnote_eval(write_rows(*rows), "--baseline", saved)  # the first model's run, as any other
    assert f", on 6 questions of {saved}" in " ".join(again.stdout.split())


def test_no_price_no_cost(compare):
    found = json.loads(compare("--json", FOOTNOTE_LLM_PRICES="").stdout)["against"]
    costs = [one for one in found["measures"] if one["unit"] == "usd"]
    assert [(one["a"], one["b"], one["low"]) for one in costs] == [(None, None, None)] * 2
    shown = [" ".join(line.split()) for line in compare(FOOTNOTE_LLM_PRICES="").stdout.splitlines()]
    assert [line for line in shown if line.startswith("cost/")] == ["cost/question - - - 0", "cost/all - - - 0"]


def test_quotes_can_be_compared_with_a_language_model(compare, fake_llm):
    document = json.loads(compare("--json", llm="extractive").stdout)
    assert (document["against"]["a"], document["against"]["b"]) == ("extractive", B)
    assert {body["model"] for _, _, body in fake_llm.received} == {"second"}
    found = json.loads(compare("--json", other="extractive").stdout)["against"]
    assert (found["b"], found["setup"]["llm"]) == ("extractive", "extractive")


def test_a_model_that_fails_is_not_hidden(compare, fake_llm, rows):
    del rows[2:]
    fake_llm.refuses = second_is_down
    result = compare("--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["counts"]["failed"] == 0
    assert document["against"]["failed"] == {"a": 0, "b": 2}
    assert document["against"]["differing"][0]["why"].startswith("B failed: the language model openai:second failed")
    shown = " ".join(compare().stdout.split())
    assert "failed: A 0, B 2" in shown


def test_a_model_that_is_down_ends_it(compare, fake_llm):
    fake_llm.refuses = second_is_down
    result = compare()
    assert (result.exit_code, result.stdout) == (4, "")
    assert "the language model openai:second failed" in result.stderr


def test_one_judge_judges_both(compare, fake_llm):
    fake_llm.texts["judge"] = "correct"
    document = json.loads(compare("--json", "--judge", "--judge-llm", "openai:judge").stdout)
    judged = next(one for one in document["against"]["measures"] if one["name"] == "answers/judged")
    assert (judged["a"], judged["b"], judged["questions"]) == (1.0, 1.0, 6)
    assert [body["model"] for _, _, body in fake_llm.received][:4] == ["first", "judge", "second", "judge"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--retrieval-only"],
        ["--baseline", "b.json"],
        ["--tolerance", "0.1"],
        ["--generate", "3", "--output", "x.jsonl"],
        ["--fit-gate"],
    ],
)
def test_it_goes_not_with_what_asks_no_or_another_model(compare, arguments):
    result = compare(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--against compares the answers of two language models" in result.stderr


def test_a_wrong_name_is_said_before_anything_is_asked(compare, fake_llm):
    result = compare(other="nonsense")
    assert (result.exit_code, fake_llm.received) == (2, [])
    assert result.stderr.startswith("error: --against nonsense: use `auto`, `extractive`")


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_no_run_of_one_model(compare, fake_llm, name):
    result = compare(other=name)
    assert (result.exit_code, result.stdout, fake_llm.received) == (2, "", [])
    assert "--against needs the name of a language model, written as for --llm" in result.stderr
