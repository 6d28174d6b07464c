"""Both clients on a real service; only a server that is no Footnote, or a broken one, is played."""

import asyncio
import hashlib
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from footnote.app.client import AsyncFootnoteClient, FootnoteClient, Turn
from footnote.app.core.errors import FootnoteError, ServiceError, ServiceUnreachableError, SettingsError
from footnote.app.schemas.events import DoneEvent
from tests.client.answers import CITED
from tests.fake_llm import run_fake_llm
from tests.serving import KEY, ROOT, until

PORT = "Which port does Relay listen on?"
CUP = "Who won the cup in 1998?"
PROBLEM = "urn:footnote:problem:"
# What the service itself needs and a caller need not have.
HEAVY = {
    "markdown_it",
    "chromadb",
    "fastapi",
    "langchain_core",
    "langchain_openai",
    "numpy",
    "onnxruntime",
    "pathspec",
    "dotenv",
}
HEAVY |= {"pydantic_settings", "rank_bm25", "tantivy", "tokenizers", "typer", "uvicorn", "watchfiles", "yaml"}


@pytest.fixture(scope="module")
def service(guide_index, serve, tmp_path_factory):
    # Answers and questions are kept in it.
    index_dir = shutil.copytree(
        guide_index.index_dir,
        tmp_path_factory.mktemp("kept") / "index",
        ignore=shutil.ignore_patterns("evaluation.json"),
    )
    running = serve(index_dir=index_dir, admin_key=KEY, reranker="bundled", saved_answers=True)
    until(lambda: running.request("GET", "/health/ready")[0] == 200)
    return running


def address(service):
    return f"http://127.0.0.1:{service.port}"


@pytest.fixture(scope="module")
def client(service):
    with FootnoteClient(address(service), KEY) as client:
        yield client


def later(service, scenario, **options):
    """What `scenario(client)` returns, with a client of asyncio."""

    async def run():
        async with AsyncFootnoteClient(address(service), KEY, **options) as client:
            return await scenario(client)

    return asyncio.run(run())


def without_times(answer):
    return answer.model_dump(exclude={"timings_ms"})


def test_an_answer_and_its_stream_are_those_of_the_service(service, client):
    body = {"question": PORT, "top_k": 3, "filters": {"path": "*.md"}}
    status, _, plain = service.request("POST", "/query", body)
    assert status == 200
    answer = client.ask(PORT, top_k=3, path="*.md")
    assert answer.model_dump(mode="json") == plain
    assert answer.citations[0].path == "configuration.md"

    events = [*client.stream(PORT, top_k=3, path="*.md")]
    assert [type(one) for one in events].count(DoneEvent) == 1
    assert events[-1].data == answer
    assert "".join(one.data.markdown for one in events if one.event == "sentence") == answer.answer

    async def scenario(client):
        return await client.ask(PORT, top_k=3, path="*.md"), [
            one async for one in client.stream(PORT, top_k=3, path="*.md")
        ]

    assert later(service, scenario) == (answer, events)


def test_history_filters_and_refusals_reach_the_service(client):
    asked = client.ask("And how do I change it?", history=[Turn(PORT, "Relay listens on port 7070 [1].")])
    assert asked.asked_as and "Relay" in asked.asked_as
    assert client.ask(PORT, tags=["nothing-has-it"]).refused_by == "filter"
    assert client.ask("How do I restore a backup?", tags="backup").searched.files == 1
    assert client.ask(PORT, fields={"team": "nobody = here"}).refused_by == "filter"
    refused = client.ask(CUP)
    assert (refused.refused, refused.citations) == (True, [])


def test_what_is_searched_is_what_the_service_finds(service, client):
    found = client.search(PORT, top_k=2)
    assert (
        found.model_dump(mode="json")
        == service.request("GET", "/search?q=Which+port+does+Relay+listen+on%3F&top_k=2")[2]
    )
    assert len(found.hits) == 2
    assert client.search(PORT, path="*.md", tags=["install"], fields={"team": "x"}).hits == []
    why = client.why_not(PORT, "configuration.md")
    assert (why.path, why.lost_to) == ("configuration.md", None)
    assert later(service, lambda client: client.why_not(PORT, "configuration.md")) == why


def test_a_citation_is_read_and_checked(client):
    answer = client.ask(PORT)
    cited = answer.citations[0]
    page = client.file(cited.generation, cited.path)
    assert page[cited.start : cited.end] == cited.quote.encode()
    assert hashlib.sha256(cited.quote.encode()).hexdigest() == cited.sha256
    assert client.verify(answer.citations).all_valid


def test_an_answer_is_saved_and_seen_again(client):
    answer = client.ask(PORT)
    saved = client.save_answer(answer)
    seen = client.saved_answer(saved.id)
    assert (seen.holds, seen.answer["answer"]) == (True, answer.answer)
    with pytest.raises(ServiceError) as failed:
        client.save_answer(CITED)
    assert failed.value.type == PROBLEM + "answer-not-given"


