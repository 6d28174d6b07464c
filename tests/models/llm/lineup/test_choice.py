"""The model that `auto` means: GPT-4o while it lives, then its successor; the one model of another server."""

import logging
from datetime import date

import pytest

from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from footnote.app.models.llm.lineup import listing
from footnote.app.models.llm.lineup.choice import by_date, chosen
from footnote.app.models.llm.lineup.listing import Listing, is_openai, listed
from tests.builders import make_hit
from tests.models.llm import servers

BEFORE, ON_THE_DAY = date(2027, 1, 13), date(2027, 1, 14)
HITS = [make_hit("Relay listens on port 7070.")]


def test_by_the_days_that_are_known():
    assert [by_date(day) for day in (BEFORE, ON_THE_DAY, date(2028, 1, 1))] == ["gpt-4o", "gpt-6-luna", "gpt-6-luna"]


@pytest.mark.parametrize(
    ("ends", "today", "model"),
    [
        (None, BEFORE, "gpt-4o"),
        (None, ON_THE_DAY, "gpt-6-luna"),
        ({}, ON_THE_DAY, "gpt-6-luna"),
        ({"gpt-4o": None, "gpt-6-luna": None}, BEFORE, "gpt-4o"),
        ({"gpt-4o": ON_THE_DAY, "gpt-6-luna": None}, BEFORE, "gpt-4o"),
        ({"gpt-4o": ON_THE_DAY, "gpt-6-luna": None}, ON_THE_DAY, "gpt-6-luna"),
        ({"gpt-6-luna": None}, BEFORE, "gpt-6-luna"),
        ({"gpt-4o": date(2027, 3, 1), "gpt-6-luna": None}, ON_THE_DAY, "gpt-4o"),
        ({"gpt-4o": BEFORE, "gpt-6-luna": None}, BEFORE, "gpt-6-luna"),
        ({"some-other": None}, BEFORE, "gpt-4o"),
    ],
)
def test_what_openai_lists_goes_before_the_days_that_are_known(ends, today, model):
    assert chosen(Listing(ends) if ends is not None else None, True, today) == model


@pytest.mark.parametrize(
    ("names", "model"),
    [
        (["llama3.2:3b"], "llama3.2:3b"),
        (["llama3.2:3b", "nomic-embed-text:latest"], "llama3.2:3b"),
        (["gpt-4o", "mixtral"], "gpt-4o"),
        (["mixtral", "gpt-6-luna"], "gpt-6-luna"),
    ],
)
def test_of_another_server_it_is_the_model_that_it_has(names, model):
    assert chosen(Listing(dict.fromkeys(names)), False, BEFORE) == model


def test_of_another_server_with_several_one_must_be_named():
    names = [f"model-{number}" for number in range(8)]
    with pytest.raises(
        LLMError, match="the server has 8 models: name one of them, FOOTNOTE_LLM=openai:model-0, .* and 3 more"
    ):
        chosen(Listing(dict.fromkeys(names)), False, BEFORE)


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"data": [{"id": "a", "shutdown_date": "2027-01-14"}, {"id": "b", "shutdown_date": None}, {"id": "c"}]}, 3),
        ({"data": [{"id": 7}, "x", {"id": "a", "shutdown_date": "soon"}, {"id": "line\nbreak"}]}, 1),
        ({"data": "x"}, 0),
        ([], 0),
        ("text", 0),
        (None, 0),
    ],
)
def test_a_listing_is_read_as_far_as_it_can_be(said, ends):
    assert len(listing._read(said).ends) == ends


def settings_of(fake_llm, **flags):
    return load_settings(env_file=None, llm_base_url=fake_llm.base_url, **flags).llm


def test_a_server_that_does_not_say_has_no_listing(fake_llm):
    assert listed(settings_of(fake_llm)) == Listing({}, 404)
    assert listed(load_settings(env_file=None, llm_base_url="http://127.0.0.1:9/v1").llm) is None
    fake_llm.models = [{"id": "a", "shutdown_date": "2027-01-14"}]
    assert listed(settings_of(fake_llm)) == Listing({"a": date(2027, 1, 14)})


