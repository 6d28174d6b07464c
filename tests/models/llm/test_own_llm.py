"""Another language model beside the one that answers: which key and which server it gets."""

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.models.llm.own_llm import another_llm

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
