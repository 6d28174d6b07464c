"""The address and the key of a server are refused before anything is sent, and never repeated."""

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings

SECRET = "pw-SECRET"
NAMES = ["llm_base_url", "openai_base_url", "judge_base_url", "check_base_url", "query_rewrite_base_url"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("localhost:11434/v1", "must begin with http:// or https:// and a host"),
        ("htp://localhost/v1", "must begin with http"),
        ("http:///v1", "must begin with http"),
        ("http://localhost:abc/v1", "is no address"),
        ("http://localhost:99999/v1", "is no address"),
        ("http://[::1/v1", "is no address"),
        (f"http://bob:{SECRET}/x@host/v1", "is no address"),
        (f"bob:{SECRET}@host/v1", "must begin with http"),
        (f"http://bob:{SECRET} x@host/v1", "must hold no spaces"),
        (f"http://host/v1?api-key={SECRET}", "must end with its path"),
        (f"http://host/v1#{SECRET}", "must end with its path"),
    ],
)
def test_an_address_that_is_none_is_refused(name, url, said):
    with pytest.raises(SettingsError, match=f"{name.upper()}: {said}") as raised:
        load_settings(env_file=None, **{name: url})
    assert SECRET not in str(raised.value)


def test_space_around_an_address_or_a_key_is_no_part_of_it():
    llm = load_settings(env_file=None, llm_base_url=" http://localhost:1/v1\n", llm_api_key="sk-key\n").llm
    assert (llm.base_url, llm.api_key.get_secret_value()) == ("http://localhost:1/v1", "sk-key")


@pytest.mark.parametrize("name", ["llm_api_key", "openai_api_key", "judge_api_key"])
@pytest.mark.parametrize("key", [f"{SECRET}ü", f"{SECRET}\nx", f"{SECRET} x"])
def test_a_key_that_no_header_holds_is_refused(name, key):
    with pytest.raises(SettingsError, match="must be of visible ASCII characters") as raised:
        load_settings(env_file=None, **{name: key})
    assert SECRET not in str(raised.value)
