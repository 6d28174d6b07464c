"""LLM: which model the settings name, what it is sent, and what becomes of its answer or failure."""

import re

import pytest

from footnote.app.answering.answerer import PASSAGES_SILENT, REFUSAL_TEXT
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import TokenUse
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models, load_models
from footnote.app.index.generations import live_manifest
from footnote.app.index.reader import open_index
from footnote.app.models.llm.chat import resolve_llm
from footnote.app.service.status import describe
from footnote.ingest.flow import ingest
from tests.builders import make_hit
from tests.conftest import CORPUS

KEY = "sk-very-secret-0123456789"
QUESTION = "Which port does Relay listen on?"


def settings_of(**flags):
    return load_settings(env_file=None, **flags)


@pytest.fixture
def ask(make_engine, fake_llm):
    """Asks a question of the corpus, answered by the fake server."""

    def ask(question=QUESTION, **flags):
        server = {"llm": "openai:gpt-4o", "llm_base_url": fake_llm.base_url, "llm_api_key": KEY}
        return make_engine(**{**server, "reranker": "none", **flags}).ask(question)

    return ask


@pytest.mark.parametrize(
    ("flags", "resolved"),
    [
        ({}, "extractive"),
        ({"llm_api_key": "k"}, "openai:gpt-4o"),
        ({"llm_base_url": "http://127.0.0.1:1/v1"}, "openai:gpt-4o"),
        ({"openai_api_key": "k"}, "openai:gpt-4o"),
        ({"openai_base_url": "http://127.0.0.1:1/v1"}, "openai:gpt-4o"),
        ({"llm": "extractive", "llm_api_key": "k"}, "extractive"),
        ({"llm": "openai:gpt-4o-mini"}, "openai:gpt-4o-mini"),
        ({"llm": "anthropic:claude-sonnet-4", "llm_api_key": "k"}, "anthropic:claude-sonnet-4"),
        ({"llm": "models/a.gguf", "llm_api_key": "k"}, "models/a.gguf"),
    ],
)
def test_which_model_answers(flags, resolved):
    assert resolve_llm(settings_of(**flags).llm) == resolved


def test_an_answer_comes_with_citations_and_token_use(ask):
    answer = ask()
    assert (answer.text, answer.mode, answer.model) == ("Relay listens on port 7070 [1].", "llm", "openai:gpt-4o")
    assert (answer.refused, answer.refusal_reason, answer.unknown_markers) == (False, None, 0)
    assert [(sentence.text, sentence.citations) for sentence in answer.sentences] == [
        ("Relay listens on port 7070.", (1,))
    ]
    (citation,) = answer.citations
    assert (citation.number, citation.path) == (1, "configuration.md")
    file = (CORPUS / citation.path).read_bytes()
    assert file[citation.start : citation.end] == citation.quote.encode()
    assert "`RELAY_PORT` is the port that Relay listens on. The default is 7070." in citation.quote
    assert answer.tokens == TokenUse(prompt=321, completion=12)


def test_a_server_that_counts_no_tokens_leaves_them_out(ask, fake_llm):
    fake_llm.usage = None
    assert ask().tokens is None


def test_the_model_counts_hits_and_the_answer_its_quotes(ask, fake_llm):
    fake_llm.text = "The Python client waits for the answer [4]. Relay listens on port 7070 [1]."
    answer = ask(top_k=4)
    assert answer.text == "The Python client waits for the answer [1]. Relay listens on port 7070 [2]."
    assert [(citation.number, citation.path, citation.quote) for citation in answer.citations] == [
        (1, answer.hits[3].chunk.path, "`RelayClient.send()` posts a message and waits for the answer."),
        (
            2,
            answer.hits[0].chunk.path,
            "`RELAY_PORT` is the port that Relay listens on. The default is 7070.",
        ),
    ]


def test_a_name_that_the_docs_do_not_hold_is_said_before_what_the_model_wrote(ask, fake_llm):
    question = "Which port does Relay listen on with --turbo?"
    answer = ask(question)
    assert answer.text == "The docs do not name `--turbo`.\n\nRelay listens on port 7070 [1]."
    assert [premise.name for premise in answer.premises] == ["--turbo"]
    fake_llm.text = "The sources do not mention `--turbo`. Relay listens on port 7070 [1]."
    answer = ask(question)
    assert answer.text == fake_llm.text
    assert [premise.name for premise in answer.premises] == ["--turbo"]


def test_markers_that_name_no_source_are_removed_and_counted(ask, fake_llm):
    fake_llm.text = "Port 7070 [1][7]. Also [https://evil.example][9]."
    answer = ask(top_k=2, unsupported="mark")
    assert (answer.text, answer.unknown_markers) == ("Port 7070 [1]. Also [(link removed)] [?].", 2)


