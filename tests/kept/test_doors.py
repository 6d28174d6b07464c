"""Every door keeps what it gives, with a reader's word beside it; and nothing is kept unless it was asked for."""

import http.client
import json
import os
import shutil
import subprocess
import sys

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.index.kept_file import KEPT_ANSWERS
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.langchain import FootnoteChain
from tests.mcp.clients import called, given
from tests.serving import ROOT, until

PORT = "Which port does Relay listen on?"
CUP = "Who won the cup in 1998?"
FOLLOW_UP = "And how do I change it?"


@pytest.fixture
def index_dir(guide_index, tmp_path):
    return shutil.copytree(guide_index.index_dir, tmp_path / "index")


@pytest.fixture
def kept(index_dir):
    """The kept answers, once there are so many: they are written behind the response."""

    def read(count):
        return until(lambda: len(found := list(AnswerLog(index_dir, 90).read())) >= count and found)

    return read


def sent(service, path, body, headers=()):
    """The status alone: what comes is no JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **dict(headers)})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def ready(service):
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    return service


def test_every_door_of_a_service_keeps_its_answers(serve, index_dir, kept):
    service = ready(serve(index_dir=index_dir, reranker="bundled", keep_answers=True))
    status, _, answer = service.request("POST", "/query", {"question": PORT})
    assert status == 200
    history = [{"question": PORT, "answer": answer["answer"]}]
    service.request("POST", "/query", {"question": FOLLOW_UP, "history": history})
    said = [{"role": "user", "content": CUP}]
    service.request("POST", "/v1/chat/completions", {"model": "footnote", "messages": said})
    again = given(called(f"http://127.0.0.1:{service.port}/mcp", "ask", {"question": PORT}))
    rows = kept(4)
    assert sorted(one.question for one in rows) == sorted([PORT, FOLLOW_UP, CUP, PORT])
    by_question = {one.question: one for one in rows}
    assert "Relay" in by_question[FOLLOW_UP].asked_as and by_question[PORT].asked_as is None
    assert by_question[CUP].refused_by == "gate"
    first, last = (one for one in rows if one.question == PORT)
    # The second was given from memory: an asking all the same.
    assert (first.from_cache, last.from_cache) == (False, True)
    assert first.text == last.text == answer["answer"] == again["answer"]
    word = {"question": PORT, "helpful": True, "answer": answer["answer"], "comment": "Thanks."}
    assert sent(service, "/feedback", word) == 204
    assert [one.feedback and one.feedback.comment for one in kept(4) if one.question == PORT] == [None, "Thanks."]


def test_a_stream_is_kept_whatever_else_is_off(serve, index_dir, kept):
    service = ready(serve(index_dir=index_dir, reranker="bundled", keep_answers=True, keep_questions=False))
    assert sent(service, "/query", {"question": PORT}, {"Accept": "text/event-stream"}) == 200
    (row,) = kept(1)
    assert service.request("GET", "/overview")[2]["keeps_questions"]
    assert sent(service, "/feedback", {"question": PORT, "helpful": False, "answer": row.text}) == 204
    assert kept(1)[0].feedback.helpful is False
    assert sent(service, "/query", {"question": "x " * 3000}) == 422
    assert len(kept(1)) == 1


def test_the_command_line_keeps_its_answers(index_dir, kept):
    for as_json in ([], ["--json"]):
        asked(index_dir, PORT, *as_json)
    assert [one.question for one in kept(2)] == [PORT, PORT]
    shown = cli(index_dir, "answers", "list", "--json")
    assert [one["question"] for one in json.loads(shown)["answers"]] == [PORT, PORT]


def asked(index_dir, *arguments):
    return cli(index_dir, "ask", *arguments)


def cli(index_dir, *arguments):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FOOTNOTE_KEEP_ANSWERS": "true"}
    command = [sys.executable, "-P", "-m", "footnote.app", *arguments, "--index-dir", index_dir]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def test_langchain_in_process_keeps_its_answers(index_dir, kept):
    chain = FootnoteChain(settings=load_settings(env_file=None, index_dir=index_dir, keep_answers=True))
    chain.invoke(PORT)
    assert [*chain.stream(PORT)]
    rows = kept(2)
    assert [(one.question, one.from_cache) for one in rows] == [(PORT, False), (PORT, True)]


def test_nothing_is_kept_unless_it_was_asked_for(serve, index_dir):
    service = ready(serve(index_dir=index_dir, reranker="bundled"))
    service.request("POST", "/query", {"question": PORT})
    service.request("POST", "/query", {"question": CUP})
    until(lambda: (index_dir / "questions.sqlite3").exists())
    assert sent(service, "/feedback", {"question": PORT, "helpful": True}) == 204
    assert not (index_dir / KEPT_ANSWERS).exists()


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(serve, index_dir):
    (index_dir / KEPT_ANSWERS).mkdir()
    service = ready(serve(index_dir=index_dir, reranker="bundled", keep_answers=True))
    for _ in range(2):
        status, _, answer = service.request("POST", "/query", {"question": PORT})
        assert (status, answer["refused"]) == (200, False)
    until(lambda: "an answer is not kept" in service.log)
    assert service.log.count("an answer is not kept") == 1