def test_feedback_is_kept_and_shown_as_a_gap(client):
    question = "Is there a button for it?"
    assert client.give_feedback(question, False, comment="no", citations=client.ask(PORT).citations) is None
    gap = client.gaps(question=question).gaps[0]
    assert (gap.question, gap.unhelpful, gap.remarks[0].comment) == (question, 1, "no")
    assert client.dismiss_gap(question).dismissed == 1
    client.give_feedback(question, False)
    assert client.resolve_gap(question).not_judged == [question]


def test_the_service_says_what_it_is(client):
    generation = client.index().generation
    assert (client.ready().status, client.ready().generation) == ("ready", generation)
    assert client.live() == {"status": "live"}
    assert client.overview().generation == client.changes().generation == generation
    assert [one.generation for one in client.generations() if one.live] == [generation]
    with pytest.raises(ServiceError, match="nothing was evaluated") as failed:
        client.evaluation()
    assert failed.value.status == 404


def test_docs_are_ingested_and_rolled_back(tmp_path, write_docs, serve):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nThe cat is black.\n"})
    running = serve(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY)

    with FootnoteClient(address(running), KEY) as client:

        def ingested(generation):
            job = client.ingest(rebuild=True)
            until(lambda: client.ingest_status(job.id).state == "done")
            running.serves(generation)

        ingested(1)
        ingested(2)
        assert client.ingest_status(client.ingest(checksum=True).id).state in ("running", "done")
        assert client.roll_back().generation == 1
        running.serves(1)
        assert client.roll_back(to=2).was == 1


def test_the_problems_of_the_service_are_errors_with_their_type(service, client):
    with pytest.raises(ServiceError, match="the question is empty") as failed:
        client.ask(" ")
    assert (failed.value.type, failed.value.status) == (PROBLEM + "bad-question", 422)
    assert isinstance(failed.value, FootnoteError)
    with pytest.raises(ServiceError) as failed:
        next(client.stream(" "))
    assert failed.value.type == PROBLEM + "bad-question"
    with FootnoteClient(address(service)) as stranger, pytest.raises(ServiceError) as failed:
        stranger.gaps()
    assert failed.value.type == PROBLEM + "unauthorized"

    async def scenario(client):
        with pytest.raises(ServiceError) as failed:
            await client.ask(" ")
        with pytest.raises(ServiceError) as failed_on_the_way:
            await anext(client.stream(" "))
        return failed.value.type, failed_on_the_way.value.type

    assert later(service, scenario) == (PROBLEM + "bad-question", PROBLEM + "bad-question")


def test_half_a_character_is_no_error(client):
    assert client.ask("Which port\ud800 does Relay listen on?").question == PORT.replace(" does", "? does")
    assert client.search("Which port\ud800 does Relay listen on?").question == PORT.replace(" does", "? does")


def test_several_threads_ask_one_client(client):
    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(lambda _: without_times(client.ask(PORT)), range(8))]
    assert all(answer == answers[0] for answer in answers)


def test_who_closes_a_stream_ends_the_work_on_it(guide_index, serve):
    with run_fake_llm() as fake:
        fake.text, fake.pause_at = "Relay listens on port 7070 [1]. It can be changed [1].", 40
        settings = {"llm_base_url": fake.base_url, "query_workers": 1, "query_queue": 0, "answer_cache": 0}
        running = serve(index_dir=guide_index.index_dir, **settings)
        until(lambda: running.request("GET", "/health/ready")[0] == 200)
        with FootnoteClient(address(running), retries=0) as client:
            stream = client.stream(PORT)
            assert next(one for one in stream if one.event == "sentence").data.text
            stream.close()
            fake.pause_at = None
            until(lambda: asked_at_last(client), "the place that the question had")
        fake.go_on.set()


def asked_at_last(client):
    try:
        return client.ask(CUP + " Relay port")
    except ServiceError as error:
        assert error.type == PROBLEM + "over-capacity"
        return None


def test_nobody_answers():
    with FootnoteClient("http://user:secret@127.0.0.1:9/") as client:
        with pytest.raises(ServiceUnreachableError, match="start it with `footnote serve`") as failed:
            client.ask(PORT)
        assert "secret" not in str(failed.value)
        with pytest.raises(ServiceUnreachableError):
            next(client.stream(PORT))

    async def scenario():
        async with AsyncFootnoteClient("http://127.0.0.1:9") as client:
            await client.ask(PORT)

    with pytest.raises(ServiceUnreachableError):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    ("base_url", "key", "said"),
    [
        ("docs.example.com", None, "base_url must begin with http://"),
        ("http://a b", None, "base_url must hold no spaces"),
        ("http://127.0.0.1/?a=1", None, "base_url must end with its path"),
        ("http://127.0.0.1", "two words", "key must be of visible ASCII"),
    ],
)
def test_an_address_or_a_key_that_is_none_is_refused_at_once(base_url, key, said):
    for kind in (FootnoteClient, AsyncFootnoteClient):
        with pytest.raises(SettingsError, match=said) as failed:
            kind(base_url, key)
        assert key is None or key not in str(failed.value)


