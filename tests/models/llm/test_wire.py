"""What each family is sent, and what becomes of what servers say: every request goes to a server on loopback."""

import logging
import re

import pytest
from pydantic import BaseModel

from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import TokenUse
from footnote.app.models.llm.lineup import listing
from tests.builders import make_hit
from tests.models.llm import servers

KEY = "sk-very-secret-0123456789"
SAID = "Relay listens on port 7070 [1]."
HITS = [make_hit("Relay listens on port 7070.")]
MESSAGES = {"model", "messages", "stream"}


@pytest.fixture
def answerer(fake_llm):
    """The answerer of a model at the fake server."""

    def answerer(llm="openai:m", **flags):
        server = {"llm_base_url": fake_llm.base_url, "llm_api_key": KEY}
        return make_llm_answerer(load_settings(env_file=None, llm=llm, **{**server, **flags}).llm)

    return answerer


@pytest.fixture
def at_openai(answerer, fake_llm, monkeypatch):
    """The same with the fake server for OpenAI's own."""
    monkeypatch.setattr(listing, "OPENAI_HOST", "127.0.0.1")
    return answerer


def answered(answerer):
    return answerer.answer("Which port?", HITS, 1)


def sent(fake_llm):
    """The fields of the last request beside its model and messages."""
    return {name: value for name, value in fake_llm.received[-1][2].items() if name not in MESSAGES}


USAGE = {"stream_options": {"include_usage": True}}
REASONING = {"max_completion_tokens": 600 + 4096, "reasoning_effort": "low", **USAGE}
CLASSIC = {"max_completion_tokens": 600, "temperature": 0, **USAGE}
PLAIN = {"max_tokens": 600, "temperature": 0, **USAGE}
THINKING = {"max_tokens": 600 + 4096, "temperature": 0, **USAGE}


@pytest.mark.parametrize(
    ("model", "fields", "refuses"),
    [
        ("gpt-4o", CLASSIC, servers.openai_classic),
        ("gpt-4o-2024-11-20", CLASSIC, servers.openai_classic),
        ("gpt-4.1-mini", CLASSIC, servers.openai_classic),
        ("ft:gpt-4o-2024-08-06:acme::x1", CLASSIC, servers.openai_classic),
        ("gpt-5-chat-latest", CLASSIC, servers.openai_classic),
        ("gpt-6-luna", REASONING, servers.openai_reasoning),
        ("gpt-5.1", REASONING, servers.openai_reasoning),
        ("gpt-5-mini", REASONING, servers.openai_reasoning),
        ("o3", REASONING, servers.openai_reasoning),
        ("o4-mini", REASONING, servers.openai_reasoning),
    ],
)
def test_what_openai_is_sent_in_one_request(at_openai, fake_llm, model, fields, refuses):
    fake_llm.refuses = refuses
    assert answered(at_openai(f"openai:{model}")).text == SAID
    assert sent(fake_llm) == fields
    assert len(fake_llm.received) == 1


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("local", PLAIN),
        ("llama3.2:3b", PLAIN),
        ("gpt-4o", PLAIN),
        ("qwen3-4b-instruct-2507", PLAIN),
        ("qwen3:8b", THINKING),
        ("gpt-oss:20b", THINKING),
        ("deepseek-r1:7b", THINKING),
        ("openai/gpt-5.1", REASONING),
        ("openai/o3", REASONING),
    ],
)
def test_what_other_servers_are_sent(answerer, fake_llm, model, fields):
    assert answered(answerer(f"openai:{model}")).text == SAID
    assert sent(fake_llm) == fields


@pytest.mark.parametrize(
    ("refuses", "fields"),
    [
        (servers.openai_reasoning, {"max_completion_tokens": 600 + 4096, **USAGE}),
        (servers.strict("max_tokens", "temperature"), {"max_tokens": 600, "temperature": 0}),
        (servers.strict("max_tokens"), {"max_tokens": 600}),
        (servers.strict(), {}),
        (servers.named_property("temperature", "max_tokens"), {"max_tokens": 600, "temperature": 0}),
        (servers.named_property(), {}),
    ],
)
def test_a_server_that_refuses_a_field_is_asked_without_it_from_then_on(answerer, fake_llm, refuses, fields):
    fake_llm.refuses = refuses
    asked = answerer("openai:my-deployment")
    assert answered(asked).text == SAID
    assert sent(fake_llm) == fields
    before = len(fake_llm.received)
    assert answered(asked).text == SAID
    assert len(fake_llm.received) == before + 1


def test_a_form_is_asked_for_in_the_same_shape(at_openai, fake_llm):
    class Form(BaseModel):
        port: int

    fake_llm.refuses, fake_llm.filled = servers.openai_reasoning, '{"port": 7070}'
    settings = load_settings(env_file=None, llm="openai:gpt-6-luna", llm_base_url=fake_llm.base_url, llm_api_key=KEY)
    form, _ = LanguageModel(settings.llm).filling(Form)("Say the port.", "7070")
    assert form.port == 7070
    assert sent(fake_llm).keys() == {"max_completion_tokens", "reasoning_effort", "response_format"}


