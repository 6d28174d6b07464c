"""The HTTP service, on a real engine; only the language model of one of the services is a fake."""

import json
import shutil
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.index.filters import QueryFilter
from footnote.app.models.embedder import BUNDLED
from footnote.app.models.onnx_model import bundled_folder
from footnote.app.schemas.answers import AnswerOut, QueryIn
from footnote.app.schemas.search import HitOut
from footnote.app.schemas.why_not import WhyNotOut
from footnote.ingest.flow import ingest
from tests.fake_llm import run_fake_llm

PORT = "Which port does Relay listen on?"
KEY = "sk-very-secret-0123456789"
PROBLEM = "urn:footnote:problem:"


def until(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("waited for 30 s")


@contextmanager
def serving(**flags):
    """A client of a service that is live, and perhaps ready."""
    with TestClient(create_app(load_settings(env_file=None, **flags))) as client:
        yield client


@pytest.fixture(scope="module")
def client(guide_index):
    with serving(index_dir=guide_index.index_dir) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.fixture(scope="module")
def llm_service(guide_index):
    """`(client, fake)` of a service with a language model, one worker and one place to wait."""
    with (
        run_fake_llm() as fake,
        serving(
            index_dir=guide_index.index_dir,
            reranker="none",
            llm_base_url=fake.base_url,
            llm_api_key=KEY,
            llm_fallback="error",
            admin_key=KEY,
            query_workers=1,
            query_queue=1,
            answer_cache=0,
        ) as client,
    ):
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client, fake


def assert_problem(response, status, slug, detail):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "request_id"}
    assert body["request_id"] == response.headers["x-request-id"]
    assert (body["type"], body["status"]) == (PROBLEM + slug, status)
    assert body["title"]
    assert detail in body["detail"]


def without_timings(answer):
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_an_answer_is_the_engines_in_the_shape_of_the_command_line(client, engine):
    response = client.post("/query", json={"question": PORT})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    answer = engine.ask(PORT)
    expected = json.loads(AnswerOut.model_validate(answer).model_dump_json())
    assert without_timings(response.json()) == without_timings(expected)
    assert set(response.json()) == set(expected)
    assert set(response.json()["timings_ms"]) == {
        "embed",
        "lexical",
        "vector",
        "fuse",
        "rerank",
        "answer",
        "check",
        "total",
        "rewrite",
    }
    assert response.json()["citations"][0] == {
        "number": 1,
        "path": "configuration.md",
        "title": "Configuration",
        "heading_path": ["Configuration", "Network"],
        "start_line": 14,
        "end_line": 17,
        "start": answer.citations[0].start,
        "end": answer.citations[0].end,
        "quote": answer.citations[0].quote,
        "sha256": answer.citations[0].sha256,
        "generation": 1,
        "url": None,
        "table_header": "",
        "also_at": [],
        "source": "",
        "source_place": "",
        "included_by": [],
    }


def test_top_k_and_filters_are_passed_on(client, engine):
    filters = {"path": "guides/", "tags": ["operations"], "fields": {"author.name": "Cleo Tan"}}
    answer = client.post("/query", json={"question": PORT, "top_k": 1, "filters": filters}).json()
    assert {citation["path"] for citation in answer["citations"]} <= {"guides/deleting.md", "guides/upgrading.md"}
    everywhere = client.post("/query", json={"question": "How do I delete everything?", "top_k": 1}).json()
    assert {citation["path"] for citation in everywhere["citations"]} == {"guides/deleting.md"}


def test_an_answer_says_what_is_wrong_with_the_question(client):
    answer = client.post("/query", json={"question": "Why is the default RELAY_PORT 8080?"}).json()
    (premise,) = answer["premises"]
    assert (premise["kind"], premise["name"], premise["like"]) == ("denied", "", None)
    assert answer["answer"].startswith("The docs say otherwise: “`RELAY_PORT` is the port")
    assert premise["citations"][0] in {citation["number"] for citation in answer["citations"]}


def test_a_refusal_is_an_answer(client):
    response = client.post("/query", json={"question": "Who won the football world cup in 1998?"})
    assert response.status_code == 200
    answer = response.json()
    assert (answer["refused"], answer["answer"], answer["citations"]) == (True, "The docs do not say.", [])
    assert answer["refusal_reason"]


