"""Another language model beside the one that answers: which key and which server it gets."""

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.models.llm.own_llm import another_llm, second_llm

SERVER = "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("llm", "other", "has_key"),
    [
        ("openai:a", "openai:b", True),
        ("auto", "openai:b", True),
        ("openai:a", "anthropic:b", False),
        ("anthropic:a", "openai:b", False),
        ("anthropic:a", "anthropic:b", True),
        ("extractive", "anthropic:b", True),
        ("a.gguf", "openai:b", True),
    ],
)
def test_another_model_has_the_key_and_server_of_its_provider_alone(llm, other, has_key):
    given = load_settings(env_file=None, llm=llm, llm_api_key="k", llm_base_url=SERVER, llm_max_tokens=77).llm
    made = another_llm(other, given)
    assert (made.name, made.max_tokens) == (other, 77)
    assert (made.api_key is not None, made.base_url is not None) == (has_key, has_key)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"llm": "a.gguf"}, {"llm_b": "b.gguf"}, ("b.gguf", "none")),
        ({"llm": "a.gguf"}, {"llm_b_adapter": "t.gguf"}, ("a.gguf", "t.gguf")),
        ({"llm": "a.gguf"}, {"llm_b": "b.gguf", "llm_b_adapter": "t.gguf"}, ("b.gguf", "t.gguf")),
        ({"llm": "a.gguf", "llm_adapter": "old.gguf"}, {"llm_b": "a.gguf"}, ("a.gguf", "none")),
        ({"llm": "a.gguf", "llm_adapter": "old.gguf"}, {"llm_b_adapter": "t.gguf"}, ("a.gguf", "t.gguf")),
    ],
)
def test_the_second_model_has_an_adapter_of_its_own_or_none(first, second, expected):
    settings = load_settings(env_file=None, llm_split=0.5, llm_max_tokens=77, **first, **second)
    made = second_llm(settings.split, settings.llm)
    assert ((made.name, made.adapter), made.max_tokens) == (expected, 77)


def test_an_adapter_of_the_second_model_needs_its_file():
    settings = load_settings(env_file=None, llm="openai:a", llm_b="openai:b", llm_b_adapter="t.gguf", llm_split=0.5)
    with pytest.raises(SettingsError, match="FOOTNOTE_LLM_B_ADAPTER=t.gguf needs the .gguf file .* which is openai:b"):
        second_llm(settings.split, settings.llm)


def test_the_second_model_gets_no_key_of_another_server():
    settings = load_settings(env_file=None, llm="openai:a", llm_api_key="k", llm_b="openai:b", llm_b_base_url=SERVER)
    made = second_llm(settings.split, settings.llm)
    assert (made.api_key, made.base_url, made.name) == (None, SERVER, "openai:b")
