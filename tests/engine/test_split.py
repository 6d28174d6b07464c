"""A second model answers its share of the questions, with everything else as it is, and the answer says so."""

import pytest

from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import load_models
from footnote.app.index.reader import open_index
from footnote.app.schemas.answers import AnswerOut
from tests.lora_files import LORA, down_adapter, write_gguf

# By their hashes, at a share of one half.
OF_A, OF_B = "Which port does Relay listen on?", "Which port is the port of Relay?"
CUP = "Who won the football world cup in 1998?"


@pytest.fixture
def split(guide_index, engine, fake_llm):
    """An engine with a second model, and what is set otherwise."""
    fake_llm.texts = {"one": "Relay listens on port 7070 [1].", "two": "The port of Relay is 7070 [1]."}
    opened = []

    def make(**flags):
        flags = {"llm": "openai:one", "llm_base_url": fake_llm.base_url, "llm_b": "openai:two", **flags}
        flags = {"llm_split": 0.5, **flags}
        settings = load_settings(env_file=None, index_dir=guide_index.index_dir, **flags)
        models = load_models(settings, searching=engine.models)
        opened.append(Engine(open_index(guide_index.index_dir), models, settings))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def asked_models(fake_llm):
    return [body["model"] for _, _, body in fake_llm.received]


def test_each_question_is_answered_by_the_model_of_its_arm(split, fake_llm):
    engine = split()
    for _ in range(2):
        first, second = engine.ask(OF_A), engine.ask(OF_B)
        assert (first.arm, first.model, first.text) == ("A", "openai:one", "Relay listens on port 7070 [1].")
        assert (second.arm, second.model, second.text) == ("B", "openai:two", "The port of Relay is 7070 [1].")
    assert asked_models(fake_llm) == ["one", "two"] * 2
    assert second.citations and second.sentences[0].verdict == "supported"
    assert AnswerOut.model_validate(second).arm == "B"
    # Both are asked alike but for the model.
    (one, two) = (body for _, _, body in fake_llm.received[:2])
    same = [name for name in one if name not in ("model", "messages")]
    assert [one[name] for name in same] == [two[name] for name in same]
    assert one["messages"][0] == two["messages"][0]


def test_a_refusal_before_any_model_has_an_arm_as_well(split, fake_llm):
    answer = split(llm_split=1.0).ask(CUP)
    assert (answer.refused_by, answer.arm, answer.model) == ("gate", "B", "openai:two")
    assert fake_llm.received == []


def test_without_a_split_there_is_no_arm(split, engine):
    answer = split(llm_split=0.0).ask(OF_B)
    assert (answer.arm, answer.model) == (None, "openai:one")
    assert engine.ask(OF_B).arm is None
    assert AnswerOut.model_validate(answer).arm is None


def test_the_second_model_has_its_own_server_and_key(split, fake_llm):
    engine = split(
        llm_api_key="key-of-a", llm_b="openai:two", llm_b_base_url=f"{fake_llm.base_url}/", llm_b_api_key="key-of-b"
    )
    engine.ask(OF_A)
    engine.ask(OF_B)
    assert [headers["authorization"] for _, headers, _ in fake_llm.received] == ["Bearer key-of-a", "Bearer key-of-b"]


def test_where_the_second_model_fails_quotes_come_and_name_it(split, fake_llm):
    fake_llm.refuses = lambda body: (404, {"error": {"message": "gone"}}) if body["model"] == "two" else None
    engine = split()
    answer = engine.ask(OF_B)
    assert (answer.arm, answer.mode) == ("B", "extractive")
    assert answer.notice.startswith("The second language model: ") and "FOOTNOTE_LLM=" not in answer.notice
    assert engine.ask(OF_A).notice is None
    with pytest.raises(LLMError, match="^the second language model: "):
        split(llm_fallback="error").ask(OF_B)


def test_a_break_of_the_second_model_names_it_too(split, fake_llm):
    fake_llm.texts["two"] = "The port of Relay is 7070 [1]. It is set in the configuration file, and then it"
    fake_llm.breaks_at = 9
    answer = split().ask(OF_B)
    assert answer.truncated and "second language model" in answer.notice


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"llm": "extractive"}, "compares two language models, but FOOTNOTE_LLM is `extractive`"),
        ({"llm_b": "extractive"}, "name the second one in FOOTNOTE_LLM_B"),
        ({"llm_b": "nothing"}, "the second language model: FOOTNOTE_LLM_B=nothing"),
        ({"llm_b": None}, "needs a second language model: name it in FOOTNOTE_LLM_B"),
        ({"llm_split": 1.5}, "FOOTNOTE_LLM_SPLIT"),
    ],
)
def test_what_cannot_be_split_is_refused_before_anything_is_asked(split, fake_llm, flags, said):
    with pytest.raises(SettingsError, match=said):
        split(**flags)


def test_an_adapter_is_compared_with_its_base_and_named(split, gguf, tmp_path):
    adapter = write_gguf(tmp_path / "tuned.gguf", LORA, down_adapter(0))
    flags = {"llm": str(gguf), "llm_base_url": None, "llm_b": None, "llm_b_adapter": str(adapter), "llm_max_tokens": 16}
    engine = split(**flags)
    first, second = engine.ask(OF_A), engine.ask(OF_B)
    assert (first.arm, second.arm) == ("A", "B")
    wrote = [engine.models.answering(question)[0].model for question in (OF_A, OF_B)]
    assert wrote[0] == gguf.name and wrote[1].startswith(f"{gguf.name} + tuned.gguf (sha256 ")
