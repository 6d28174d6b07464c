"""What `footnote status` and the log say of the language model: until when, and what comes then."""

import logging
from datetime import date

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.models.llm.lineup import listing
from footnote.app.models.llm.lineup.outlook import Outlook, log_outlook, outlook
from tests.lora_files import write_gguf

DAY = date(2027, 1, 14)


def settings_of(**flags):
    return load_settings(env_file=None, **flags).llm


@pytest.fixture
def at_openai(fake_llm, monkeypatch):
    monkeypatch.setattr(listing, "OPENAI_HOST", "127.0.0.1")
    fake_llm.models = [{"id": "gpt-4o", "shutdown_date": "2027-02-28"}, {"id": "gpt-6-luna", "shutdown_date": None}]
    return lambda **flags: settings_of(llm_base_url=fake_llm.base_url, llm_api_key="k", **flags)


def test_what_needs_no_server_is_not_asked_for():
    assert outlook(settings_of()) == Outlook("extractive")
    assert outlook(settings_of(llm="anthropic:claude")) == Outlook("anthropic:claude")


def test_what_cannot_work_is_said(fake_llm, tmp_path):
    assert outlook(settings_of(llm="nonsense")).problem.startswith("FOOTNOTE_LLM is `auto`")
    assert outlook(settings_of(llm=str(tmp_path / "a.gguf"))).problem == "there is no such file"
    (tmp_path / "a.gguf").touch()
    assert "is not a GGUF file" in outlook(settings_of(llm=str(tmp_path / "a.gguf"))).problem
    write_gguf(tmp_path / "a.gguf", {}, {})
    assert outlook(settings_of(llm=str(tmp_path / "a.gguf"))).problem is None
    assert outlook(settings_of(llm="openai:gpt-4o")).problem == "it needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL"
    assert outlook(settings_of(llm_base_url="http://127.0.0.1:9/v1")).problem == "its server cannot be reached"
    assert outlook(settings_of(llm_base_url=fake_llm.base_url)).problem is None


def test_by_the_list_where_the_server_is_not_asked_or_does_not_say(fake_llm, monkeypatch):
    known = Outlook("openai:gpt-4o", DAY, "gpt-6-luna")
    assert outlook(settings_of(llm="openai:gpt-4o", llm_api_key="k"), asks=False) == known
    monkeypatch.setattr(listing, "OPENAI_HOST", "127.0.0.1")
    asking = settings_of(llm="openai:gpt-4o", llm_base_url=fake_llm.base_url)
    assert outlook(asking) == known


def test_what_the_server_says_goes_first(at_openai):
    assert outlook(at_openai()) == Outlook("openai:gpt-4o", date(2027, 2, 28), "gpt-6-luna", is_said=True)
    assert outlook(at_openai(llm="openai:gpt-6-luna")) == Outlook("openai:gpt-6-luna")
    assert outlook(at_openai(llm="openai:gpt-9")).problem == "its server does not list it"


def test_a_name_of_openai_on_another_server_has_no_end(fake_llm):
    assert outlook(settings_of(llm="openai:gpt-4o", llm_base_url=fake_llm.base_url)) == Outlook("openai:gpt-4o")
    fake_llm.models = [{"id": "a"}, {"id": "b"}]
    assert "has 2 models" in outlook(settings_of(llm_base_url=fake_llm.base_url)).problem
    fake_llm.models = [{"id": "a"}]
    assert outlook(settings_of(llm_base_url=fake_llm.base_url)) == Outlook("openai:a")


@pytest.mark.parametrize(
    ("found", "chooses", "today", "said"),
    [
        (Outlook("extractive"), True, DAY, "extractive"),
        (
            Outlook("openai:gpt-4o", DAY, "gpt-6-luna", True),
            True,
            date(2027, 1, 1),
            "openai:gpt-4o, until 2027-01-14: then openai:gpt-6-luna",
        ),
        (
            Outlook("openai:gpt-4o", DAY, "gpt-6-luna"),
            False,
            DAY,
            "openai:gpt-4o, gone since 2027-01-14, by the list of this version: name another, such as "
            "openai:gpt-6-luna",
        ),
        (Outlook("openai:a", problem="no"), False, DAY, "openai:a; no"),
    ],
)
def test_in_one_line(found, chooses, today, said):
    assert found.sentence(chooses, today) == said


def test_the_log_names_the_second_model_and_what_is_wrong_with_it(fake_llm, caplog):
    fake_llm.models = [{"id": "one"}, {"id": "two"}]
    flags = {"llm": "openai:one", "llm_base_url": fake_llm.base_url, "llm_split": 0.2}
    for second in ("openai:two", "openai:three"):
        settings = load_settings(env_file=None, llm_b=second, **flags)
        with caplog.at_level(logging.INFO, "footnote"):
            log_outlook(settings.llm, settings.split)
    said = [(one.levelno, one.getMessage()) for one in caplog.records if one.name.startswith("footnote")]
    assert said[:2] == [
        (logging.INFO, "answers: openai:one"),
        (logging.INFO, "answers, second model: 20% of the questions: openai:two"),
    ]
    assert said[3][0] == logging.WARNING and "openai:three; its server does not list it" in said[3][1]


@pytest.mark.parametrize(
    ("ends", "llm", "level"),
    [
        ("2099-01-01", "auto", logging.INFO),
        ("2099-01-01", "openai:gpt-4o", logging.INFO),
        ("2020-01-01", "openai:gpt-4o", logging.WARNING),
    ],
)
def test_the_log_warns_where_it_is_gone(at_openai, fake_llm, caplog, ends, llm, level):
    fake_llm.models[0]["shutdown_date"] = ends
    with caplog.at_level(logging.INFO, "footnote"):
        log_outlook(at_openai(llm=llm))
    (record,) = [one for one in caplog.records if one.name.startswith("footnote")]
    assert (record.levelno, ends in record.getMessage()) == (level, True)