@pytest.mark.parametrize(
    "said",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4400 in the messages, "
        "600 in the completion). Please reduce the length of the messages or max_tokens.",
        "max_tokens is too large: 600. This model supports at most 256 completion tokens.",
    ],
)
def test_a_limit_that_is_too_large_is_no_refused_field(answerer, fake_llm, said):
    fake_llm.refuses = lambda body: (400, {"error": {"message": said, "type": "invalid_request_error"}})
    with pytest.raises(LLMError, match="max_tokens"):
        answered(answerer())
    assert len(fake_llm.received) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
@pytest.mark.parametrize("headers", [{"Retry-After-Ms": "1"}, {"Retry-After": "0"}, {}])
def test_what_may_pass_is_tried_a_second_time(answerer, fake_llm, status, headers):
    fake_llm.failures, fake_llm.headers = [status], headers
    assert answered(answerer()).text == SAID
    assert len(fake_llm.received) == 2


@pytest.mark.parametrize(
    ("after", "when"),
    [("30", "again in 30 seconds"), ("3600", "again in 3600 seconds"), ("Wed, 21 Oct 2099 07:28:00 GMT", "later")],
)
def test_nobody_waits_for_a_server_that_wants_to_be_left_alone(answerer, fake_llm, after, when):
    fake_llm.failures, fake_llm.headers = [429], {"Retry-After": after}
    with pytest.raises(LLMError, match=f"the provider's limit is reached; try {when}"):
        answered(answerer())
    assert len(fake_llm.received) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_is_asked_once(answerer, fake_llm, status):
    fake_llm.status = status
    with pytest.raises(LLMError, match="something broke"):
        answered(answerer())
    assert len(fake_llm.received) == 1


def test_a_time_out_is_not_waited_for_twice(answerer, fake_llm):
    fake_llm.silent.set()
    with pytest.raises(LLMError, match="raise FOOTNOTE_LLM_TIMEOUT_S"):
        answered(answerer(llm_timeout_s=0.2))
    assert len(fake_llm.received) == 1


@pytest.mark.parametrize(
    "deltas",
    [
        [{"role": "assistant", "content": "", "refusal": None}],
        [{"role": "assistant", "content": None, "reasoning_content": "The port is asked for."}],
        [{"role": "assistant", "content": "", "reasoning": "The port is asked for."}],
        [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"index": 0, "id": "call_1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
                ],
            }
        ],
        [{"content": "", "annotations": []}, {}],
    ],
)
def test_noise_before_the_text_is_passed_over(answerer, fake_llm, deltas):
    fake_llm.deltas = deltas
    draft = answered(answerer())
    assert (draft.text, draft.tokens) == (SAID, TokenUse(321, 12))


@pytest.mark.parametrize(
    "tokens",
    [
        ["<think>", "The port [1]. ", "It is 7070.", "</think>", "\n\n", SAID],
        ["<thi", "nk>\nhm </th", "ink>Relay listens", " on port 7070 [1]."],
        ["\n<think>\n\n</think>\n\n" + SAID],
        ["[THINK]", "hm", "[/THINK]", SAID],
    ],
)
def test_reasoning_in_the_text_is_no_part_of_the_answer(answerer, fake_llm, tokens):
    fake_llm.tokens = tokens
    assert answered(answerer()).text == SAID


def test_a_model_that_thinks_by_name_may_leave_out_the_first_tag(answerer, fake_llm):
    fake_llm.tokens = ["The port is 7070 [1]. ", "So:\n", "</think>", SAID]
    assert answered(answerer("openai:deepseek-r1:7b")).text == SAID
    draft = answered(answerer("openai:m"))
    assert "does not mark where that begins" in draft.broken_off


def test_one_that_thinks_by_name_and_does_not_is_let_through_at_the_end(answerer, fake_llm):
    assert answered(answerer("openai:qwq")).text == SAID


def test_reasoning_that_never_ends_is_no_answer(answerer, fake_llm):
    fake_llm.tokens, fake_llm.finish_reason = ["<think>", "and on and on"], "length"
    with pytest.raises(LLMError, match="FOOTNOTE_LLM_REASONING_TOKENS"):
        answered(answerer())


def test_a_refusal_beside_the_text_is_quoted(answerer, fake_llm):
    fake_llm.tokens, fake_llm.deltas = [], [{"role": "assistant", "refusal": "I can't help\nwith that."}]
    with pytest.raises(LLMError, match=r"openai:m refused to answer: I can't help with that\."):
        answered(answerer())


def test_a_content_filter_that_refuses_the_question_is_named(answerer, fake_llm):
    fake_llm.refuses = servers.azure_filter
    with pytest.raises(LLMError, match="the provider's content filter refused it; ask in other words"):
        answered(answerer())
    assert len(fake_llm.received) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "is no reply of a language model): is FOOTNOTE_LLM_BASE_URL right? It often ends in /v1."),
        (403, "a web page, 'Sign in to Wi-Fi', came where a language model should reply): is FOOTNOTE_LLM"),
        (502, "a web page, 'Sign in to Wi-Fi', came where a language model should reply): try again, or see its logs."),
    ],
)
def test_a_page_of_a_proxy_is_named_and_not_repeated(answerer, fake_llm, status, said):
    fake_llm.status = status
    fake_llm.page = "<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head><body>" + "x" * 5000
    with pytest.raises(LLMError) as raised:
        answered(answerer())
    assert "<html" not in str(raised.value)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 400


