"""`/v1` on a real service, asked by the real clients: openai-python and langchain-openai."""

import asyncio
import http.client
import json

import openai
import pytest
from langchain_openai import ChatOpenAI

from footnote.app.core.settings import load_settings
from footnote.ingest.flow import ingest
from tests.fake_llm import run_fake_llm
from tests.serving import KEY, until

PORT = "Which port does Relay listen on?"
CUP = "Who won the cup in 1998?"


def ready(service):
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    return service


@pytest.fixture(scope="module")
def service(guide_index, serve):
    return ready(serve(index_dir=guide_index.index_dir, admin_key=KEY, reranker="bundled"))


@pytest.fixture(scope="module")
def llm_service(guide_index, serve):
    """`(service, fake)` of one whose answers the fake writes; it answers one question at a time and keeps none."""
    with run_fake_llm() as fake:
        settings = {"llm_base_url": fake.base_url, "llm_fallback": "error", "query_workers": 1, "query_queue": 0}
        yield ready(serve(index_dir=guide_index.index_dir, answer_cache=0, **settings)), fake


@pytest.fixture
def written_by(llm_service):
    service, fake = llm_service
    yield service, fake
    fake.status, fake.text, fake.pause_at = 200, "Relay listens on port 7070 [1].", None
    fake.silent.clear()
    fake.go_on.clear()


def client_of(service, **options):
    base_url = f"http://127.0.0.1:{service.port}/v1"
    return openai.OpenAI(base_url=base_url, api_key="anything", max_retries=0, **options)


def chat_model(service):
    return ChatOpenAI(
        base_url=f"http://127.0.0.1:{service.port}/v1", api_key="anything", model="footnote", max_retries=0
    )


def asked(service, question, **options):
    with client_of(service) as client:
        return client.chat.completions.create(
            model="footnote", messages=[{"role": "user", "content": question}], **options
        )


def streamed(service, question, **options):
    with client_of(service) as client:
        return list(
            client.chat.completions.create(
                model="footnote", messages=[{"role": "user", "content": question}], stream=True, **options
            )
        )


def plain(service, body):
    status, _, answer = service.request("POST", "/query", body)
    assert status == 200
    return without_timings(answer)


def without_timings(answer):
    return {**answer, "timings_ms": None}


def content_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def annotations_of(chunks):
    found = [getattr(chunk.choices[0].delta, "annotations", None) or [] for chunk in chunks if chunk.choices]
    return [one for annotations in found for one in annotations]


def test_the_one_model_is_listed(service):
    with client_of(service) as client:
        assert [model.id for model in client.models.list()] == ["footnote"]
        assert client.models.retrieve("footnote").object == "model"
        with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-4o' here: ask `footnote`") as raised:
            client.models.retrieve("gpt-4o")
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")


def test_a_completion_is_the_answer_of_a_plain_request(service):
    completion = asked(service, PORT)
    answer = plain(service, {"question": PORT})
    (choice,) = completion.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == (
        "assistant",
        answer["answer"],
        "stop",
    )
    assert without_timings(completion.footnote) == answer
    assert (completion.model, completion.object) == ("footnote", "chat.completion")
    assert completion.system_fingerprint == "footnote-g1"
    assert completion.usage.total_tokens == 0
    assert completion.id.startswith("chatcmpl-")


def test_each_marker_is_an_annotation_that_leads_to_its_lines(service):
    completion = asked(service, PORT)
    message = completion.choices[0].message
    (cited,) = completion.footnote["citations"]
    (annotation,) = message.annotations
    found = annotation.url_citation
    assert message.content[found.start_index : found.end_index] == "[1]"
    assert found.title == "Configuration > Network"
    lines = f"{cited['start_line']}-{cited['end_line']}"
    address = f"/view/configuration.md?generation=1&lines={lines}#L{cited['start_line']}"
    assert found.url == f"http://127.0.0.1:{service.port}{address}"


def test_an_address_of_the_docs_site_comes_before_the_services_own(guide_index, serve):
    linked = ready(serve(index_dir=guide_index.index_dir, link_template="https://docs.example.com/{path}"))
    (annotation,) = asked(linked, PORT).choices[0].message.annotations
    assert annotation.url_citation.url == "https://docs.example.com/configuration.md"