def test_search_gives_the_hits_with_every_stage(client, engine):
    response = client.get("/search", params={"q": PORT, "top_k": 3})
    expected = [HitOut.model_validate(hit).model_dump(mode="json") for hit in engine.search(PORT, 3).hits]
    nothing = {"queries": [], "rewrite_failed": None}
    assert response.json() == {"question": PORT, "generation": 1, "hits": expected, **nothing}
    assert set(expected[0]) == {"chunk", "lexical", "vector", "fused", "reranked"}
    assert expected[0]["chunk"]["metadata"]["author"] == {"name": "Ben Marsh", "team": "platform"}


def test_search_filters(client):
    params = [
        ("q", PORT),
        ("path", "guides/"),
        ("tag", "operations"),
        ("tag", "backup"),
        ("where", "author.team=operations"),
    ]
    hits = client.get("/search", params=params).json()["hits"]
    assert {hit["chunk"]["path"] for hit in hits} == {"guides/backups.md"}


def test_why_not_is_the_engines_in_the_shape_of_the_command_line(client, engine):
    params = {"q": PORT, "page": "guides/backups.md#Schedule", "top_k": 1, "where": "author.team=platform"}
    found = engine.why_not(PORT, "guides/backups.md#Schedule", 1, QueryFilter(fields=(("author.team", "platform"),)))
    shown = client.get("/search/why-not", params=params).json()
    assert shown == WhyNotOut.model_validate(found).model_dump(mode="json")
    assert (shown["lost_to"], shown["path"]) == ("filter", "guides/backups.md")
    assert shown["heading_path"] == ["Back up and restore", "Schedule"]
    assert [one["stage"] for one in shown["stages"]] == ["lexical", "vector", "fused", "reranked", "final"]
    usual = client.get("/search/why-not", params={"q": PORT, "page": "configuration.md"}).json()
    assert (usual["top_k"], usual["lost_to"], usual["rank"]) == (4, None, 1)


def test_why_not_of_no_page_is_a_result_and_of_nothing_a_problem(client):
    absent = client.get("/search/why-not", params={"q": PORT, "page": "instal.md"}).json()
    assert (absent["lost_to"], absent["suggestions"], absent["stages"]) == ("index", ["install.md"], [])
    for params, slug, detail in (
        ({"q": PORT, "page": " "}, "bad-question", "PATH or PATH#HEADING"),
        ({"q": " ", "page": "install.md"}, "bad-question", "the question is empty"),
        ({"q": PORT}, "invalid-request", "page: Field required"),
    ):
        assert_problem(client.get("/search/why-not", params=params), 422, slug, detail)


def test_index_says_what_is_served(client, embedder):
    body = client.get("/index").json()
    assert (body["generation"], body["files"], body["llm"]) == (1, 8, "extractive")
    assert body["chunks"] > 8
    assert body["models"]["embedder"] == {"name": BUNDLED, "sha256": embedder.fingerprint.sha256}
    assert body["settings"]["top_k"] == 4


def test_index_masks_the_key(llm_service):
    client, _ = llm_service
    response = client.get("/index")
    assert response.json()["settings"]["llm_api_key"] == "**********"
    assert response.json()["settings"]["admin_key"] == "**********"
    assert response.json()["llm"] == "openai:gpt-4o"
    assert KEY not in response.text


@pytest.mark.parametrize(
    ("body", "slug", "detail"),
    [
        ({"question": " "}, "bad-question", "the question is empty"),
        ({"question": "x" * 2001}, "bad-question", "FOOTNOTE_MAX_QUESTION_CHARS allows 2,000"),
        ({"question": "x", "filters": {"path": "!x"}}, "bad-question", "the path filter '!x' names no file"),
        ({"question": "x", "model": "y"}, "invalid-request", "model: Extra inputs are not permitted"),
        ({"question": "x", "filters": {"tag": "y"}}, "invalid-request", "filters.tag: Extra inputs are not permitted"),
        ({"question": "x", "top_k": 0}, "invalid-request", "top_k: Input should be greater than or equal to 1"),
        ({"question": 1}, "invalid-request", "question: Input should be a valid string"),
        ({}, "invalid-request", "question: Field required"),
        ([], "invalid-request", "body: a JSON object is expected"),
        ({"question": "x", "collection": []}, "invalid-request", "collection: List should have at least 1 item"),
        ({"question": "x", "collection": 1}, "invalid-request", "collection: Input should be a valid string, or: "),
    ],
)
def test_a_wrong_question_is_a_problem(client, body, slug, detail):
    assert_problem(client.post("/query", json=body), 422, slug, detail)


