"""What the chain answers, on both backends."""

import asyncio
import json
from contextlib import closing

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.load import dumpd
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableConfig, RunnablePassthrough

from footnote.app.client import Turn
from footnote.app.core.errors import FootnoteError, LLMError, QuestionError
from footnote.app.core.settings import load_settings
from footnote.app.langchain import FootnoteChain
from footnote.app.questions.question_log import make_question_log
from footnote.app.schemas.answers import AnswerOut
from tests.langchain.conftest import CUP, PORT, TEXT
from tests.serving import until

FOLLOW_UP = "And how do I change it?"
SAID = "Relay listens on port 7070 [1]."


def answer_of(message):
    return AnswerOut.model_validate(message.response_metadata["footnote"])


def without_times(message):
    """All that a message has but how long it took."""
    answer = {**message.response_metadata["footnote"], "timings_ms": None}
    metadata = {**message.response_metadata, "footnote": answer}
    return message.content, metadata, message.usage_metadata, message.additional_kwargs


def added(chunks):
    whole, *others = chunks
    for chunk in others:
        whole += chunk
    return whole


async def collected(chunks):
    return [chunk async for chunk in chunks]


def test_an_answer_is_text_with_citations(connection, engine):
    message = FootnoteChain(**connection).invoke(PORT)
    assert type(message) is AIMessage
    expected = AnswerOut.model_validate(engine.ask(PORT))
    answer = answer_of(message)
    assert answer.model_dump(exclude={"timings_ms"}) == expected.model_dump(exclude={"timings_ms"})
    assert message.text == answer.answer
    (block,) = message.content_blocks
    assert block["annotations"]
    for cited in block["annotations"]:
        number = cited["extras"]["number"]
        assert message.text[cited["start_index"] : cited["end_index"]] == f"[{number}]"
        citation = answer.citations[number - 1]
        assert cited["type"] == "citation"
        assert (cited["cited_text"], cited["title"]) == (citation.quote, citation.title)
        names = ("path", "start_line", "end_line", "start", "end", "sha256", "generation", "heading_path")
        assert {name: cited["extras"][name] for name in names} == {name: getattr(citation, name) for name in names}
        view = f"/view/{citation.path}?generation=1&lines={citation.start_line}-{citation.end_line}"
        assert cited.get("url", "").startswith(connection.get("url", "") + view if "url" in connection else "")
    assert {"model_name": "extractive", "finish_reason": "stop"}.items() <= message.response_metadata.items()
    assert message.usage_metadata is None
    json.dumps(dumpd(message))


def test_a_written_answer_has_its_markers_outside_code_its_model_and_its_tokens(writing, writer):
    writer.text = TEXT
    chain = FootnoteChain(**writing)
    message = chain.invoke(PORT)
    (block,) = message.content_blocks
    markers = [message.text[one["start_index"] : one["end_index"]] for one in block["annotations"]]
    assert message.text.startswith("Relay listens on port 7070 [1]. `a[1]`")
    assert markers == [f"[{one['extras']['number']}]" for one in block["annotations"]]
    starts = [one["start_index"] for one in block["annotations"]]
    assert message.text.index("a[1]") + 1 not in starts
    assert starts == sorted(set(starts))
    assert answer_of(message).dropped
    assert message.response_metadata["model_name"] == answer_of(message).model != "extractive"
    tokens = answer_of(message).tokens
    assert message.usage_metadata == {
        "input_tokens": tokens.prompt,
        "output_tokens": tokens.completion,
        "total_tokens": tokens.prompt + tokens.completion,
        "output_token_details": {"reasoning": 0},
    }


@pytest.mark.parametrize("question", [PORT, CUP])
def test_the_chunks_add_up_to_the_message(writing, writer, question):
    writer.text = TEXT
    chain = FootnoteChain(**writing)
    message = chain.invoke(question)
    chunks = [*chain.stream(question)]
    later = asyncio.run(collected(chain.astream(question)))
    assert all(type(chunk) is AIMessageChunk for chunk in chunks)
    assert len(chunks) > (2 if question == PORT else 1)
    assert without_times(added(chunks)) == without_times(message)
    assert [chunk.content for chunk in later] == [chunk.content for chunk in chunks]
    assert without_times(added(later)) == without_times(message)
    assert without_times(asyncio.run(chain.ainvoke(question))) == without_times(message)
    assert [chunk.chunk_position for chunk in chunks] == [*[None] * (len(chunks) - 1), "last"]


