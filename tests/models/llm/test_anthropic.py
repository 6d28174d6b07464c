"""A provider with an API of its own, by its LangChain package: Claude, played on loopback."""

import pytest

from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from tests.builders import make_hit
from tests.models.llm.fake_anthropic import run_fake_anthropic

KEY = "sk-ant-very-secret-0123456789"
SAID = "Relay listens on port 7070 [1]."


@pytest.fixture
def claude():
    with run_fake_anthropic() as fake:
        yield fake


@pytest.fixture
def answer(claude):
    flags = {
        "llm": "anthropic:claude",
        "llm_base_url": claude.base_url,
        "llm_api_key": KEY,
        "openai_api_key": "sk-openai",
    }
    answerer = make_llm_answerer(load_settings(env_file=None, **flags).llm)
    return lambda: answerer.answer("Which port?", [make_hit("Relay listens on port 7070.")], 1)


def test_what_it_is_sent_and_says(answer, claude):
    draft = answer()
    assert (draft.text, draft.truncated) == (SAID, False)
    assert (draft.tokens.prompt, draft.tokens.completion) == (321, 12)
    ((headers, body),) = claude.received
    assert KEY in headers.get("x-api-key", headers.get("authorization"))
    assert "sk-openai" not in str(headers)
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("claude", 600, 0)


def test_one_that_refuses_a_temperature_is_asked_without(answer, claude):
    claude.refuses_temperature = True
    assert answer().text == answer().text == SAID
    assert ["temperature" in body for _, body in claude.received] == [True, False, False]


def test_its_thinking_is_no_part_of_the_answer(answer, claude):
    claude.blocks.insert(0, {"type": "thinking", "thinking": "The port is asked for."})
    assert answer().text == SAID


def test_an_answer_that_a_limit_or_a_refusal_ended_says_so(answer, claude):
    claude.stop_reason = "max_tokens"
    assert (answer().truncated, answer().broken_off) == (True, None)
    claude.stop_reason = "refusal"
    assert "content filter of the provider ended" in answer().broken_off


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ((401, f"invalid x-api-key {KEY}"), r"check the key in FOOTNOTE_LLM_API_KEY\."),
        ((404, "model: claude"), "check the model's name in FOOTNOTE_LLM and FOOTNOTE_LLM_BASE_URL"),
        ((429, "rate limited"), "the provider's limit is reached; try later"),
        ((529, "Overloaded"), "Overloaded"),
    ],
)
def test_its_failures_name_the_fix_and_no_key(answer, claude, error, said):
    claude.error = error
    with pytest.raises(LLMError, match=said) as raised:
        answer()
    assert KEY not in str(raised.value)