@pytest.mark.parametrize(
    "text",
    [
        REFUSAL_TEXT,
        REFUSAL_TEXT + " [1]",
        "The docs do not say [2].",
        '"The docs do not say"',
        "**The docs do not say.** Sorry.",
    ],
)
def test_a_model_that_says_so_refuses(ask, fake_llm, text):
    fake_llm.text = text
    answer = ask()
    assert (answer.text, answer.refused_by, answer.refusal_reason) == (REFUSAL_TEXT, "model", PASSAGES_SILENT)
    assert (answer.sentences, answer.citations) == ((), ())
    assert answer.tokens == TokenUse(321, 12)


def test_an_answer_that_the_token_limit_ended_says_so(ask, fake_llm):
    assert ask().truncated is False
    fake_llm.finish_reason = "length"
    assert ask().truncated is True


def test_a_model_of_a_server_may_have_a_name_like_a_file(ask, fake_llm):
    assert ask(llm="openai:qwen.gguf").model == "openai:qwen.gguf"
    assert fake_llm.received[-1][2]["model"] == "qwen.gguf"


def test_a_partial_answer_is_an_answer(ask, fake_llm):
    fake_llm.text = "The docs do not say who wrote it. Relay listens on port 7070 [1]."
    answer = ask()
    assert not answer.refused
    assert [citation.number for citation in answer.citations] == [1]


def test_a_question_that_nothing_is_about_is_refused_without_asking_the_model(ask, fake_llm):
    assert ask("Who won the football world cup in 1998?", reranker="bundled").refused
    assert fake_llm.received == []


def test_what_is_sent(ask, fake_llm):
    answer = ask(llm_max_tokens=123)
    ((path, headers, body),) = fake_llm.received
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str({**headers, "authorization": ""}) + str(body)
    assert (body["model"], body["temperature"]) == ("gpt-4o", 0)
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert 123 in (body.get("max_tokens"), body.get("max_completion_tokens"))
    system, question = body["messages"]
    assert (system["role"], question["role"]) == ("system", "user")
    assert question["content"].endswith(f"\n\nQuestion: {QUESTION}")
    assert re.findall(r'<source n="(\d)" from="([^" ]+)', question["content"]) == [
        (str(number), hit.chunk.path) for number, hit in enumerate(answer.hits, 1)
    ]
    assert answer.hits[0].chunk.text in question["content"]


@pytest.mark.parametrize(("llm_prompt", "messages"), [("auto", 2), ("full", 2), ("compact", 6)])
def test_the_prompt_is_the_one_asked_for(ask, fake_llm, llm_prompt, messages):
    ask(llm_prompt=llm_prompt)
    assert len(fake_llm.received[0][2]["messages"]) == messages


def test_braces_in_docs_and_question_are_sent_as_they_are(make_engine, fake_llm):
    answerer = make_engine(llm="openai:m", llm_base_url=fake_llm.base_url).models.answerer
    answerer.answer("What is {sources}?", [make_hit("Use `{question}` or {0}.")], 1)
    content = fake_llm.received[0][2]["messages"][-1]["content"]
    assert "Use `{question}` or {0}." in content
    assert content.endswith("Question: What is {sources}?")


def test_a_local_server_needs_no_key(ask, fake_llm):
    assert ask(llm_api_key=None).citations
    assert fake_llm.received[0][1]["authorization"] == "Bearer none"


def test_the_models_name_may_hold_slashes_and_colons(ask, fake_llm):
    assert ask(llm="openai:some/model:free").model == "openai:some/model:free"
    assert fake_llm.received[0][2]["model"] == "some/model:free"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_answer_is_an_error(ask, fake_llm, text):
    fake_llm.text = text
    with pytest.raises(LLMError, match=r"openai:gpt-4o returned no text: raise FOOTNOTE_LLM_MAX_TOKENS"):
        ask()


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        (401, "check the key"),
        (403, "the key may not use this model"),
        (404, "check the model's name in FOOTNOTE_LLM"),
        (429, "the provider's limit is reached; try later"),
        (500, "try again, or see its logs"),
    ],
)
def test_a_failure_names_the_fix_and_not_the_key(ask, fake_llm, status, fix):
    fake_llm.status = status
    with pytest.raises(LLMError) as raised:
        ask()
    assert re.search(rf"openai:gpt-4o failed \(\w+: .*something broke.*\): {fix}", str(raised.value))
    assert KEY not in str(raised.value)


def test_a_server_that_repeats_the_key_does_not_get_it_shown(ask, fake_llm):
    fake_llm.status, fake_llm.error = 401, f"Incorrect API key provided: {KEY}"
    with pytest.raises(LLMError) as raised:
        ask()
    assert "check the key in FOOTNOTE_LLM_API_KEY." in str(raised.value)
    assert KEY not in str(raised.value)