def test_a_stream_is_the_completion_in_chunks(service):
    chunks = streamed(service, PORT, stream_options={"include_usage": True})
    completion = asked(service, PORT)
    assert content_of(chunks) == completion.choices[0].message.content
    found = [one.model_dump() for one in completion.choices[0].message.annotations]
    assert annotations_of(chunks) == found != []
    *parts, end, usage = chunks
    assert parts[0].choices[0].delta.role == "assistant"
    assert [one.choices[0].finish_reason for one in parts] == [None] * len(parts)
    assert (end.choices[0].finish_reason, usage.choices) == ("stop", [])
    assert usage.usage == completion.usage
    assert without_timings(end.footnote) == without_timings(completion.footnote)
    assert {(one.system_fingerprint, one.model, one.object) for one in chunks} == {
        ("footnote-g1", "footnote", "chat.completion.chunk")
    }
    assert len({one.id for one in chunks}) == 1
    assert all(one.usage is None for one in streamed(service, PORT))


def raw_stream(service, body, headers=None):
    """The lines of a stream as they were sent."""
    with service.client() as client:
        client._connection.request(
            "POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json", **(headers or {})}
        )
        response = client._connection.getresponse()
        assert response.status == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return [line.removeprefix("data: ") for line in response.read().decode().split("\n") if line]


QUESTION = {"model": "footnote", "messages": [{"role": "user", "content": PORT}], "stream": True}


def test_a_stream_ends_with_done_and_has_nothing_that_openai_does_not_send_but_footnote(service):
    *lines, end = raw_stream(service, QUESTION)
    assert end == "[DONE]"
    chunks = [json.loads(line) for line in lines]
    known = {"id", "object", "created", "model", "system_fingerprint", "choices"}
    assert all(set(chunk) == known for chunk in chunks[:-1])
    assert set(chunks[-1]) == {*known, "footnote"}
    assert chunks[0]["choices"] == [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]


def test_the_openapi_document_describes_chunks_and_errors(service):
    document = service.request("GET", "/openapi.json")[2]
    responses = document["paths"]["/v1/chat/completions"]["post"]["responses"]
    assert set(responses) == {"200", "400", "401", "403", "404", "413", "415", "422", "429", "502", "503"}
    stream = responses["200"]["content"]["text/event-stream"]
    done, data = stream["itemSchema"]["properties"]["data"]["anyOf"]
    assert done == {"const": "[DONE]"}
    assert (data["type"], data["contentSchema"]) == ("string", {"$ref": "#/components/schemas/CompletionChunkOut"})
    schemas = document["components"]["schemas"]
    assert {"choices", "system_fingerprint"} <= set(schemas["CompletionChunkOut"]["properties"])
    assert "heading_path" in schemas["ChunkOut"]["properties"]
    for status in set(responses) - {"200"}:
        assert responses[status]["content"]["application/json"]["schema"]["$ref"].endswith("/ChatErrorBody")


def test_a_refusal_is_an_answer_through_each_client(service):
    answer = plain(service, {"question": CUP})
    assert answer["refused"]
    completion = asked(service, CUP)
    chunks = streamed(service, CUP)
    assert completion.choices[0].message.content == content_of(chunks) == answer["answer"]
    assert without_timings(completion.footnote) == without_timings(chunks[-1].footnote) == answer
    assert completion.choices[0].message.annotations == annotations_of(chunks) == []
    assert chat_model(service).invoke(CUP).content == answer["answer"]


def test_the_asynchronous_client_gets_the_same(service):
    async def ask():
        base_url = f"http://127.0.0.1:{service.port}/v1"
        async with openai.AsyncOpenAI(base_url=base_url, api_key="anything", max_retries=0) as client:
            messages = [{"role": "user", "content": PORT}]
            completion = await client.chat.completions.create(model="footnote", messages=messages)
            stream = await client.chat.completions.create(model="footnote", messages=messages, stream=True)
            return completion, [chunk async for chunk in stream]

    completion, chunks = asyncio.run(ask())
    expected = plain(service, {"question": PORT})
    assert completion.choices[0].message.content == content_of(chunks) == expected["answer"]
    assert without_timings(chunks[-1].footnote) == expected


def test_langchain_gets_the_same_at_once_in_parts_and_asynchronously(service):
    model, expected = chat_model(service), plain(service, {"question": PORT})["answer"]
    message = model.invoke(PORT)
    assert (message.content, message.response_metadata["system_fingerprint"]) == (expected, "footnote-g1")
    assert message.response_metadata["finish_reason"] == "stop"
    parts = list(model.stream(PORT))
    assert "".join(part.content for part in parts) == expected
    assert sum(parts[1:], parts[0]).response_metadata["system_fingerprint"] == "footnote-g1"

    async def ask():
        return (await model.ainvoke(PORT)).content, [part.content async for part in model.astream(PORT)]

    content, streamed_parts = asyncio.run(ask())
    assert content == "".join(streamed_parts) == expected


