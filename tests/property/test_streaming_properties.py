"""What is streamed of an answer, put together, is the answer: any text, tokens and policy, both modes."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from footnote.app.answering.language_model import LLMAnswerer
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.telling import Teller
from tests.conftest import GuideIndex
from tests.property.answers import answers, chunkings

PORT = "Which port does Relay listen on?"
QUESTIONS = (
    PORT,
    "How do I upgrade Relay?",
    "Why is the default RELAY_PORT 8080?",
    "What do the settings --turbo and RELAY_PORT do?",
    "How do I delete everything, and how do I install it?",
    "Which errors are there?",
    "Show me an example in Python",
    "Who won the cup in 1998?",
)


class Writer(BaseChatModel):
    """Writes given tokens."""

    tokens: list[str] = []

    @property
    def _llm_type(self) -> str:
        return "writer"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise AssertionError("it is asked for a stream")

    async def _astream(self, messages: Any, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        for token in self.tokens:
            yield ChatGenerationChunk(message=AIMessageChunk(token))


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer()


@pytest.fixture(scope="module")
def ask(guide_index: GuideIndex, embedder: Any, writer: Writer) -> Iterator[Any]:
    """Told events of the schema, for a question asked under a policy."""
    opened: dict[tuple[str, str], Engine] = {}

    def ask(question: str, unsupported: str, unverified: str) -> list[Any]:
        if (unsupported, unverified) not in opened:
            policy = {"unsupported": unsupported, "unverified": unverified, "reranker": "none"}
            flags = load_settings(env_file=None, index_dir=guide_index.index_dir, **policy)
            index = open_index(flags.folders.index_dir, flags.search.lexical)
            models = Models(embedder, None, LLMAnswerer(writer, flags.llm, compact_prompt=False))
            opened[unsupported, unverified] = Engine(index, models, flags)
        return told(opened[unsupported, unverified], question)

    yield ask
    for engine in opened.values():
        engine.close()


def told(engine: Engine, question: str) -> list[Any]:
    teller = Teller()
    return [one for event in engine.stream(question) for one in teller.told(event)]


def assert_is_the_answer(events: list[Any]) -> AnswerOut:
    done: AnswerOut = events[-1].data
    said = [one.data for one in events if one.event == "sentence"]
    refusals = [one.data for one in events if one.event == "refusal"]
    assert "".join(one.markdown for one in said + refusals) == done.answer
    assert [(one.text, one.citations, one.verdict) for one in said if one.text] == [
        (one.text, one.citations, one.verdict) for one in done.sentences
    ]
    assert [one.data for one in events if one.event == "citation"] == done.citations
    dropped = [one.data.text for one in events if one.event == "notice" and one.data.kind == "dropped"]
    assert dropped == [one.text for one in done.dropped]
    return done


@settings(max_examples=40)
@given(st.data(), st.sampled_from(["drop", "mark", "refuse"]), st.sampled_from(["mark", "keep", "drop"]))
def test_a_written_answer(ask, writer, data, unsupported, unverified):
    text = data.draw(answers().filter(str.strip))
    question = data.draw(st.sampled_from(QUESTIONS[:4]))
    whole = []
    for tokens in ([text], data.draw(chunkings(text))):
        writer.tokens = tokens
        done = assert_is_the_answer(ask(question, unsupported, unverified))
        whole.append({**done.model_dump(), "timings_ms": None})
    assert whole[0] == whole[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_extractive_answer(engine, question):
    done = assert_is_the_answer(told(engine, question))
    assert done.answer == AnswerOut.model_validate(engine.ask(question)).answer


def test_a_model_that_writes_nothing_fails(ask, writer):
    writer.tokens = [" ", "\n"]
    with pytest.raises(LLMError):
        ask(PORT, "drop", "mark")