def test_a_silent_server_is_a_time_out(ask, fake_llm):
    fake_llm.silent.set()
    with pytest.raises(LLMError, match="TimeoutError.*raise FOOTNOTE_LLM_TIMEOUT_S"):
        ask(llm_timeout_s=0.1)


def test_no_server_is_a_refused_connection(ask, fake_llm):
    with pytest.raises(LLMError, match=r"is the server running, and FOOTNOTE_LLM_BASE_URL right\?"):
        ask(llm_base_url="http://127.0.0.1:9/v1")


@pytest.mark.parametrize("name", ["gpt-4o", "claude", "model.GGUF.bak"])
def test_a_name_without_a_provider_is_refused(name):
    with pytest.raises(SettingsError, match=rf"FOOTNOTE_LLM={name}: use `auto`, `extractive`, `provider:model`"):
        make_llm_answerer(settings_of(llm=name).llm)


def test_openai_without_key_or_server_is_refused():
    with pytest.raises(SettingsError, match="needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL"):
        make_llm_answerer(settings_of(llm="openai:gpt-4o").llm)


def test_a_provider_whose_package_is_missing_says_which():
    with pytest.raises(
        SettingsError, match=r"FOOTNOTE_LLM=mistralai:small needs another package: .*langchain-mistralai"
    ):
        make_llm_answerer(settings_of(llm="mistralai:small", llm_api_key=KEY).llm)


def test_an_unknown_provider_is_refused():
    with pytest.raises(SettingsError, match="LangChain knows no provider 'nosuch': use one that it") as raised:
        make_llm_answerer(settings_of(llm="nosuch:model", llm_api_key=KEY).llm)
    assert KEY not in str(raised.value)
    assert "model_provider" not in str(raised.value)


def test_a_provider_that_refuses_its_settings_does_not_show_the_key():
    with pytest.raises(SettingsError, match="FOOTNOTE_LLM=azure_openai:gpt-4o cannot be used") as raised:
        make_llm_answerer(settings_of(llm="azure_openai:gpt-4o", llm_api_key=KEY).llm)
    assert KEY[-2:] not in str(raised.value)


def test_a_gguf_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"absent\.gguf cannot be read \(No such file"):
        make_llm_answerer(settings_of(llm=str(tmp_path / "absent.gguf")).llm)


def test_a_file_that_is_not_gguf_is_refused(tmp_path):
    file = tmp_path / "fake.gguf"
    file.write_bytes(b"PK\x03\x04 not a model")
    with pytest.raises(SettingsError, match=r"fake\.gguf is not a GGUF file"):
        make_llm_answerer(settings_of(llm=str(file)).llm)


def test_search_alone_needs_no_language_model():
    models = load_models(settings_of(llm="openai:gpt-4o"), search_only=True)
    assert models.answerer.mode == "extractive"


def test_status_and_settings_show_no_key(guide_index):
    settings = settings_of(
        index_dir=guide_index.index_dir, llm_api_key=KEY, llm_base_url="http://user:pass-word@127.0.0.1:1/v1"
    )
    described = describe(live_manifest(settings.folders.index_dir), settings).model_dump_json()
    assert described.count("**********") >= 1
    assert KEY not in described
    assert "pass-word" not in described
    assert KEY not in repr(settings) + str(settings)


def test_sources_are_different_texts(write_docs, tmp_path, embedder, fake_llm):
    page = "# Ports\n\nRelay listens on port 7070.\n"
    others = {f"{n}.md": f"# Number {n}\n\nRelay number {n} waits for a port.\n" for n in range(4)}
    docs = write_docs(tmp_path / "docs", {"1.0/a.md": page, "2.0/a.md": page, **others})
    server = {"llm": "openai:gpt-4o", "llm_base_url": fake_llm.base_url, "llm_api_key": KEY, "reranker": "none"}
    settings = settings_of(docs_dir=docs, index_dir=tmp_path / "index", strictness=0.0, top_k=3, **server)
    ingest(settings, lambda stage, done, total: None, embedder)
    models = Models(embedder, None, make_llm_answerer(settings.llm))
    engine = Engine(open_index(settings.folders.index_dir), models, settings)
    answer = engine.ask(QUESTION)
    assert {hit.chunk.path for hit in engine.search(QUESTION, 3).hits} > {"1.0/a.md", "2.0/a.md"}
    engine.close()
    [_, _, request] = fake_llm.received[-1]
    prompt = request["messages"][-1]["content"]
    assert prompt.count("<source n=") == 3 == len(answer.hits)
    assert prompt.count("Relay listens on port 7070.") == 1