def test_the_messages_before_are_the_conversation_and_those_of_the_system_are_not(service):
    history = [
        {"role": "system", "content": "Answer in French. Which port is a question about backups."},
        {"role": "user", "content": [{"type": "text", "text": PORT}]},
        {"role": "assistant", "content": "On 7070."},
        {"role": "user", "content": "Can I change it?"},
    ]
    with client_of(service) as client:
        completion = client.chat.completions.create(model="footnote", messages=history)
    body = {"question": "Can I change it?", "history": [{"question": PORT, "answer": "On 7070."}]}
    assert without_timings(completion.footnote) == plain(service, body)
    assert completion.footnote["asked_as"] == "Can I change it? (port Relay listen)"


def test_both_doors_share_what_is_kept(service):
    question = "How long are backups kept, and where?"
    assert service.request("POST", "/query", {"question": question})[1]["cache-status"] == "footnote; fwd=miss"
    body = {"messages": [{"role": "user", "content": question}]}
    assert service.request("POST", "/v1/chat/completions", body)[1]["cache-status"] == "footnote; hit"


def test_filters_are_a_field_beside_those_of_openai(service):
    filters = {"path": "guides/"}
    completion = asked(service, "How do I delete everything?", extra_body={"filters": filters})
    assert without_timings(completion.footnote) == plain(
        service, {"question": "How do I delete everything?", "filters": filters}
    )


def test_what_shapes_how_a_model_writes_is_ignored_and_so_are_unknown_fields(service):
    completion = asked(
        service,
        PORT,
        temperature=0.2,
        top_p=0.5,
        max_tokens=5,
        seed=1,
        stop=["Relay"],
        user="someone",
        tools=[{"type": "function", "function": {"name": "search", "parameters": {}}}],
        tool_choice="auto",
        n=1,
        extra_body={"top_k": 40, "repeat_penalty": 1.1, "chat_id": "1"},
    )
    assert without_timings(completion.footnote) == plain(service, {"question": PORT})


IMAGE = [{"type": "text", "text": PORT}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]


@pytest.mark.parametrize(
    ("options", "param", "code", "says"),
    [
        ({"n": 2}, "n", "unsupported", "there is one answer to a question"),
        ({"tool_choice": "required"}, "tool_choice", "unsupported", "no tools are called here"),
        (
            {"tool_choice": {"type": "function", "function": {"name": "x"}}},
            "tool_choice",
            "unsupported",
            "no tools are called here",
        ),
        ({"response_format": {"type": "json_object"}}, "response_format", "unsupported", "an answer is text"),
        ({"messages": [{"role": "user", "content": IMAGE}]}, "messages.0.content", "unsupported", "only text"),
        ({"messages": [{"role": "system", "content": PORT}]}, "messages", "unsupported", "there is no question"),
        ({"messages": []}, "messages", "invalid_request", "at least 1 item"),
        ({"messages": [{"role": "poet", "content": PORT}]}, "messages.0.role", "invalid_request", "Input should be"),
        ({"extra_body": {"n": False}}, "n", "invalid_request", "valid integer"),
        ({"extra_body": {"stream": "yes"}}, "stream", "invalid_request", "valid boolean"),
        ({"extra_body": {"filters": {"tag": "x"}}}, "filters.tag", "invalid_request", "Extra inputs"),
    ],
)
def test_what_no_answer_could_honour_is_a_bad_request(service, options, param, code, says):
    with client_of(service) as client, pytest.raises(openai.BadRequestError, match=says) as raised:
        asking = {"model": "footnote", "messages": [{"role": "user", "content": PORT}], **options}
        client.chat.completions.create(**asking)
    error = raised.value
    assert (error.param, error.code, error.type) == (param, code, "invalid_request_error")
    assert set(error.body) == {"message", "type", "param", "code"}


def test_a_question_that_is_too_long_or_empty_is_unprocessable(service):
    for question, says in (("x" * 2001, "FOOTNOTE_MAX_QUESTION_CHARS allows 2,000"), (" ", "the question is empty")):
        with pytest.raises(openai.UnprocessableEntityError, match=says) as raised:
            asked(service, question)
        assert raised.value.code == "bad_question"


