"""The vectors of an ingest, from a server that fails, stalls, limits, mixes up and cuts off."""

import threading
import time
from contextlib import closing

import pytest

from footnote.app.core.errors import ModelError
from footnote.app.models.embedding_service import stream as stream_module
from footnote.app.models.embedding_service.embedder import ServiceEmbedder
from tests.fake_embeddings import FakeEmbeddings, Said, vector_of
from tests.models.embedding_service.conftest import MakeService

TEXTS = [f"text {number}" for number in range(100)]


def by_text(service: ServiceEmbedder, texts: list[str] = TEXTS) -> dict[str, list[float]]:
    """The vector of each text; each once."""
    found: dict[str, list[float]] = {}
    for first, rows in service.arriving(texts):
        for place, row in enumerate(rows.tolist(), first):
            assert texts[place] not in found
            found[texts[place]] = row
    return found


ALL = {text: vector_of(text) for text in TEXTS}


def test_every_text_gets_its_vector_whatever_order_they_come_in(fake, make_service: MakeService) -> None:
    fake.rows = lambda rows: rows[::-1]
    assert by_text(make_service(embedder_batch=7)) == ALL
    assert sorted(fake.texts) == sorted(TEXTS)
    assert by_text(make_service(), []) == {}


def test_requests_at_the_same_time_are_bounded(fake, make_service: MakeService) -> None:
    full = threading.Event()

    def holds() -> None:
        if fake.at_once == 3:
            full.set()
        full.wait(5)

    fake.holds = holds
    assert by_text(make_service(embedder_batch=5, embedder_concurrency=3)) == ALL
    assert fake.most_at_once == 3


def test_a_request_holds_no_more_than_its_limits(fake, make_service: MakeService) -> None:
    texts = [letter * 400 for letter in "abcdefg"] + ["h" * 3_000]
    assert by_text(make_service(embedder_batch_kb=1), texts) == {text: vector_of(text) for text in texts}
    assert sorted(len(body["input"]) for _, body in fake.received) == [1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    "said",
    [
        Said(503, b"loading"),
        Said(500),
        Said(424, {"error": "inference failed", "error_type": "backend"}),
        Said(429, {"error": "Model is overloaded", "error_type": "overloaded"}),
        Said(429, headers={"Retry-After-Ms": "5"}),
        Said(408),
        Said(drops=True),
        Said(200, b'{"object": "list", "data": [{"index": 0, "embed'),
    ],
    ids=["503", "500", "424", "429", "429 with a time", "408", "broken off", "cut off"],
)
def test_what_fails_is_asked_again_and_nothing_gets_the_vector_of_another(fake, make_service, said: Said) -> None:
    fake.says = lambda number, texts: said if number % 3 != 2 else None
    assert by_text(make_service(embedder_batch=10)) == ALL
    assert sorted(fake.texts) == sorted(TEXTS)


@pytest.mark.parametrize("said", [Said(silent=True), Said(trickles=True)], ids=["silent", "trickles"])
def test_a_request_that_stalls_is_given_up_and_sent_again(fake, make_service: MakeService, said: Said) -> None:
    fake.says = lambda number, texts: said if number in (0, 3) else None
    assert by_text(make_service(embedder_batch=10, embedder_timeout_s=0.3)) == ALL


def test_no_request_is_sent_while_the_server_wants_none(fake, make_service: MakeService) -> None:
    at: list[float] = []

    def says(number: int, texts: list[str]) -> Said | None:
        at.append(time.monotonic())
        return Said(429, headers={"Retry-After": "1"}) if number == 0 else None

    fake.says = says
    # One at a time, so that none was under way already.
    assert by_text(make_service(embedder_batch=50, embedder_concurrency=1)) == ALL
    assert at[1] - at[0] >= 1.0


def test_a_used_up_limit_is_waited_for(fake, make_service: MakeService) -> None:
    at: list[float] = []

    def says(number: int, texts: list[str]) -> None:
        at.append(time.monotonic())
        fake.headers = (
            {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "400ms"} if not number else {}
        )

    fake.says = says
    assert by_text(make_service(embedder_batch=50, embedder_concurrency=1)) == ALL
    assert at[1] - at[0] >= 0.4


@pytest.mark.parametrize(
    "said",
    [
        Said(413, {"error": "batch size 32 > maximum allowed batch size 8", "error_type": "validation"}),
        Said(422, {"error": "batch size 32 > maximum allowed batch size 8", "error_type": "validation"}),
        Said(400, {"error": {"message": "This model's maximum context length is 8192 tokens"}}),
    ],
    ids=["413", "422", "400"],
)
def test_a_batch_that_is_too_large_is_halved_and_later_ones_are_smaller(fake, make_service, said: Said) -> None:
    fake.says = lambda number, texts: said if len(texts) > 8 else None
    assert by_text(make_service(embedder_concurrency=1)) == ALL
    assert sorted(fake.texts) == sorted(TEXTS)
    assert len(fake.received) - len(fake.texts) / 8 < 5