BODY = json.dumps({"question": " "}).encode()


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"{", "Expecting property name enclosed in double quotes at line 1, column 2"),
        (b'{\n  "question": "x",\n  "top_k": four\n}', "Expecting value at line 3, column 12"),
        (b'{"question": "x"} and more', "Extra data at line 1, column 19"),
        ('{"question": "größe" x}'.encode(), "delimiter at line 1, column 22"),
        (b'{"question": "gr\xf6\xdfe"}', "not UTF-8 (byte 16): JSON is sent as UTF-8"),
        (b'{"question": ' + b"[" * 20_000, "nested too deeply"),
    ],
)
@pytest.mark.parametrize("header", ["application/json", "application/json; charset=latin-1", "application/x+json"])
def test_a_body_that_is_no_json_says_where(client, content, detail, header):
    response = client.post("/query", content=content, headers={"content-type": header})
    assert_problem(response, 422, "invalid-json", detail)
    assert response.json()["detail"].startswith("the body is no JSON: ")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, "there was none"),
        ("application/x-www-form-urlencoded", "it was application/x-www-form-urlencoded"),
        ("text/plain; charset=utf-8", "it was text/plain"),
        ("text/json", "it was text/json"),
        ("json", "it was json"),
    ],
)
@pytest.mark.parametrize("path", ["/query", "/verify", "/feedback", "/ingest"])
def test_a_body_that_is_not_sent_as_json_names_the_header(llm_service, path, header, said):
    client, _ = llm_service
    headers = {"Authorization": f"Bearer {KEY}", **({"content-type": header} if header else {})}
    response = client.post(path, content=BODY, headers=headers)
    assert_problem(response, 415, "unsupported-media-type", "with the header `Content-Type: application/json`")
    assert said in response.json()["detail"]


@pytest.mark.parametrize("header", ["application/json", "Application/JSON; charset=UTF-8", "application/x+json"])
def test_a_body_that_is_sent_as_json_is_read(client, header):
    response = client.post("/query", content=BODY, headers={"content-type": header})
    assert_problem(response, 422, "bad-question", "the question is empty")


def test_no_body_at_all_is_a_matter_of_shape(client):
    assert_problem(client.post("/query"), 422, "invalid-request", "body: Field required")


def test_the_header_of_a_body_is_not_looked_at_without_the_key(client):
    assert_problem(client.post("/ingest", content=BODY), 403, "ingest-off", "FOOTNOTE_ADMIN_KEY")


@pytest.mark.parametrize(
    ("params", "slug", "detail"),
    [
        ({"q": " "}, "bad-question", "the question is empty"),
        ({"q": "x", "where": "team"}, "bad-question", "the filter 'team' is not NAME=VALUE"),
        ({"q": "x", "top_k": 201}, "invalid-request", "top_k: Input should be less than or equal to 200"),
        ({}, "invalid-request", "q: Field required"),
    ],
)
def test_a_wrong_search_is_a_problem(client, params, slug, detail):
    assert_problem(client.get("/search", params=params), 422, slug, detail)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/search?q=backups&collections=docs", "collections: there is no such parameter; did you mean collection?"),
        ("/search?q=backups&pth=guides/", "pth: there is no such parameter; did you mean path?"),
        ("/search?q=backups&Path=guides/", "Path: there is no such parameter; did you mean path?"),
        ("/search/why-not?q=x&page=index.md&zzz=1", "zzz: there is no such parameter; there are collection, page, "),
        ("/overview?collections=docs", "did you mean collection?"),
        ("/index?colection=docs", "did you mean collection?"),
        ("/collections?collection=docs", "collection: there is no such parameter; there are none"),
    ],
)
def test_a_parameter_that_a_route_does_not_know_is_refused_with_the_nearest(client, path, detail):
    assert_problem(client.get(path), 422, "invalid-request", detail)


