"""`footnote eval --ragas` with a real RAGAS: its figures for a judge that says what a test tells it to, and for a
real language model behind a real llama.cpp server, that it ends with each metric scored or counted as not scored."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from footnote.app.evaluation.judging.ragas import Ragas, Sample
from footnote.app.evaluation.types import Score, Unscored
from tests.evaluation.conftest import PORT, ROWS, footnote_eval, write_rows

__all__ = ["footnote_eval", "write_rows"]

pytestmark = pytest.mark.ragas

RAGAS_PYTHON = Path(__file__).parents[2] / ".venv-ragas" / "bin" / "python"
METRICS = {"ragas/faithfulness", "ragas/answer_relevancy", "ragas/context_precision"}


def said(*verdicts, question=PORT, useful=1):
    """A reply to each of RAGAS' four prompts, which take the first object of theirs."""
    statements = [{"statement": f"s{n}", "reason": "r", "verdict": verdict} for n, verdict in enumerate(verdicts)]
    replies = (
        {"reason": "r", "verdict": useful},
        {"question": question, "noncommittal": 0},
        {"statements": [one["statement"] for one in statements]},
        {"statements": statements},
    )
    return "Sure! " + "\n".join(f"```json\n{json.dumps(reply)}\n```" for reply in replies)


@pytest.fixture
def ragas_eval(footnote_eval, write_rows, tmp_path):
    """Runs it on questions, and returns the JSON document and what was printed."""

    def run(base_url, *rows, **env):
        saved = tmp_path / "run.json"
        env = {"FOOTNOTE_JUDGE_BASE_URL": base_url, "FOOTNOTE_RAGAS_PYTHON": str(RAGAS_PYTHON), **env}
        result = footnote_eval(write_rows(*rows), "--ragas", "--save", saved, **env)
        assert (result.exit_code, result.stderr) == (0, "")
        return json.loads(saved.read_text("utf-8")), " ".join(result.stdout.split())

    return run


def values(result):
    return {name: value for name, value in result["scores"].items() if name.startswith("ragas/")}


def test_its_metrics_are_computed_from_what_the_judge_says(ragas_eval, fake_llm, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", fake_llm.base_url.removesuffix("/v1"))  # where telemetry would arrive
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake_llm.text = said(1, 0, 1, 1)
    document, shown = ragas_eval(fake_llm.base_url, *ROWS)
    port, restore, football = document["results"]
    assert values(port) == pytest.approx(
        {"ragas/faithfulness": 0.75, "ragas/answer_relevancy": 1, "ragas/context_precision": 1}
    )
    # Without a reference the passages are judged by the answer; the judge's question is not the one asked.
    assert values(restore).keys() == {"ragas/faithfulness", "ragas/answer_relevancy", "ragas/context_utilization"}
    assert 0.2 < values(restore)["ragas/answer_relevancy"] < 0.9
    assert (values(football), football["not_scored"]) == ({}, {})  # the docs do not answer it
    assert document["setup"]["ragas"] == "0.4.3"
    assert document["not_scored"] == {}
    assert "ragas/faithfulness 0.75 0.75-0.75 2 of an answer's statements" in shown
    # RAGAS' own prompts, with the answer and the passages in them; one more makes sure that the judge replies.
    prompts = [body["messages"][-1]["content"] for _, _, body in fake_llm.received]
    assert len(prompts) == 1 + 2 * (2 + 3 + 4)
    assert sum("judge the faithfulness" in prompt for prompt in prompts) == 2
    assert sum(PORT in prompt and "7070" in prompt for prompt in prompts) == 1 + 4
    # No telemetry, and no file of its own.
    assert {path for path, _, _ in fake_llm.received} == {"/v1/chat/completions"}
    assert os.listdir(home) == []


class Judge:
    """Says what belongs to the name that stands in a prompt; takes a moment."""

    name, concurrency = "judge", 3
    replies = {
        "SILENT": "I cannot help with that.",
        "EMPTY": said(),
        "NO_QUESTION": said(1, question=""),
        "SEVEN": said(1, useful=7),
        "RIGHT": said(1, 1, 0),
    }

    def __init__(self):
        self.prompts, self.at_once, self.most_at_once = [], [], 0

    def reply(self, instructions, prompt):
        self.prompts.append(prompt)
        self.at_once.append(threading.get_ident())
        self.most_at_once = max(self.most_at_once, len(self.at_once))
        time.sleep(0.05)
        self.at_once.remove(threading.get_ident())
        return next((reply for name, reply in self.replies.items() if name in prompt), "ready")


def test_what_cannot_be_computed_is_not_scored_and_says_why(embedder):
    judge = Judge()
    samples = [Sample(f"{name}?", f"{name}.", (f"About {name}.",), "A reference.") for name in judge.replies]
    with Ragas(RAGAS_PYTHON, judge) as ragas:
        found = ragas.scores(samples, embedder, lambda stage, done, total: None)
    problems = [{one.metric: one.problem for one in scored if isinstance(one, Unscored)} for scored in found]
    silent, empty, no_question, seven, right = problems
    assert silent == dict.fromkeys(METRICS, "the judge's reply is not of the form that was asked for")
    assert empty == {"ragas/faithfulness": "RAGAS returned NaN"}
    assert no_question == {"ragas/answer_relevancy": "the judge wrote no question that the answer answers"}
    assert seven == {"ragas/context_precision": "RAGAS returned 7, which is not from 0 to 1"}
    assert right == {}
    assert found[4][0] == Score("ragas/faithfulness", pytest.approx(2 / 3))
    assert judge.most_at_once == 3
    # An unusable reply is asked for once more, with what was wrong with it.
    asked = [prompt for prompt in judge.prompts if "SILENT" in prompt]
    again = [prompt for prompt in asked if "That is no output of the schema" in prompt]
    assert (len(asked), len(again)) == (6, 3)
    assert all("I cannot help with that." in prompt and "Invalid JSON" in prompt for prompt in again)


def test_a_real_model_is_asked_and_each_metric_is_scored_or_counted(ragas_eval, base_url):
    env = {"FOOTNOTE_JUDGE_MAX_TOKENS": "48", "FOOTNOTE_TOP_K": "1", "FOOTNOTE_JUDGE_CONCURRENCY": "1"}
    document, shown = ragas_eval(base_url, ROWS[0], **env)
    (port,) = document["results"]
    assert set(values(port)) | set(port["not_scored"]) == METRICS
    assert not set(values(port)) & set(port["not_scored"])
    assert all(0 <= value <= 1 for value in values(port).values())
    for name, reason in port["not_scored"].items():
        assert f"{name}: 1 of 1 not scored: 1 {reason}" in shown
    # What is not scored is the reply's fault: the judge was reached each time.
    assert not any("failed" in reason for reason in port["not_scored"].values())
