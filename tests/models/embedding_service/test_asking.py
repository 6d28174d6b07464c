"""The vector of a question, from a server that answers, fails, stalls or limits."""

import logging

import pytest

from footnote.app.core.errors import ModelError
from footnote.app.core.settings import load_settings
from footnote.app.models.embedder import make_embedder
from tests.fake_embeddings import FakeEmbeddings, Said, vector_of
from tests.models.embedding_service.conftest import MakeService


def test_a_text_has_the_same_unit_vector_as_a_question_and_as_a_passage(fake, make_service: MakeService) -> None:
    service = make_service()
    assert service.embed_query("port") == vector_of("port")
    assert service.embed_documents(["host", "port"]) == [vector_of("host"), vector_of("port")]
    ((_, rows),) = service.arriving(["port"])
    assert rows[0].tolist() == service.embed_query("port")


def test_texts_are_sent_as_text_with_model_and_key(fake, make_service: MakeService) -> None:
    make_service(embedder_api_key="sk-own").embed_query("Wo läuft es?")
    headers, body = fake.received[0]
    assert body == {"model": "m", "input": ["Wo läuft es?"], "encoding_format": "float"}
    assert headers["authorization"] == "Bearer sk-own"


def test_prefixes_are_put_before_questions_and_passages(fake, make_service: MakeService) -> None:
    service = make_service(query_prefix="query: ", passage_prefix="passage: ")
    service.embed_query("a")
    service.embed_documents(["b"])
    list(service.arriving(["c"]))
    assert fake.texts == ["query: a", "passage: b", "passage: c"]
    assert service.fingerprint.name == "openai:m with 'passage: '"


def test_many_passages_are_asked_for_in_batches(fake, make_service: MakeService) -> None:
    texts = [f"text {number}" for number in range(7)]
    assert make_service(embedder_batch=3).embed_documents(texts) == [vector_of(text) for text in texts]
    assert [len(body["input"]) for _, body in fake.received] == [3, 3, 1]
    assert make_service().embed_documents([]) == []


def test_the_language_models_server_and_key_serve_where_it_has_none_of_its_own(fake) -> None:
    settings = load_settings(
        env_file=None, embedder="openai:m", llm_base_url=fake.base_url, llm_api_key="sk-llm", openai_api_key="sk-other"
    )
    made = make_embedder(settings.models, settings.llm, settings.embedding_service)
    assert made.embed_query("port") == vector_of("port")
    assert fake.received[0][0]["authorization"] == "Bearer sk-llm"


def test_no_other_server_gets_the_key_of_the_language_model(fake, make_service: MakeService) -> None:
    make_service(llm_api_key="sk-llm", openai_api_key="sk-openai").embed_query("port")
    assert "authorization" not in fake.received[0][0]


def test_a_key_of_its_own_goes_before_that_of_the_language_model(fake) -> None:
    settings = load_settings(
        env_file=None,
        embedder="openai:m",
        openai_base_url=fake.base_url,
        embedder_api_key="sk-own",
        llm_api_key="sk-llm",
    )
    make_embedder(settings.models, settings.llm, settings.embedding_service).embed_query("port")
    assert fake.received[0][0]["authorization"] == "Bearer sk-own"


@pytest.mark.parametrize("said", [Said(503), Said(429), Said(500), Said(drops=True), Said(200, b'{"data": [')])
def test_what_fails_for_a_moment_is_asked_again(fake, make_service: MakeService, said: Said) -> None:
    fake.says = lambda number, texts: said if number < 2 else None
    assert make_service().embed_query("port") == vector_of("port")
    assert len(fake.received) == 3


def test_a_question_is_not_kept_waiting_for_long(fake, make_service: MakeService) -> None:
    fake.says = lambda number, texts: Said(503, {"error": {"message": "loading"}})
    with pytest.raises(
        ModelError,
        match=r"the embedder openai:m at http://127.0.0.1:\d+ failed: 503 loading; try again, or check FOOTNOTE_E",
    ):
        make_service().embed_query("port")
    assert len(fake.received) == 3
    fake.says = lambda number, texts: Said(429, headers={"Retry-After": "60"})
    with pytest.raises(ModelError, match="429 .*; try again in 60 s, or check FOOTNOTE_EMBEDDER_BASE_URL"):
        make_service().embed_query("port")
    assert len(fake.received) == 4
    for said in (Said(silent=True), Said(trickles=True)):
        fake.says = lambda number, texts, said=said: said
        with pytest.raises(ModelError, match="it did not answer in time"):
            make_service(embedder_query_timeout_s=0.1).embed_query("port")


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        (Said(401, {"error": {"message": "no"}}), "401 no; check the key in FOOTNOTE_EMBEDDER_API_KEY"),
        (Said(403, {"detail": "no"}), "403 no; the key in FOOTNOTE_EMBEDDER_API_KEY may not use this model"),
        (Said(404, {"error": "no such model"}), "404 no such model; check the model's name in FOOTNOTE_EMBEDDER and"),
        (Said(302, b""), "302 Found; check FOOTNOTE_EMBEDDER and FOOTNOTE_EMBEDDER_BASE_URL"),
        (Said(429, {"error": {"message": "m", "code": "insufficient_quota"}}), "has no budget left"),
        (Said(200, b"<!doctype html><p>hi"), "a web page came: is FOOTNOTE_EMBEDDER_BASE_URL right"),
        (Said(413, b""), "it takes no such text"),
    ],
)
def test_what_no_try_mends_is_said_at_once_with_its_fix(fake, make_service: MakeService, said: Said, fix: str) -> None:
    fake.says = lambda number, texts: said
    with pytest.raises(ModelError, match=fix):
        make_service().embed_query("port")
    assert len(fake.received) == 1


def test_a_server_that_is_not_there_is_named_by_its_setting(make_service: MakeService) -> None:
    with pytest.raises(ModelError, match="ConnectError: .*check FOOTNOTE_EMBEDDER_BASE_URL"):
        make_service(embedder_base_url="http://127.0.0.1:9/v1").embed_query("port")


def test_openais_own_server_needs_a_key() -> None:
    settings = load_settings(env_file=None, embedder="openai:m")
    with pytest.raises(ModelError, match="needs a key: set OPENAI_API_KEY, or FOOTNOTE_EMBEDDER_BASE_URL"):
        make_embedder(settings.models, settings.llm, settings.embedding_service)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_no_secret_reaches_errors_or_logs(fake: FakeEmbeddings, make_service: MakeService, caplog, status: int) -> None:
    key = "own-secret-0123456789"
    fake.says = lambda number, texts: Said(status, {"error": {"message": f"wrong {key}, Basic dXNlcjpwYXNz"}})
    url = fake.base_url.replace("//", "//user:pass-word@")
    service = make_service(embedder_base_url=url, embedder_api_key=key, embedder_give_up_s=0)
    with caplog.at_level(logging.DEBUG):
        for ask in (lambda: service.embed_query("port"), lambda: list(service.arriving(["port"]))):
            with pytest.raises(ModelError, match=r"the embedder openai:m at http://127.0.0.1:\d+ failed") as raised:
                ask()
            assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)
            shown = f"{raised.value} {caplog.text} {service._server}"
            assert not any(secret in shown for secret in (key, "pass-word", "dXNlcjpw"))