def test_a_single_text_that_is_too_large_is_an_error_that_names_the_fix(fake, make_service: MakeService) -> None:
    fake.says = lambda number, texts: Said(413, b"too long") if any(len(text) > 50 for text in texts) else None
    with pytest.raises(ModelError, match="413 too long; a text of 1,234 characters .* lower FOOTNOTE_CHUNK_SIZE_CHARS"):
        by_text(make_service(), [*TEXTS, "x" * 1_234])


@pytest.mark.parametrize(
    "rows",
    [
        lambda rows: rows[:-1],
        lambda rows: [*rows, {"index": len(rows), "embedding": [1.0]}],
        lambda rows: [rows[0], *rows[:-1]],
        lambda rows: [{**rows[0], "embedding": rows[0]["embedding"][:-1]}, *rows[1:]],
        lambda rows: [{**rows[0], "embedding": [0.0] * 16}, *rows[1:]],
        lambda rows: [{**rows[0], "embedding": [float("nan")] * 16}, *rows[1:]],
        lambda rows: [{**rows[0], "embedding": [None] * 16}, *rows[1:]],
        lambda rows: [{"embedding": row["embedding"]} for row in rows],
        lambda rows: [{**row, "embedding": "AAAA"} for row in rows],
        lambda rows: {"0": rows},
        lambda rows: [],
    ],
    ids=[
        "one missing",
        "one too many",
        "one twice",
        "another length",
        "zeros",
        "nan",
        "nulls",
        "no index",
        "text",
        "no list",
        "none",
    ],
)
def test_what_is_no_vector_of_each_text_is_an_error(fake, make_service: MakeService, rows) -> None:
    fake.rows = rows
    with pytest.raises(ModelError, match="openai:m gives no vector of each text .*FOOTNOTE_EMBEDDER_BASE_URL right"):
        by_text(make_service())


def test_it_ends_when_the_server_gave_nothing_for_long(fake, make_service: MakeService) -> None:
    fake.says = lambda number, texts: Said(503, b"loading")
    with pytest.raises(ModelError, match="503 loading; so it went for 0 s: raise FOOTNOTE_EMBEDDER_GIVE_UP_S"):
        by_text(make_service(embedder_give_up_s=0.05))
    fake.says = lambda number, texts: Said(429, headers={"Retry-After": "3600"})
    with pytest.raises(ModelError, match="wants to be left alone for 3600 s: try again then"):
        by_text(make_service())


def test_a_server_that_was_never_there_is_not_waited_for_as_long(make_service: MakeService, monkeypatch) -> None:
    monkeypatch.setattr(stream_module, "FIRST_CONTACT_S", 0.05)
    with pytest.raises(ModelError, match="is the server running, and FOOTNOTE_EMBEDDER_BASE_URL right"):
        by_text(make_service(embedder_base_url="http://127.0.0.1:9/v1"))


def test_who_waits_is_told_once_for_which_server(fake, make_service: MakeService, monkeypatch, caplog) -> None:
    monkeypatch.setattr(stream_module, "_TELL_AFTER_S", 0.0)
    monkeypatch.setattr(stream_module, "FIRST_CONTACT_S", 1.0)
    with pytest.raises(ModelError, match="openai:m at http://127.0.0.1:9 failed"):
        by_text(make_service(embedder_base_url="http://me:hush@127.0.0.1:9/v1"))
    fake.says = lambda number, texts: Said(503, b"loading")
    with pytest.raises(ModelError, match="GIVE_UP_S, check FOOTNOTE_EMBEDDER_BASE_URL, or try later"):
        by_text(make_service(embedder_give_up_s=0.05))
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "waiting for the embedding server http://127.0.0.1:9 (" in told[0]
    assert "from FOOTNOTE_EMBEDDER_BASE_URL): trying again for up to 1 s" in told[0]
    assert len(told) <= 2 and "hush" not in caplog.text


def test_what_came_before_an_error_is_given_before_it_is_raised(fake, make_service: MakeService) -> None:
    fake.says = lambda number, texts: Said(401, b"expired") if number == 5 else None
    found = []
    with pytest.raises(ModelError, match="401 expired"):
        found.extend(make_service(embedder_batch=10, embedder_concurrency=1).arriving(TEXTS))
    assert [first for first, _ in found] == [0, 10, 20, 30, 40]


def test_closing_it_ends_the_requests_that_are_under_way(fake: FakeEmbeddings, make_service: MakeService) -> None:
    fake.says = lambda number, texts: Said(silent=True) if number else None
    with closing(make_service(embedder_batch=10, embedder_concurrency=4).arriving(TEXTS)) as arriving:
        next(arriving)
    # The fake server still holds them; who asked is free.
    assert len(fake.received) <= 6