def test_both_backends_answer_the_same(guide_index, address):
    here, there = FootnoteChain(index_dir=guide_index.index_dir), FootnoteChain(url=address)
    for asked in (PORT, CUP, {"question": FOLLOW_UP, "history": [Turn(PORT, SAID)]}, {"question": PORT, "top_k": 1}):
        content, *rest = without_times(there.invoke(asked))
        for cited in content[0].get("annotations", []):
            assert cited.pop("url")
        assert (content, *rest) == without_times(here.invoke(asked))


def test_that_the_docs_do_not_say_is_an_answer(connection):
    message = FootnoteChain(**connection).invoke(CUP)
    assert message.text == "The docs do not say."
    assert answer_of(message).refused
    assert message.content_blocks == [{"type": "text", "text": "The docs do not say.", "index": 0}]


def test_refusals_in_this_process_are_kept_as_gaps(guide_index, tmp_path):
    settings = load_settings(env_file=None, index_dir=guide_index.index_dir)
    kept = make_question_log(settings.folders.index_dir, settings.questions)
    question = "Who won the cup in 1874?"
    assert answer_of(FootnoteChain(settings=settings).invoke(question)).refused
    assert question in [one.question for one in kept.read()]


def test_a_batch_is_answered_in_order_however_long(connection):
    chain = FootnoteChain(**connection)
    questions = [PORT, CUP, "How do I restore a backup?"]
    texts = [chain.invoke(question).text for question in questions]
    assert [one.text for one in chain.batch(questions)] == texts
    many = [f"{question} {number * '!'}" for number in range(8) for question in questions]
    answers = asyncio.run(chain.abatch(many))
    assert [one.text for one in answers] == texts * 8


def test_one_bad_question_of_a_batch_can_be_an_error_among_answers(connection):
    good, bad = FootnoteChain(**connection).batch([PORT, ""], return_exceptions=True)
    assert "7070" in good.text
    assert isinstance(bad, FootnoteError)


CONVERSATIONS = [
    {"question": FOLLOW_UP, "history": [Turn(PORT, SAID)]},
    {"question": FOLLOW_UP, "history": [{"question": PORT, "answer": SAID}]},
    {"question": FOLLOW_UP, "history": [HumanMessage(PORT), AIMessage(SAID)]},
    {"question": FOLLOW_UP, "history": [("human", PORT), ("ai", SAID)]},
    {"question": [HumanMessage(PORT), AIMessage(SAID), HumanMessage(FOLLOW_UP)]},
    [HumanMessage(PORT), AIMessage(SAID), HumanMessage(FOLLOW_UP)],
    [SystemMessage("Say moo."), HumanMessage(PORT), AIMessage([{"type": "text", "text": SAID}]), ("human", FOLLOW_UP)],
    [HumanMessage(PORT), AIMessage("x" * 9_000), HumanMessage(FOLLOW_UP), ToolMessage("not read", tool_call_id="1")],
    ChatPromptTemplate([("human", PORT), ("ai", SAID), ("human", "{it}")]).invoke({"it": FOLLOW_UP}),
]


@pytest.mark.parametrize("given", CONVERSATIONS, ids=range(len(CONVERSATIONS)))
def test_a_conversation_comes_as_turns_or_as_messages(connection, given):
    answer = answer_of(FootnoteChain(**connection).invoke(given))
    assert answer.question == FOLLOW_UP
    assert "Relay" in answer.asked_as


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (7, "a int is no question"),
        ([], "no message is of a human"),
        ([AIMessage("Hello")], "no message is of a human"),
        ([HumanMessage([{"type": "image", "url": "http://x"}])], "only text can be read"),
        ([object()], "what was said is a list of messages"),
        ({"input": PORT}, "`input` is none of them"),
        ({"top_k": 3}, "there is no `question`"),
        ({"question": PORT, "history": [{"question": PORT, "said": SAID}]}, "a turn of `history` has"),
        ({"question": PORT, "top_k": 51}, "`top_k` is 51"),
        ({"question": PORT, "top_k": "4"}, "`top_k` is '4'"),
        ({"question": PORT, "filters": "guides/"}, "filters: "),
    ],
)
def test_what_cannot_be_asked_says_why(connection, given, message):
    with pytest.raises(QuestionError, match=message):
        FootnoteChain(**connection).invoke(given)


