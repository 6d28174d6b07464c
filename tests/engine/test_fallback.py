"""What comes where the language model fails: quotes that say so, or what it had said, or an error."""

import pytest

from footnote.app.conversation.turns import Turn
from footnote.app.core.errors import LLMError
from footnote.app.core.events import Said, Sources
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Answer
from footnote.app.engine.engine import open_engine
from footnote.app.engine.models import load_models

KEY = "sk-very-secret-0123456789"
QUESTION = "Which port does Relay listen on?"


@pytest.fixture
def written(make_engine, fake_llm):
    """The engine whose model is the fake one, with quotes in its place where it fails."""
    return make_engine(llm="openai:m", llm_base_url=fake_llm.base_url, llm_api_key=KEY, llm_fallback="extractive")


def quoted(engine):
    return engine.ask(QUESTION)


def test_quotes_are_those_of_an_engine_without_a_language_model(written, engine, fake_llm):
    fake_llm.status = 500
    answer, alone = written.ask(QUESTION), engine.ask(QUESTION)
    assert (answer.mode, answer.model, answer.text) == ("extractive", "extractive", alone.text)
    assert (answer.citations, answer.sentences, answer.tokens) == (alone.citations, alone.sentences, None)
    assert [hit.chunk.id for hit in answer.hits] == [hit.chunk.id for hit in alone.hits]
    assert answer.notice.startswith("The language model openai:m failed (OpenAIAPIError: ")
    assert answer.notice.endswith(" These are quotes of the docs instead.")
    assert alone.notice is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "openai:m returned no text"),
        ({"text": "", "finish_reason": "length"}, "before its limit on tokens"),
        ({"text": "", "finish_reason": "content_filter"}, "the content filter of the provider kept back"),
        ({"status": 401}, "check the key in FOOTNOTE_LLM_API_KEY."),
        ({"page": "<html><title>Welcome to the proxy</title></html>"}, "is FOOTNOTE_LLM_BASE_URL right?"),
        ({"breaks_at": 2}, "failed ("),
    ],
)
def test_every_failure_before_a_sentence_is_answered_with_quotes(written, fake_llm, change, said):
    for name, value in change.items():
        setattr(fake_llm, name, value)
    answer = written.ask(QUESTION)
    assert (answer.mode, bool(answer.citations)) == ("extractive", True)
    assert said in answer.notice[:1].lower() + answer.notice[1:]
    assert KEY not in answer.notice


def test_what_was_said_before_it_broke_off_stays(written, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It reads no other port [1]."
    fake_llm.breaks_at = 8
    *events, answer = written.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert "".join(event.text for event in events if isinstance(event, Said)) == "Relay listens on port 7070 [1]."
    assert (answer.text, answer.mode, answer.truncated) == ("Relay listens on port 7070 [1].", "llm", True)
    assert answer.notice.endswith("The answer ends there.")
    assert sum(isinstance(event, Sources) for event in events) == 1


def test_a_content_filter_that_ends_an_answer_is_said(written, fake_llm):
    fake_llm.finish_reason = "content_filter"
    answer = written.ask(QUESTION)
    assert (answer.text, answer.truncated) == ("Relay listens on port 7070 [1].", True)
    assert answer.notice == "The content filter of the provider ended what openai:m wrote. The answer ends there."


def test_a_false_name_is_said_before_the_quotes_too(written, fake_llm):
    fake_llm.status = 500
    answer = written.ask("Which port does Relay listen on with --turbo?")
    assert answer.text.startswith("The docs do not name `--turbo`.\n\n")
    assert answer.mode == "extractive"


def test_without_a_fallback_it_is_an_error(make_engine, fake_llm):
    fake_llm.status = 500
    asking = make_engine(llm="openai:m", llm_base_url=fake_llm.base_url)
    with pytest.raises(LLMError, match=r"try again, or see its logs\.$"):
        asking.ask(QUESTION)


def test_a_refusal_of_the_model_is_no_failure(written, fake_llm):
    fake_llm.text = "The docs do not say."
    answer = written.ask(QUESTION)
    assert (answer.refused_by, answer.notice) == ("model", None)


@pytest.fixture
def opened(guide_index, fake_llm):
    """Opens the engine as the command line does."""
    engines = []

    def opened(**flags):
        server = {"llm": "openai:m", "llm_base_url": fake_llm.base_url, "llm_api_key": KEY}
        settings = load_settings(env_file=None, index_dir=guide_index.index_dir, **{**server, **flags})
        engines.append(open_engine(settings))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.close()


def test_a_follow_up_is_read_by_rules_where_the_model_fails_to_read_it(opened, fake_llm):
    fake_llm.failures = [400]
    *_, answer = opened().stream("And with TLS?", turns=(Turn(QUESTION, "On 7070 [1]."),))
    assert answer.mode == "llm"
    assert answer.asked_as == "And with TLS? (port Relay listen)"
    assert answer.notice.endswith("The question was put together with the ones before by rules.")


def test_a_follow_up_fails_with_the_model_where_errors_are_wanted(opened, fake_llm):
    fake_llm.failures = [400]
    with pytest.raises(LLMError, match="something broke"):
        list(opened(llm_fallback="error").stream("And with TLS?", turns=(Turn(QUESTION, "On 7070 [1]."),)))


def test_a_model_file_that_cannot_be_loaded_leaves_quotes(opened, tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    answer = opened(llm=str(file)).ask(QUESTION)
    assert (answer.mode, bool(answer.citations)) == ("extractive", True)
    assert "broken.gguf" in answer.notice
    settings = load_settings(env_file=None, llm=str(file), llm_fallback="error", reranker="none")
    with pytest.raises(LLMError, match=r"llama\.cpp cannot load"):
        load_models(settings)
