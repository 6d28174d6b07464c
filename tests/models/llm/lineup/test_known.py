"""Known models: when they end, what they cost, and whose price holds for which settings."""

from datetime import date

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.models.llm.chat import resolve_llm
from footnote.app.models.llm.lineup import known
from footnote.app.models.llm.lineup.known import Lifetime, Price
from footnote.app.models.llm.lineup.pricing import Prices

GPT_4O = Price(2.5, 10.0, 1.25)
LUNA = Price(0.1, 0.5, 0.01)


@pytest.mark.parametrize(
    ("model", "ends", "successor"),
    [
        ("gpt-4o", date(2027, 1, 14), "gpt-6-luna"),
        ("openai:gpt-4o", date(2027, 1, 14), "gpt-6-luna"),
        ("openai:gpt-4o-2024-11-20", date(2027, 1, 14), "gpt-6-luna"),
        ("gpt-4o-2024-05-13", date(2026, 10, 23), "gpt-5.6-sol"),
        ("gpt-4.1-mini-2025-04-14", date(2027, 1, 14), "gpt-6-luna"),
        ("gpt-5", date(2026, 12, 11), "gpt-6.1-sol"),
        ("gpt-5.1", date(2027, 4, 1), None),
        ("ft:gpt-4o-2024-08-06:acme::Ab12", date(2027, 1, 14), "gpt-6-luna"),
        ("openai:ft:gpt-4.1-nano-2025-04-14:acme:docs:Ab12", date(2026, 10, 23), "gpt-5.6-luna"),
    ],
)
def test_a_model_ends_with_what_it_is_a_snapshot_or_fine_tune_of(model, ends, successor):
    assert known.lifetime(model) == Lifetime(model.removeprefix("openai:"), ends, successor)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-audio-preview",
        "gpt-4o-audio-preview-2024-12-17",
        "gpt-4o-2024",
        "gpt-4ox",
        "anthropic:gpt-4o",
        "openai:openai:gpt-4o",
        "gpt-6-luna",
        "ft:",
        "ft:other:acme::x",
        "models/gpt-4o.gguf",
        "",
    ],
)
def test_nothing_ends_that_only_begins_alike_or_is_of_another_provider(model):
    assert known.lifetime(model) is None


def test_the_price_is_that_of_the_name_or_of_what_it_is_a_snapshot_of():
    assert known.price("gpt-6-luna") == known.price("openai:gpt-6-luna") == LUNA
    assert known.price("openai:gpt-4o-2024-08-06") == GPT_4O
    others = ("gpt-4o-2024-05-13", "ft:gpt-4o-2024-08-06:acme::Ab12", "gpt-4o-audio-preview", "anthropic:gpt-4o")
    assert [known.price(model) for model in others] == [None] * 4


def test_cached_tokens_have_a_price_of_their_own():
    assert GPT_4O.of(prompt=1_000_000, completion=100_000, cached=400_000) == pytest.approx(1.5 + 0.5 + 1.0)
    assert Price(2.0, 8.0).of(prompt=1_000_000, completion=0, cached=1_000_000) == 2.0


def price_of(llm):
    return Prices(llm).of(resolve_llm(llm))


def llm(**flags):
    return load_settings(env_file=None, **flags).llm


@pytest.mark.parametrize(
    ("flags", "price"),
    [
        ({"llm": "openai:gpt-4o"}, GPT_4O),
        ({"openai_api_key": "k"}, GPT_4O),
        ({"llm": "openai:gpt-4o", "llm_base_url": "https://api.openai.com/v1"}, GPT_4O),
        ({"llm": "openai:gpt-4o", "llm_base_url": "http://localhost:8080/v1"}, None),
        ({"llm": "openai:gpt-4o", "openai_base_url": "https://api.openai.com.example.com/v1"}, None),
        ({"llm": "openai:unheard"}, None),
        ({"llm": "anthropic:gpt-4o"}, None),
        ({"llm": "extractive"}, None),
        ({"llm": "gpt-4o.gguf"}, None),
    ],
)
def test_a_price_holds_at_openai_alone(flags, price):
    assert price_of(llm(**flags)) == price


