"""Which model judges, and which key it gets."""

import pytest
from pydantic import SecretStr

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.evaluation.judging.judge import Judge
from footnote.app.models.llm.own_llm import own_llm

ANSWERS = {"llm": "openai:small", "llm_base_url": "http://127.0.0.1:1/v1", "llm_api_key": "sk-answers"}
ITS_SERVER = ("http://127.0.0.1:1/v1", "sk-answers")
OTHER_URL = {"judge_base_url": "http://127.0.0.1:2/v1"}


@pytest.mark.parametrize(
    ("flags", "llm", "server"),
    [
        (ANSWERS, "openai:small", ITS_SERVER),
        ({**ANSWERS, "judge_llm": "openai:large"}, "openai:large", ITS_SERVER),
        ({**ANSWERS, "llm": "auto", "judge_llm": "openai:large"}, "openai:large", ITS_SERVER),
        ({**ANSWERS, "judge_llm": "openai:large", "judge_api_key": "sk-j"}, "openai:large", (ITS_SERVER[0], "sk-j")),
        # Neither another provider nor another server gets the key of the first.
        ({**ANSWERS, "judge_llm": "anthropic:large"}, "anthropic:large", (None, None)),
        ({"llm": "anthropic:a", "llm_api_key": "sk-a", "judge_llm": "openai:large"}, "openai:large", (None, None)),
        ({**ANSWERS, "judge_llm": "/models/judge.gguf"}, "/models/judge.gguf", (None, None)),
        ({**ANSWERS, **OTHER_URL}, "auto", ("http://127.0.0.1:2/v1", None)),
        ({"llm": "extractive", **OTHER_URL, "judge_llm": "openai:x"}, "openai:x", ("http://127.0.0.1:2/v1", None)),
    ],
)
def test_the_judge_and_its_server(flags, llm, server):
    settings = load_settings(env_file=None, **flags)
    judge = own_llm(settings.judge, settings.llm)
    key = judge.api_key.get_secret_value() if isinstance(judge.api_key, SecretStr) else None
    assert (judge.name, (judge.base_url, key)) == (llm, server)


def test_the_judge_has_limits_of_its_own():
    settings = load_settings(env_file=None, llm_timeout_s=1, judge_timeout_s=9, judge_max_tokens=99)
    judge = own_llm(settings.judge, settings.llm)
    assert (judge.timeout_s, judge.max_tokens) == (9, 99)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({}, "the judge: this needs a language model: name one in FOOTNOTE_JUDGE_LLM,"),
        ({"judge_llm": "openai:x"}, "FOOTNOTE_JUDGE_LLM=openai:x needs OPENAI_API_KEY or FOOTNOTE_JUDGE_BASE_URL"),
        ({"judge_llm": "absent.gguf"}, "the judge: absent.gguf cannot be read"),
    ],
)
def test_an_error_names_the_judges_settings(flags, message):
    settings = load_settings(env_file=None, **flags)
    with pytest.raises(SettingsError, match=message):
        Judge(settings.judge, settings.llm)


def test_a_judge_gets_as_many_requests_at_once_as_it_can_take(fake_llm, tmp_path):
    settings = load_settings(env_file=None, judge_base_url=fake_llm.base_url, judge_concurrency=7)
    assert Judge(settings.judge, settings.llm).concurrency == 7