def test_another_model_is_not_found(service):
    with client_of(service) as client, pytest.raises(openai.NotFoundError, match="ask `footnote`"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": PORT}])


def test_a_long_conversation_is_read_to_its_limit(service):
    turns = [{"role": "user", "content": "x" * 9000}, {"role": "assistant", "content": "y" * 9000}] * 20
    with client_of(service) as client:
        completion = client.chat.completions.create(
            model="footnote", messages=[*turns, {"role": "user", "content": PORT}]
        )
        assert completion.choices[0].message.annotations
        with pytest.raises(openai.APIStatusError, match=r"over 1,024,000 bytes") as raised:
            client.chat.completions.create(model="footnote", messages=turns * 3)
    assert (raised.value.status_code, raised.value.code) == (413, "request_too_large")


def test_what_is_no_json_and_where_nothing_is_have_openais_shape_too(service):
    def error(method, path, body, headers=None):
        with service.client() as client:
            client._connection.request(method, path, body, headers or {"Content-Type": "application/json"})
            response = client._connection.getresponse()
            return response.status, json.loads(response.read())["error"]

    status, said = error("POST", "/v1/chat/completions", b"{")
    assert (status, said["code"]) == (400, "invalid_json")
    status, said = error("POST", "/v1/chat/completions", b"\xff")
    assert (status, said["code"]) == (400, "invalid_json")
    status, said = error("POST", "/v1/chat/completions", b"{}", {"Content-Type": "text/plain"})
    assert (status, said["code"]) == (415, "unsupported_media_type")
    status, said = error("POST", "/v1/embeddings", b"{}")
    assert (status, said["code"]) == (404, "not_found")
    status, said = error("GET", "/v1/chat/completions", None)
    assert (status, said["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("key", ["anything", KEY, ""])
def test_any_key_will_do_and_none_is_taken_for_that_of_the_admin(service, key):
    headers = {"Authorization": f"Bearer {key}"}
    body = {"messages": [{"role": "user", "content": PORT}]}
    assert service.request("POST", "/v1/chat/completions", body, headers)[0] == 200


def test_a_service_that_is_not_ready_says_when_to_try_again(tmp_path, serve):
    waiting = serve(index_dir=tmp_path / "none")
    with pytest.raises(openai.InternalServerError) as raised:
        asked(waiting, PORT)
    assert raised.value.status_code == 503
    assert raised.value.type == "server_error"
    assert int(raised.value.response.headers["retry-after"]) >= 1
    with client_of(waiting) as client:
        assert [model.id for model in client.models.list()] == ["footnote"]


def test_a_failing_language_model_is_a_bad_gateway_and_on_the_way_the_end(written_by):
    service, fake = written_by
    fake.status = 401
    with pytest.raises(openai.InternalServerError, match="it wants a key") as raised:
        asked(service, PORT)
    assert (raised.value.status_code, raised.value.code) == (502, "llm")
    with pytest.raises(openai.APIError, match="it wants a key"):
        streamed(service, PORT)


def test_a_sentence_comes_before_the_next_is_written_and_only_what_is_checked(written_by):
    service, fake = written_by
    fake.text = "Relay listens on port 7070 [1]. It costs 5 dollars. It is blue. And green."
    fake.pause_at = 13
    with client_of(service) as client:
        stream = client.chat.completions.create(
            model="footnote", messages=[{"role": "user", "content": PORT}], stream=True
        )
        said = ""
        for chunk in stream:
            said += chunk.choices[0].delta.content or ""
            if "7070" in said:
                break
        assert "7070 [1]" in said
        assert "blue" not in said
        with pytest.raises(openai.InternalServerError, match="questions are being answered") as raised:
            asked(service, "Where are the backups?")
        assert int(raised.value.response.headers["retry-after"]) >= 1
        fake.go_on.set()
        for chunk in stream:
            said += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    assert "5 dollars" not in said
    fake.pause_at = None
    completion = asked(service, PORT)
    assert completion.choices[0].message.content == said
    assert completion.usage.prompt_tokens == 321
    assert completion.usage.total_tokens == 333


def test_an_answer_that_was_cut_off_says_so(written_by):
    service, fake = written_by
    fake.finish_reason = "length"
    try:
        assert asked(service, PORT).choices[0].finish_reason == "length"
    finally:
        fake.finish_reason = "stop"


OPEN_WEBUI = [{"X-OpenWebUI-User-Id": "1"}, {"User-Agent": "Python/3.11 aiohttp/3.13.2"}]


@pytest.mark.parametrize("headers", OPEN_WEBUI)
def test_open_webui_gets_each_citation_as_an_event_in_place_of_annotations(service, headers):
    chunks = [json.loads(line) for line in raw_stream(service, QUESTION, headers)[:-1]]
    citations = chunks[-1]["footnote"]["citations"]
    events = [chunk["event"] for chunk in chunks if "event" in chunk]
    assert [event["type"] for event in events] == ["source"] * len(citations) != []
    assert [event["data"]["document"] for event in events] == [[one["quote"]] for one in citations]
    (source,) = [event["data"]["source"] for event in events]
    assert source["name"] == "Configuration > Network"
    assert source["url"].startswith(f"http://127.0.0.1:{service.port}/view/configuration.md?")
    (metadata,) = events[0]["data"]["metadata"]
    assert metadata["source"] == "[1] configuration.md:14-17"
    assert metadata["sha256"] == citations[0]["sha256"]
    assert not any("annotations" in choice["delta"] for chunk in chunks for choice in chunk["choices"])
    first = next(number for number, chunk in enumerate(chunks) if "event" in chunk)
    said = "".join(choice["delta"].get("content") or "" for chunk in chunks[:first] for choice in chunk["choices"])
    assert "[1]" not in said


def test_every_citation_of_a_written_answer_is_an_event_in_the_order_of_its_number(written_by):
    service, fake = written_by
    fake.text = "Relay listens on port 7070 [1]. Relay listens on port 7070 [2]. It is 7070 [1]."
    chunks = [json.loads(line) for line in raw_stream(service, QUESTION, OPEN_WEBUI[0])[:-1]]
    numbers = [one["number"] for one in chunks[-1]["footnote"]["citations"]]
    named = [chunk["event"]["data"]["metadata"][0]["source"] for chunk in chunks if "event" in chunk]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [int(name[1 : name.index("]")]) for name in named] == numbers


def test_markers_follow_the_pages_that_open_webui_shows_before_them(service):
    pages = '### Task:\nUse it.\n<context>\n<source id="1" name="a">x</source>\n</context>\n'
    plain = [json.loads(line) for line in raw_stream(service, QUESTION, OPEN_WEBUI[0])[:-1]]
    question = {**QUESTION, "messages": [{"role": "user", "content": pages + PORT}]}
    behind = [json.loads(line) for line in raw_stream(service, question, OPEN_WEBUI[0])[:-1]]
    assert behind[-1]["footnote"]["answer"] == plain[-1]["footnote"]["answer"] == said_in(plain)
    assert said_in(behind) == said_in(plain).replace("[1]", "[2]")


def said_in(chunks):
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])


TITLE = """### Task:
Generate a concise title summarizing the chat history.
### Output:
JSON format: { "title": "your concise title here" }
### Chat History:
<chat_history>
USER: Which port does Relay listen on?
ASSISTANT: On 7070 [1].
</chat_history>"""


def test_a_helper_prompt_is_never_looked_up_and_never_a_gap(guide_index, serve, tmp_path):
    unready = serve(index_dir=tmp_path / "none")
    completion = asked(unready, TITLE)
    assert json.loads(completion.choices[0].message.content) == {"title": PORT}
    assert completion.choices[0].finish_reason == "stop"
    chunks = streamed(unready, TITLE, stream_options={"include_usage": True})
    assert json.loads(content_of(chunks)) == {"title": PORT}
    assert (chunks[-2].choices[0].finish_reason, chunks[-1].choices) == ("stop", [])


def test_a_refusal_through_this_door_is_a_gap(guide_index, tmp_path, serve, embedder):
    settings = load_settings(
        env_file=None, docs_dir=guide_index.settings.folders.docs_dir, index_dir=tmp_path / "index"
    )
    ingest(settings, lambda *_: None, embedder)
    keeping = ready(serve(index_dir=tmp_path / "index", keep_questions=True, admin_key=KEY, reranker="bundled"))
    asked(keeping, CUP)
    streamed(keeping, "Who won the cup in 2002?")
    asked(keeping, TITLE)
    headers = {"Authorization": f"Bearer {KEY}"}
    until(lambda: keeping.request("GET", "/gaps", headers=headers)[2]["count"] == 2)


def test_a_client_that_goes_away_ends_the_work(written_by):
    service, fake = written_by
    fake.hung_up.clear()
    fake.pause_at = 2
    received = len(fake.received)
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    body = json.dumps({**QUESTION, "stream": False})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    until(lambda: len(fake.received) > received)
    connection.close()
    assert fake.hung_up.wait(60)