@pytest.fixture
def prices(tmp_path):
    """Writes a file of prices and returns its path."""

    def write(text):
        file = tmp_path / "prices.toml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_own_prices_go_before_and_hold_anywhere(prices):
    file = prices(
        "[gpt-4o]\ninput_usd = 1\noutput_usd = 2\n"
        '["anthropic:claude-x"]\ninput_usd = 3\noutput_usd = 4\n'
        '["ft:gpt-4o-2024-08-06"]\ninput_usd = 5\noutput_usd = 6\n'
        '["gpt-4.1"]\nends = 2030-01-01\n'
    )
    own = {"llm_prices": str(file)}
    elsewhere = {**own, "llm_base_url": "http://localhost:8080/v1"}
    assert price_of(llm(llm="openai:gpt-4o-2024-11-20", **own)) == Price(1.0, 2.0)
    assert price_of(llm(llm="openai:gpt-4o", **elsewhere)) == Price(1.0, 2.0)
    assert price_of(llm(llm="anthropic:claude-x", **own)) == Price(3.0, 4.0)
    assert price_of(llm(llm="openai:ft:gpt-4o-2024-08-06:acme::Ab12", **own)) == Price(5.0, 6.0)
    assert price_of(llm(llm="openai:gpt-6-luna", **own)) == LUNA
    assert price_of(llm(llm="openai:gpt-4.1", **own)) == Price(2.0, 8.0, 0.5)
    assert price_of(llm(llm="openai:gpt-6-luna", **elsewhere)) is None
    assert price_of(llm(llm="model.gguf", **own)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gpt-4o\n", "at line 1"),
        ("a = 1\n[gpt-4o]\ninput_usd = \n", "at line 3"),
        ("gpt-4o = 1\n", "gpt-4o: must be a table named after a model, such as [gpt-4o], with"),
        ("input_usd = 1\noutput_usd = 1\n", "input_usd: must be a table named after a model, such as [gpt-4o], with"),
        ("[gpt-4o]\nprice = 1\n", "gpt-4o.price: is unknown; known are ends, successor, input_usd, "),
        ("[gpt-4o]\ninput_us = 1\noutput_usd = 1\n", "gpt-4o.input_us: is unknown; did you mean input_usd?"),
        ("[gpt-4o]\ninput_usd = 1e308\noutput_usd = 1\n", "gpt-4o.input_usd: "),
        ("[gpt-4o]\ninput_usd = 1\noutput_usd = 1000001\n", "gpt-4o.output_usd: "),
        ("[gpt-4o]\ninput_usd = 'x'\noutput_usd = 1\n", "gpt-4o.input_usd: "),
        ("[gpt-4o]\ninput_usd = -1\noutput_usd = 1\n", "gpt-4o.input_usd: "),
        ("[gpt-4o]\ninput_usd = nan\noutput_usd = 1\n", "gpt-4o.input_usd: "),
        ("[gpt-4o]\ninput_usd = 1\n", "gpt-4o: a price has both input_usd and output_usd"),
        ("[gpt-4o]\ncached_input_usd = 1\n", "gpt-4o: a price has both input_usd and output_usd"),
        ("[gpt-4.1]\ninput_usd = 1\noutput_usd = 1\n", 'gpt-4.1: put a name with a dot into quotes: ["gpt-4.1"]'),
    ],
)
def test_a_wrong_file_of_prices_says_where(prices, text, said):
    file = prices(text)
    with pytest.raises(SettingsError) as raised:
        price_of(llm(llm="openai:gpt-4o", llm_prices=str(file)))
    assert str(raised.value).startswith(f"FOOTNOTE_LLM_PRICES={file}: ")
    assert said in str(raised.value)


def test_a_file_of_prices_may_begin_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "prices.toml"
    file.write_text("[gpt-4o]\ninput_usd = 1\noutput_usd = 2\n", "utf-8-sig")
    assert price_of(llm(llm="openai:gpt-4o", llm_prices=str(file))) == Price(1.0, 2.0)


@pytest.mark.parametrize("content", ["[gpt-4o]".encode("utf-16"), b"\xff"])
def test_a_file_of_prices_in_another_encoding_is_told_which_one(tmp_path, content):
    file = tmp_path / "prices.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="prices.toml: is not UTF-8: save it as that"):
        price_of(llm(llm="openai:gpt-4o", llm_prices=str(file)))


def test_a_missing_file_of_prices_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        price_of(llm(llm="openai:gpt-4o", llm_prices=str(tmp_path / "absent.toml")))
    with pytest.raises(SettingsError, match="cannot be read"):
        price_of(llm(llm="openai:gpt-4o", llm_prices=str(tmp_path)))