def test_what_narrows_comes_with_the_question_the_call_or_the_chain(connection):
    chain = FootnoteChain(**connection, top_k=1, filters={"path": "guides/"})
    fields = {"question": PORT, "filters": {"path": "configuration.md"}}
    assert {one.path for one in answer_of(chain.invoke(fields)).citations} == {"configuration.md"}
    assert answer_of(chain.invoke(PORT)).searched.files == 3
    assert answer_of(chain.invoke(PORT, filters={"path": "x/"})).searched.files == 0
    assert answer_of(chain.bind(filters={"path": "install.md"}).invoke(PORT)).searched.files == 1


def test_how_many_passages_are_read_comes_with_the_question_the_call_or_the_chain(connection):
    chain = FootnoteChain(**connection, top_k=14)

    def read(given, **named):
        return answer_of(chain.invoke(given, **named)).searched.passages

    assert read(PORT) == 14
    assert read(PORT, top_k=15) == 15
    assert read({"question": PORT, "top_k": 16}, top_k=15) == 16


def test_it_is_a_part_of_a_larger_chain(connection):
    chain = FootnoteChain(**connection)
    text = chain.invoke(PORT).text
    piped = {"question": RunnablePassthrough()} | chain | StrOutputParser()
    assert piped.invoke(PORT) == text
    assert "".join(piped.stream(PORT)) == text
    assert "".join(asyncio.run(collected(piped.astream(PORT)))) == text
    prompted = ChatPromptTemplate([("human", "{question}")]) | chain | StrOutputParser()
    assert prompted.invoke({"question": PORT}) == text


def test_callbacks_hear_of_it(connection):
    heard = []

    class Listening(BaseCallbackHandler):
        def on_chain_start(self, *args, **kwargs):
            heard.append("start")

        def on_chain_end(self, outputs, **kwargs):
            heard.append(outputs.text)

        def on_chain_error(self, error, **kwargs):
            heard.append(type(error))

    chain, config = FootnoteChain(**connection), RunnableConfig(callbacks=[Listening()])
    text = chain.invoke(PORT, config).text
    added(chain.stream(PORT, config))
    with pytest.raises(FootnoteError) as raised:
        chain.invoke("", config)
    assert heard == ["start", text, "start", text, "start", raised.type]


def test_it_can_be_asked_by_waiting_within_a_running_loop(connection):
    async def notebook():
        return FootnoteChain(**connection).invoke(PORT).text

    assert "7070" in asyncio.run(notebook())


@pytest.fixture
def paused(writer):
    """The language model, which waits behind its first sentences."""
    writer.text = "Relay listens on port 7070 [1]. It is blue. And it is green."
    writer.pause_at = 11  # behind "It is blue. And it", so that what stands before is complete
    writer.hung_up.clear()
    writer.go_on.clear()
    yield writer
    writer.go_on.set()
    writer.pause_at = None


def test_closing_the_stream_ends_the_work(writing, paused):
    with closing(FootnoteChain(**writing).stream(PORT)) as chunks:
        assert "7070" in next(chunks).text
    until(paused.hung_up.is_set)


@pytest.mark.parametrize("behind", [None, StrOutputParser()], ids=["alone", "in a larger chain"])
def test_closing_the_stream_of_asyncio_ends_the_work(writing, paused, behind):
    chain = FootnoteChain(**writing)

    async def first():
        parts = (chain | behind if behind else chain).astream(PORT)
        part = await anext(parts)
        await parts.aclose()
        return part

    part = asyncio.run(first())
    assert "7070" in (part if behind else part.text)
    until(paused.hung_up.is_set)


def test_cancelling_the_task_that_waits_ends_the_work(writing, paused):
    async def impatient():
        before = len(paused.received)
        answering = asyncio.create_task(FootnoteChain(**writing).ainvoke(PORT))
        await asyncio.to_thread(until, lambda: len(paused.received) > before)
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering

    asyncio.run(impatient())
    until(paused.hung_up.is_set)


def test_a_language_model_that_fails_is_an_error_of_ours(guide_index, writer):
    settings = load_settings(
        env_file=None,
        index_dir=guide_index.index_dir,
        llm_base_url=writer.base_url,
        llm_fallback="error",
        answer_cache=0,
    )
    chain = FootnoteChain(settings=settings)
    writer.status = 400
    try:
        for asked in (chain.invoke, lambda question: [*chain.stream(question)]):
            with pytest.raises(LLMError):
                asked(PORT)
    finally:
        writer.status = 200