def test_a_stream_without_usage_has_no_tokens(answerer, fake_llm):
    fake_llm.usage = None
    assert answered(answerer()).tokens is None


@pytest.mark.parametrize(
    ("flags", "named"), [({}, "FOOTNOTE_LLM_BASE_URL"), ({"llm_base_url": None}, "OPENAI_BASE_URL")]
)
def test_a_message_names_the_setting_that_is_set(answerer, flags, named):
    address = {"llm_base_url": "http://127.0.0.1:9/v1", "openai_base_url": "http://127.0.0.1:9/v1"}
    with pytest.raises(LLMError, match=rf"is the server running, and {named} right\?"):
        answered(answerer(**{**address, **flags}))


SECRETS = {"llm_api_key": KEY, "openai_api_key": "sk-proj-another-0123456789"}
LEAKS = [
    f"Incorrect API key provided: {KEY}. You can find your key at https://example.com",
    f"Bearer {KEY} is not valid; you sent Authorization: Bearer sk-proj-another-0123456789",
    "no route to http://user:pass-word@10.0.0.1:8080/v1",
    "Incorrect API key provided: Basic dXNlcjpwYXNzLXdvcmQ=",
    "Incorrect API key provided: sk-ver**************6789",
]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("status", [400, 401, 500])
def test_no_secret_reaches_errors_or_logs(answerer, fake_llm, caplog, leak, status):
    fake_llm.status, fake_llm.error = status, leak
    url = fake_llm.base_url.replace("//", "//user:pass-word@")
    with caplog.at_level(logging.INFO), pytest.raises(LLMError) as raised:
        answered(answerer(llm_base_url=url, **SECRETS))
    shown = f"{raised.value} {raised.value.__cause__} {caplog.text}"
    for secret in (KEY, SECRETS["openai_api_key"], "pass-word", "dXNlcjpw", "sk-ver", "6789"):
        assert secret not in shown


def test_a_secret_is_in_no_traceback(answerer, fake_llm):
    import traceback

    fake_llm.status, fake_llm.error = 401, LEAKS[0]
    with pytest.raises(LLMError) as raised:
        answered(answerer())
    assert not re.search(KEY, "".join(traceback.format_exception(raised.value)))


def test_one_whose_server_keeps_its_reasoning_apart_is_heard_as_it_writes(answerer, fake_llm):
    fake_llm.deltas = [{"role": "assistant", "content": None, "reasoning_content": "hm"}]
    fake_llm.text, fake_llm.pause_at = "Relay listens on port 7070 [1]. It reads it at start [1]. And more [1].", 12
    writing = answerer("openai:gpt-oss:20b").written("Which port?", HITS, 1)
    assert next(writing).text == SAID  # the rest waits
    fake_llm.go_on.set()
    *_, draft = writing
    assert draft.text == fake_llm.text


def test_a_server_with_several_models_is_no_failure_of_a_model(answerer, fake_llm):
    fake_llm.models = [{"id": "a"}, {"id": "b"}]
    with pytest.raises(LLMError, match=r"^the server has 2 models: name one of them, .*openai:b$"):
        answered(answerer("auto"))


@pytest.mark.parametrize(
    "said",
    [
        "the request exceeds the available context size. try increasing the context size or enable context shift",
        "This model's maximum context length is 512 tokens.",
    ],
)
def test_a_context_that_is_too_small_names_the_setting(answerer, fake_llm, said):
    fake_llm.status, fake_llm.error = 400, said
    with pytest.raises(LLMError, match="lower FOOTNOTE_TOP_K, or raise FOOTNOTE_LLM_CONTEXT_TOKENS"):
        answered(answerer())


def test_a_stream_that_ends_without_saying_so_is_a_broken_one(answerer, fake_llm):
    fake_llm.finish_reason = None
    draft = answered(answerer())
    assert (draft.text, draft.truncated) == (SAID, True)
    assert draft.broken_off.startswith("openai:m stopped in the middle of its reply")


@pytest.mark.parametrize("token", ["Port 7070. ", "x" * 1000, "\n", "<think>hm "])
def test_a_reply_that_never_ends_is_ended(answerer, fake_llm, token):
    fake_llm.tokens = Endless(token)
    asked = answerer(llm_max_tokens=16, llm_reasoning_tokens=10)
    try:
        assert answered(asked).truncated
    except LLMError as error:
        assert "returned no text before its limit on tokens" in str(error)
    assert fake_llm.hung_up.wait(10)


class Endless:
    """The same token for ever."""

    def __init__(self, token):
        self.token = token

    def __iter__(self):
        while True:
            yield self.token
