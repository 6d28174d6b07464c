"""What an answer's requests to language models took: tokens, hidden reasoning among them, and their cost."""

import json
from dataclasses import replace

import pytest
from langchain_core.messages import AIMessage

from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.language_model import make_llm_answerer, token_use
from footnote.app.conversation.standalone import ByLanguageModel
from footnote.app.conversation.turns import Turn
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import TokenUse
from footnote.app.engine.engine import Engine
from footnote.app.models.llm.lineup.known import Price

QUESTION = "Which port does Relay listen on?"
PRICES = "[cheap]\ninput_usd = 1.0\ncached_input_usd = 0.1\noutput_usd = 10.0\n"
# 200 new, 100 cached, 40 written
USAGE = {
    "prompt_tokens": 300,
    "completion_tokens": 40,
    "total_tokens": 340,
    "prompt_tokens_details": {"cached_tokens": 100},
    "completion_tokens_details": {"reasoning_tokens": 30},
}
COST = (200 * 1.0 + 100 * 0.1 + 40 * 10.0) / 1e6


@pytest.fixture
def flags(fake_llm, tmp_path):
    """Settings under which the fake server's model has a price."""
    file = tmp_path / "prices.toml"
    file.write_text(PRICES, "utf-8")
    fake_llm.usage = USAGE
    return {"llm": "openai:cheap", "llm_base_url": fake_llm.base_url, "llm_prices": str(file), "reranker": "none"}


def test_tokens_have_their_cost_and_the_reasoning_among_them(make_engine, flags):
    assert make_engine(**flags).ask(QUESTION).tokens == TokenUse(300, 40, 30, pytest.approx(COST))


def test_no_cost_is_made_up(make_engine, flags):
    unheard = make_engine(**{**flags, "llm": "openai:gpt-4o"}).ask(QUESTION)
    assert unheard.tokens == TokenUse(300, 40, 30, None)


def test_every_request_for_an_answer_counts(make_engine, flags, fake_llm):
    opinion = {"number": 1, "verdict": "supported", "sources": [1], "reason": ""}
    fake_llm.filled = json.dumps({"sentences": [opinion]})
    answer = make_engine(**flags, query_rewrite="rewrite", check="model").ask(QUESTION)
    assert answer.tokens == TokenUse(900, 120, 90, pytest.approx(3 * COST))


def test_a_follow_up_counts_what_it_took_to_read_it(make_engine, flags):
    engine = make_engine(**flags)
    settings = load_settings(env_file=None, **flags)
    models = replace(engine.models, standalone=ByLanguageModel(LanguageModel(settings.llm), 200))
    *_, answer = Engine(engine.index, models, settings).stream("And which port?", turns=(Turn("Does Relay listen?"),))
    assert answer.tokens == TokenUse(600, 80, 60, pytest.approx(2 * COST))


def test_with_one_model_of_unknown_price_the_sum_is_unknown(make_engine, flags, fake_llm):
    fake_llm.filled = json.dumps({"sentences": []})
    answer = make_engine(**flags, check="model", check_llm="openai:other").ask(QUESTION)
    assert answer.tokens == TokenUse(600, 80, 60, None)


def test_a_wrong_file_of_prices_is_named_by_its_own_setting(make_engine, flags, tmp_path):
    (tmp_path / "prices.toml").write_text("[cheap\n", "utf-8")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_LLM_PRICES=.*prices.toml: "):
        make_engine(**flags)
    with pytest.raises(SettingsError, match=r"query rewriting: FOOTNOTE_LLM_PRICES=.*prices.toml: "):
        make_engine(**{**flags, "llm": "auto"}, query_rewrite="rewrite")


def test_a_provider_that_gives_no_details_is_counted_without():
    usage = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    message = AIMessage("x", usage_metadata=usage)
    assert token_use(message, Price(1.0, 1.0)) == TokenUse(10, 5, 0, 15 / 1e6)
    assert token_use(AIMessage("x"), Price(1.0, 1.0)) is None


def test_the_price_is_that_of_the_model_that_auto_chooses(make_engine, flags, fake_llm):
    fake_llm.models = [{"id": "cheap"}]
    settings = load_settings(env_file=None, **{**flags, "llm": "auto"})
    answerer = make_llm_answerer(settings.llm)
    engine = make_engine(**flags)
    models = replace(engine.models, answerer=answerer)
    answer = Engine(engine.index, models, settings).ask(QUESTION)
    assert (answer.model, answer.tokens.cost_usd) == ("openai:cheap", pytest.approx(COST))
