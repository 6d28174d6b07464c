"""One engine, many doors: the same question has the same answer, citations and refusal through each of them."""

import asyncio
import json
import os
import subprocess
import sys

import openai
import pytest

from footnote.app.client import AsyncFootnoteClient, FootnoteClient, Turn
from footnote.app.core.settings import load_settings
from footnote.app.langchain import FootnoteChain
from tests.fake_llm import run_fake_llm
from tests.mcp.clients import called, given
from tests.serving import ROOT, until

PORT = "Which port does Relay listen on?"
CUP = "Who won the cup in 1998?"
TURN = Turn(PORT, "Relay listens on port 7070 [1].")
FOLLOW_UP = "And how do I change it?"


class Doors:
    """The ways to one service, and to its index by the command line; each gives the answer as JSON without times."""

    def __init__(self, service, settings):
        self._service = service
        self._settings = settings
        self._address = f"http://127.0.0.1:{service.port}"

    def command_line(self, question):
        named = {f"FOOTNOTE_{name.upper()}": str(value) for name, value in self._settings.items()}
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "footnote.app", "ask", "--json", question],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **named},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(ended.stdout)

    def http(self, question, *history):
        turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
        status, _, answer = self._service.request("POST", "/query", {"question": question, "history": turns})
        assert status == 200
        return answer

    def client(self, question, *history):
        with FootnoteClient(self._address) as client:
            return client.ask(question, history=history).model_dump(mode="json")

    def stream(self, question, *history):
        with FootnoteClient(self._address) as client:
            *before, done = client.stream(question, history=history)
        said = "".join(one.data.markdown for one in before if one.event in ("sentence", "refusal"))
        assert said == done.data.answer
        cited = [one.data for one in before if one.event == "citation"]
        assert sorted(one.number for one in cited) == [one.number for one in done.data.citations]
        return done.data.model_dump(mode="json")

    def asyncio(self, question, *history):
        async def scenario():
            async with AsyncFootnoteClient(self._address) as client:
                return await client.ask(question, history=history)

        return asyncio.run(scenario()).model_dump(mode="json")

    def openai(self, question, *history):
        with openai.OpenAI(base_url=f"{self._address}/v1", api_key="any", max_retries=0) as client:
            completion = client.chat.completions.create(model="footnote", messages=messages(question, history))
        answer = completion.footnote
        (choice,) = completion.choices
        assert choice.message.content == answer["answer"]
        marked = [choice.message.content[one.start_index : one.end_index] for one in cited_in(choice.message)]
        assert {int(one[1:-1]) for one in marked} == {one["number"] for one in answer["citations"]}
        return answer

    def openai_stream(self, question, *history):
        with openai.OpenAI(base_url=f"{self._address}/v1", api_key="any", max_retries=0) as client:
            stream = client.chat.completions.create(model="footnote", messages=messages(question, history), stream=True)
            chunks = [*stream]
        answer = chunks[-1].footnote
        assert "".join(one.choices[0].delta.content or "" for one in chunks if one.choices) == answer["answer"]
        return answer

    def mcp(self, question, *history):
        turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
        return given(called(f"{self._address}/mcp", "ask", {"question": question, "history": turns}))

    def langchain_in_process(self, question, *history):
        return asked(FootnoteChain(settings=load_settings(env_file=None, **self._settings)), question, history)

    def langchain_over_http(self, question, *history):
        return asked(FootnoteChain(url=self._address), question, history)


def asked(chain, question, history):
    """The answer of a chain, whole and put together from what is streamed."""
    given = {"question": question, "history": history}
    message, (whole, *others) = chain.invoke(given), chain.stream(given)
    for chunk in others:
        whole += chunk
    assert whole.text == message.text == message.response_metadata["footnote"]["answer"]
    assert whole.content_blocks == message.content_blocks
    cited = message.content_blocks[0].get("annotations", [])
    answer = message.response_metadata["footnote"]
    assert {one["extras"]["number"] for one in cited} == {one["number"] for one in answer["citations"]}
    return answer


def messages(question, history):
    turns = [(("user", turn.question), ("assistant", turn.answer)) for turn in history]
    said = [one for turn in turns for one in turn] + [("user", question)]
    return [{"role": role, "content": content} for role, content in said]


def cited_in(message):
    return [one.url_citation for one in message.annotations or []]


WITH_HISTORY = [name for name, door in vars(Doors).items() if callable(door) and not name.startswith("_")]
WITH_HISTORY.remove("command_line")


@pytest.fixture(scope="module")
def quoting(guide_index, serve):
    """The doors to answers of quotes."""
    settings = {"index_dir": guide_index.index_dir, "reranker": "bundled", "answer_cache": 0}
    return Doors(ready(serve(**settings)), settings)


@pytest.fixture(scope="module")
def writing(guide_index, serve):
    """The doors to answers that a language model writes."""
    with run_fake_llm() as fake:
        fake.text = "Relay listens on port 7070 [1]. Its default port is 9999 [1]."
        settings = {"index_dir": guide_index.index_dir, "reranker": "bundled", "answer_cache": 0}
        settings |= {"llm_base_url": fake.base_url, "llm_fallback": "error"}
        yield Doors(ready(serve(**settings)), settings)


def ready(service):
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    return service


def without_times(answer):
    return {name: value for name, value in answer.items() if name != "timings_ms"}


@pytest.mark.parametrize("kind", ["quoting", "writing"])
@pytest.mark.parametrize("question", [PORT, CUP])
def test_every_door_gives_the_answer_of_the_command_line(kind, question, request):
    doors = request.getfixturevalue(kind)
    answer = without_times(doors.command_line(question))
    assert answer["refused"] == (question == CUP)
    assert bool(answer["citations"]) != answer["refused"]
    assert answer["mode"] == ("llm" if kind == "writing" else "extractive") or answer["refused"]
    assert bool(answer["dropped"]) == (kind == "writing" and question == PORT)
    for name in WITH_HISTORY:
        assert without_times(getattr(doors, name)(question)) == answer, name


def test_every_door_reads_a_follow_up_alike(quoting):
    answer = without_times(quoting.http(FOLLOW_UP, TURN))
    assert "Relay" in answer["asked_as"]
    for name in WITH_HISTORY:
        assert without_times(getattr(quoting, name)(FOLLOW_UP, TURN)) == answer, name
