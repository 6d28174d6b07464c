"""From a service that splits its questions to the comparison of both models, by way of what readers say."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from footnote.app.answering.arms import arm_of
from footnote.app.cli.main import app
from footnote.app.client import FootnoteClient
from footnote.app.kept.answer_log import AnswerLog
from tests.serving import until

QUESTIONS = [f"Which port does Relay listen on, in case {letter}?" for letter in "abcdefgh"]


@pytest.fixture
def index_dir(guide_index, tmp_path):
    return shutil.copytree(guide_index.index_dir, tmp_path / "index")


def ab(index_dir, *options):
    return CliRunner().invoke(app, ["tune-llm", "ab", "--index-dir", str(index_dir), *options])


def test_readers_words_reach_the_comparison_by_arm(serve, index_dir, fake_llm):
    fake_llm.texts = {
        "one": "Relay listens on port 7070 [1].",
        "two": "Relay listens on port 7070. It speaks twelve other protocols with every zebra.",
    }
    flags = {"llm": "openai:one", "llm_base_url": fake_llm.base_url, "llm_b": "openai:two", "llm_split": 0.5}
    service = serve(index_dir=index_dir, reranker="bundled", keep_answers=True, **flags)
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    with FootnoteClient(f"http://127.0.0.1:{service.port}") as client:
        for question in QUESTIONS:
            answer = client.ask(question)
            assert answer.arm == arm_of(question, 0.5)
            assert answer.model == {"A": "openai:one", "B": "openai:two"}[answer.arm]
            assert client.ask(question).arm == answer.arm
            until(lambda asked=question: kept_of(index_dir, asked))
            client.give_feedback(question, answer.arm == "A", answer=answer.answer)
    until(lambda: len(list(AnswerLog(index_dir, 90).read())) == 2 * len(QUESTIONS))
    in_a = sum(arm_of(question, 0.5) == "A" for question in QUESTIONS)
    assert 0 < in_a < len(QUESTIONS)
    result = ab(index_dir, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["arms"]["A"]["model"] == "openai:one" and document["arms"]["A"]["questions"] == in_a
    assert document["arms"]["B"]["answers"] == 2 * (len(QUESTIONS) - in_a)
    liked, supported, *_ = document["measures"]
    assert (liked["a"], liked["b"]) == (1.0, 0.0)
    assert (supported["name"], supported["a"], supported["b"]) == ("sentences supported", 1.0, 0.5)
    text = ab(index_dir, "--difference", "0.1").stdout
    assert "liked *" in text and "a difference of 0.1" in text
    listed = CliRunner().invoke(app, ["answers", "list", "--arm", "B", "--json", "--index-dir", str(index_dir)])
    assert {one["arm"] for one in json.loads(listed.stdout)["answers"]} == {"B"}


def kept_of(index_dir, question):
    return [one for one in AnswerLog(index_dir, 90).read() if one.question == question]


def test_without_answers_of_both_arms_it_says_what_to_set(index_dir, engine):
    AnswerLog(index_dir, 90).keep(engine.ask(QUESTIONS[0]))
    for options in ([], ["--days", "3"], ["--since", "2100-01-01"]):
        result = ab(index_dir, *options)
        assert result.exit_code == 1 and "set FOOTNOTE_LLM_SPLIT" in result.stderr
    assert ab(index_dir, "--days", "3", "--since", "2026-01-01").exit_code == 2