@pytest.mark.parametrize(
    ("url", "openais"),
    [
        (None, True),
        ("https://api.openai.com/v1", True),
        ("http://localhost:1/v1", False),
        ("https://api.openai.com.evil.example/v1", False),
        ("https://x@evil.example/api.openai.com", False),
    ],
)
def test_which_address_is_openais(url, openais):
    assert is_openai(load_settings(env_file=None, llm_base_url=url).llm) is openais


def answer(answerer):
    return answerer.answer("Which port?", HITS, 1)


def test_a_server_with_one_model_is_asked_for_that(fake_llm):
    fake_llm.models = [{"id": "served"}]
    answerer = make_llm_answerer(settings_of(fake_llm))
    answer(answerer)
    assert (fake_llm.received[0][2]["model"], answerer.model) == ("served", "openai:served")


def test_the_path_of_a_file_is_asked_for_and_not_shown(fake_llm):
    fake_llm.models = [{"id": "/srv/models/a.gguf"}]
    answerer = make_llm_answerer(settings_of(fake_llm))
    answer(answerer)
    assert (fake_llm.received[0][2]["model"], answerer.model) == ("/srv/models/a.gguf", "openai:a.gguf")


def test_a_server_with_several_models_says_so_until_one_is_left(fake_llm):
    fake_llm.models = [{"id": "a"}, {"id": "b"}]
    answerer = make_llm_answerer(settings_of(fake_llm))
    with pytest.raises(
        LLMError, match="the server has 2 models: name one of them, FOOTNOTE_LLM=openai:a, FOOTNOTE_LLM=openai:b"
    ):
        answer(answerer)
    assert fake_llm.received == []
    fake_llm.models = [{"id": "b"}]
    answer(answerer)
    assert answerer.model == "openai:b"


def test_one_that_is_gone_is_replaced_while_the_service_runs(fake_llm, monkeypatch, caplog):
    monkeypatch.setattr(listing, "OPENAI_HOST", "127.0.0.1")
    fake_llm.models = [{"id": "gpt-4o", "shutdown_date": "2099-01-14"}, {"id": "gpt-6-luna"}]
    with caplog.at_level(logging.INFO, "footnote"):
        answerer = make_llm_answerer(settings_of(fake_llm, llm_api_key="k"))
        answer(answerer)
        assert answerer.model == "openai:gpt-4o"
        fake_llm.models = [{"id": "gpt-6-luna"}]
        fake_llm.refuses = lambda body: servers.gone("gpt-4o")(body) or servers.openai_reasoning(body)
        answer(answerer)
    assert answerer.model == "openai:gpt-6-luna"
    last = fake_llm.received[-1][2]
    assert (last["model"], last["reasoning_effort"], "temperature" in last) == ("gpt-6-luna", "low", False)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("footnote")] == [
        "openai:gpt-4o is gone: answers by openai:gpt-6-luna now",
    ]
    asked = len(fake_llm.received)
    answer(answerer)
    assert len(fake_llm.received) == asked + 1


def test_a_server_is_asked_once_for_all_that_ask_it(fake_llm):
    fake_llm.models = [{"id": "served"}]
    one, other = (make_llm_answerer(settings_of(fake_llm, llm_max_tokens=limit)) for limit in (100, 200))
    assert [answer(model).text for model in (one, other)] == ["Relay listens on port 7070 [1]."] * 2
    assert fake_llm.listings == 1


def test_one_that_is_named_is_never_replaced(fake_llm):
    fake_llm.models, fake_llm.refuses = [{"id": "gpt-6-luna"}], servers.gone("gpt-4o")
    with pytest.raises(LLMError, match=r"has been deprecated.*check the model's name in FOOTNOTE_LLM"):
        answer(make_llm_answerer(settings_of(fake_llm, llm="openai:gpt-4o")))
    assert fake_llm.listings == 0


def test_where_all_are_gone_it_is_asked_no_more(fake_llm, monkeypatch):
    monkeypatch.setattr(listing, "OPENAI_HOST", "127.0.0.1")
    fake_llm.models, fake_llm.refuses = [{"id": "gpt-4o"}], servers.gone("gpt-4o", "gpt-6-luna")
    with pytest.raises(LLMError, match="has been deprecated"):
        answer(make_llm_answerer(settings_of(fake_llm, llm_api_key="k")))
    assert [body["model"] for _, _, body in fake_llm.received] == ["gpt-4o", "gpt-6-luna"]