def test_a_question_with_a_parameter_beside_its_body_is_refused(client):
    response = client.post("/query?collection=docs", json={"question": "How long are backups kept?"})
    assert_problem(response, 422, "invalid-request", "collection: there is no such parameter")


@pytest.mark.parametrize(
    "path", ["/view/index.md?utm_source=mail", "/files/1/index.md?v=2", "/health/live?x=1", "/?x=1", "/v1/models?x=1"]
)
def test_what_is_linked_to_or_asked_by_other_programs_takes_any_parameter(client, path):
    assert client.get(path).status_code == 200


def test_wrong_paths_and_methods_are_problems(client):
    assert_problem(client.get("/nowhere"), 404, "not-found", "GET /nowhere: Not Found")
    response = client.get("/query")
    assert_problem(response, 405, "method-not-allowed", "GET /query")
    assert response.headers["allow"] == "POST"


def chunks_of(size):
    for _ in range(size // 10_000):
        yield b"x" * 10_000


@pytest.mark.parametrize("content", [b"x" * 64_001, chunks_of(100_000)], ids=["with-length", "in-chunks"])
def test_a_large_body_is_refused(client, content):
    response = client.post("/query", content=content)
    assert ("content-length" in response.request.headers) == isinstance(content, bytes)
    assert_problem(response, 413, "request-too-large", "over 64,000 bytes (FOOTNOTE_MAX_REQUEST_KB)")


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_at_the_limit_is_read(client, in_chunks):
    body = json.dumps({"question": " "}).encode().ljust(64_000)
    content = iter([body[:9], body[9:]]) if in_chunks else body
    response = client.post("/query", content=content, headers={"content-type": "application/json"})
    assert_problem(response, 422, "bad-question", "the question is empty")


def test_a_failing_language_model_is_a_bad_gateway(llm_service):
    client, fake = llm_service
    fake.status = 401
    response = client.post("/query", json={"question": PORT})
    fake.status = 200
    assert_problem(response, 502, "llm", "check the key")
    assert KEY not in response.text


def test_over_capacity_is_told_at_once_and_passes(llm_service):
    client, fake = llm_service
    fake.received.clear()
    fake.silent.set()
    with ThreadPoolExecutor(3) as pool:
        running = pool.submit(client.post, "/query", json={"question": PORT})
        until(lambda: fake.received)
        further = [pool.submit(client.post, "/query", json={"question": PORT}) for _ in range(2)]
        (refused,), (waiting,) = wait(further, timeout=30, return_when=FIRST_COMPLETED)
        fake.silent.clear()
        fake.go_on.set()
        assert_problem(refused.result(), 503, "over-capacity", "2 questions are being answered or waiting")
        assert int(refused.result().headers["retry-after"]) >= 1
        assert [running.result().status_code, waiting.result().status_code] == [200, 200]
    assert client.post("/query", json={"question": PORT}).json()["answer"] == fake.text


def test_the_service_is_live_at_once_and_ready_when_an_index_is_there(tmp_path, write_docs, embedder):
    with serving(index_dir=tmp_path / "index") as client:
        assert client.get("/health/live").json() == {"status": "live"}
        until(lambda: client.get("/health/ready").json()["type"] == PROBLEM + "index-missing")
        for response in (client.get("/health/ready"), client.post("/query", json={"question": "x"})):
            assert_problem(response, 503, "index-missing", "run `footnote ingest` first")
            assert int(response.headers["retry-after"]) >= 1
        docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nRelay listens on port 7070.\n"})
        ingest(load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index"), lambda *_: None, embedder)
        until(lambda: client.get("/health/ready").status_code == 200)
        assert client.get("/health/ready").json() == {"status": "ready", "generation": 1}
        assert client.post("/query", json={"question": PORT}).json()["citations"][0]["path"] == "a.md"


def test_a_new_generation_is_taken_up_and_a_question_under_way_keeps_its_own(tmp_path, write_docs, embedder, fake_llm):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nRelay listens on port 7070.\n"})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)
    with (
        serving(index_dir=tmp_path / "index", reranker="none", llm_base_url=fake_llm.base_url) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        until(lambda: client.get("/health/ready").status_code == 200)
        fake_llm.silent.set()
        under_way = pool.submit(client.post, "/query", json={"question": PORT})
        until(lambda: fake_llm.received)
        write_docs(docs, {"a.md": "# A\n\nRelay listens on port 8080.\n"})
        ingest(settings, lambda *_: None, embedder)
        until(lambda: client.get("/health/ready").json()["generation"] == 2)
        fake_llm.silent.clear()
        fake_llm.go_on.set()
        first = under_way.result()
        fake_llm.text = "Relay listens on port 8080 [1]."
        later = client.post("/query", json={"question": PORT})
        for response, generation, port in ((first, 1, "7070"), (later, 2, "8080")):
            (citation,) = response.json()["citations"]
            assert (citation["generation"], response.json()["generation"]) == (generation, generation)
            assert citation["quote"] == f"Relay listens on port {port}."


def test_a_deleted_index_that_is_built_again_is_taken_up_under_the_same_number(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nThe secret is 7070.\n"})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)
    with serving(index_dir=tmp_path / "index", reranker="none") as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        shutil.rmtree(tmp_path / "index")
        write_docs(docs, {"a.md": "# A\n\nNothing here.\n"})
        ingest(settings, lambda *_: None, embedder)

        def quotes():
            response = client.post("/query", json={"question": "What is the secret?"})
            return [citation["quote"] for citation in response.json().get("citations", ())]

        until(lambda: quotes() == ["Nothing here."])
        assert client.get("/health/ready").json()["generation"] == 1


def test_an_index_of_another_embedder_is_never_ready(guide_index, tmp_path):
    other = tmp_path / "other_model"
    other.symlink_to(bundled_folder(BUNDLED))
    with serving(index_dir=guide_index.index_dir, embedder=str(other), reranker="none") as client:
        until(lambda: client.get("/health/ready").json()["type"] != PROBLEM + "not-ready")
        assert_problem(client.get("/health/ready"), 503, "index-mismatch", "set FOOTNOTE_EMBEDDER back")


def test_an_unforeseen_error_shows_nothing_of_itself(tmp_path, caplog):
    app = create_app(load_settings(env_file=None, index_dir=tmp_path))
    app.add_api_route("/broken", lambda: {}["secret detail"])
    response = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert_problem(response, 500, "internal", "see the service's log")
    assert "secret detail" not in response.text
    assert "secret detail" in caplog.text


def references(document):
    if isinstance(document, dict):
        for name, value in document.items():
            yield from [value] if name == "$ref" else references(value)
    elif isinstance(document, list):
        for value in document:
            yield from references(value)


def test_the_openapi_document_describes_every_route_and_error(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/query",
        "/search",
        "/search/why-not",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/chat/completions",
        "/verify",
        "/files/{generation}/{path}",
        "/view/{path}",
        "/answers",
        "/a/{id}",
        "/feedback",
        "/gaps",
        "/gaps/dismiss",
        "/gaps/resolve",
        "/overview",
        "/collections",
        "/evaluation",
        "/generations",
        "/index/changes",
        "/rollback",
        "/index",
        "/ingest",
        "/ingest/{id}",
        "/health/live",
        "/health/ready",
    }
    for reference in set(references(document)):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    asking = document["paths"]["/query"]["post"]["responses"]
    assert set(asking) == {"200", "401", "403", "404", "413", "415", "422", "429", "502", "503"}
    assert "415" not in document["paths"]["/search"]["get"]["responses"]
    assert all("application/problem+json" in asking[status]["content"] for status in set(asking) - {"200"})
    starting = document["paths"]["/ingest"]["post"]
    assert set(starting["responses"]) == {"202", "401", "403", "404", "409", "413", "415", "422", "429", "500"}
    assert starting["security"] == document["paths"]["/ingest/{id}"]["get"]["security"] == [{"Key": []}]
    assert document["paths"]["/query"]["post"]["security"] == [{}, {"Key": []}]
    (example,) = document["components"]["schemas"]["QueryIn"]["examples"]
    assert QueryIn.model_validate(example).question
    assert client.get("/docs").status_code == 200