@contextmanager
def playing(*responses):
    """`(address, requests)` of a server that gives these in turn: status, headers, body; the last for ever."""
    requests, left = [], [*responses]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("content-length", 0)))
            requests.append(self.path)
            status, headers, body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/below", requests
        finally:
            server.shutdown()
            thread.join()


BUSY = '{"type": "urn:footnote:problem:over-capacity", "title": "t", "status": 503, "detail": "busy"}'
GIVEN = CITED.model_dump_json()


def asking(kind, url, **options):
    """The answer that a client of this kind gets."""
    if kind is FootnoteClient:
        with FootnoteClient(url, **options) as client:
            return client.ask(PORT)

    async def scenario():
        async with AsyncFootnoteClient(url, **options) as client:
            return await client.ask(PORT)

    return asyncio.run(scenario())


@pytest.mark.parametrize("kind", [FootnoteClient, AsyncFootnoteClient])
def test_a_busy_service_is_asked_again_when_it_says(kind):
    with playing((503, {"Retry-After": "0"}, BUSY), (200, {}, GIVEN)) as (url, requests):
        assert asking(kind, url) == CITED
        assert requests == ["/below/query"] * 2
    with playing((503, {"Retry-After": "0"}, "a proxy"), (200, {}, GIVEN)) as (url, _):
        assert asking(kind, url) == CITED
    with playing((503, {"Retry-After": "0"}, BUSY)) as (url, requests):
        with pytest.raises(ServiceError, match="^busy$") as failed:
            asking(kind, url, retries=1)
        assert (len(requests), failed.value.retry_after_s) == (2, 0)
    for header in ({}, {"Retry-After": "3600"}, {"Retry-After": "soon"}):
        with playing((503, header, BUSY)) as (url, requests), pytest.raises(ServiceError):
            asking(kind, url)
        assert len(requests) == 1


@pytest.mark.parametrize("kind", [FootnoteClient, AsyncFootnoteClient])
@pytest.mark.parametrize(
    "response", [(200, {}, "<html>"), (200, {}, "{}"), (502, {}, "Bad Gateway"), (302, {"Location": "/"}, "")]
)
def test_what_is_no_footnote_is_said_to_be_none(kind, response):
    with (
        playing(response) as (url, _),
        pytest.raises(ServiceError, match="is this the address of a Footnote") as failed,
    ):
        asking(kind, url)
    assert failed.value.status == response[0]


def streamed(kind, url):
    if kind is FootnoteClient:
        with FootnoteClient(url) as client:
            return [*client.stream(PORT)]

    async def scenario():
        async with AsyncFootnoteClient(url) as client:
            return [one async for one in client.stream(PORT)]

    return asyncio.run(scenario())


@pytest.mark.parametrize("kind", [FootnoteClient, AsyncFootnoteClient])
def test_a_stream_is_read_to_its_end_or_is_an_error(kind):
    done = f": ping\n\nevent: a later one\ndata: [\n\nevent:done\ndata: {GIVEN}\n\n"
    with playing((200, {}, done)) as (url, _):
        assert streamed(kind, url) == [DoneEvent(data=CITED)]
    half = 'event: stage\ndata: {"name": "embed", "ms": 1, "count": 1}\n\n'
    with playing((200, {}, half)) as (url, _), pytest.raises(ServiceError, match="broke off"):
        streamed(kind, url)
    with playing((200, {}, f"event: error\ndata: {BUSY}\n\n")) as (url, _), pytest.raises(ServiceError, match="^busy$"):
        streamed(kind, url)
    with playing((200, {}, "event: stage\ndata: {\n\n")) as (url, _), pytest.raises(ServiceError, match="same version"):
        streamed(kind, url)


def test_a_service_that_says_nothing_is_told_from_one_that_is_not_there():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        FootnoteClient(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.2) as client,
        pytest.raises(ServiceUnreachableError, match="a longer `timeout_s`"),
    ):
        client.ask(PORT)


def test_a_client_of_ones_own_sends_the_requests(service):
    sent = []
    with httpx.Client(event_hooks={"request": [lambda request: sent.append(str(request.url))]}) as http:
        client = FootnoteClient(address(service), http=http)
        client.live()
        client.close()
        assert http.is_closed
    assert sent == [address(service) + "/health/live"]


@pytest.mark.parametrize("program", ["client.ask(question)", "[*client.stream(question)]", "client.search(question)"])
def test_it_asks_where_no_more_than_httpx_and_pydantic_is_installed(service, program):
    code = f"""
import sys
for name in {sorted(HEAVY)}:
    sys.modules[name] = None
from footnote.app.client import FootnoteClient
with FootnoteClient("{address(service)}") as client:
    question = "{PORT}"
    print({program} is not None)
"""
    env = {"PYTHONPATH": str(ROOT / "src")}
    asked = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (asked.stdout, asked.stderr) == ("True\n", "")


def test_it_needs_httpx_and_pydantic_alone():
    code = "import sys; import footnote.app.client; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"httpx", "pydantic"} <= {*loaded}
    assert not HEAVY & {*loaded}
