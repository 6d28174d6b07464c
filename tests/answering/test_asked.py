"""A language model that is asked to fill in a form: the ways in which it may not."""

from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda
from pydantic import BaseModel

from footnote.app.answering.asked import OwnLanguageModel
from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.settings import load_settings


class Colour(BaseModel):
    colour: str


class FillingModel(FakeListChatModel):
    """One of a provider that fills forms in by tool calls, where a wrong one is reported and not raised."""

    filled: dict[str, Any]

    def with_structured_output(self, schema, *, include_raw=False, **options):
        return RunnableLambda(lambda messages: self.filled)


@pytest.fixture
def own(monkeypatch):
    """An own model in front of a chat model."""

    def make(chat_model):
        monkeypatch.setattr("footnote.app.answering.asked.make_chat_model", lambda llm, threads: chat_model)
        settings = load_settings(env_file=None, check_llm="provider:small")
        return OwnLanguageModel("the second opinion", settings.second_opinion, settings.llm)

    return make


def reply(parsed=None, error=None, stop_reason="end_turn", text="blue"):
    return {
        "raw": AIMessage(text, response_metadata={"stop_reason": stop_reason}),
        "parsed": parsed,
        "parsing_error": error,
    }


def test_a_form_that_is_filled_in(own):
    colour = Colour(colour="blue")
    assert own(FillingModel(responses=[], filled=reply(colour))).filling(Colour)("", "?") == (colour, None)


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        (reply(stop_reason="max_tokens"), "cut off: raise FOOTNOTE_CHECK_MAX_TOKENS"),
        (reply(), "provider:small did not reply in the form that it was asked for: try another model"),
        (reply(error=ValueError("no such colour")), "the language model provider:small failed .*no such colour"),
        (reply(error=ValueError("long"), text=""), "did not reply in the form"),
    ],
)
def test_a_form_that_is_not_filled_in_is_an_error(own, filled, message):
    ask = own(FillingModel(responses=[], filled=filled)).filling(Colour)
    with pytest.raises(LLMError, match=f"the second opinion: .*{message}"):
        ask("", "?")


def test_a_model_that_takes_no_schema_is_told_before_it_is_asked(own):
    model = own(FakeListChatModel(responses=["blue"]))
    with pytest.raises(SettingsError, match="the second opinion: FOOTNOTE_CHECK_LLM=provider:small takes no schema"):
        model.filling(Colour)
