"""A real language model behind a real llama.cpp server: what the answer is made of, never how good it is."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Literal

import httpx
import pytest
from pydantic import BaseModel

from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.answering.untrusted import disarmed
from footnote.app.checking.second_opinion import make_second_opinion
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.app.models.llm.chat import make_chat_model
from footnote.app.rewriting.rewriter import make_rewriter
from footnote.app.rewriting.written import PASSAGE_CHARS
from tests.conftest import CORPUS

ROOT = Path(__file__).parents[2]
QUESTION = "Which port does Relay listen on?"


@pytest.fixture
def ask(guide_index, embedder):
    """Asks with a language model and no reranker: the question is not what is tested."""
    opened = []

    def ask(**flags):
        small = {"llm_max_tokens": 24, "llm_prompt": "compact", "top_k": 1, "reranker": "none"}
        settings = load_settings(env_file=None, index_dir=guide_index.index_dir, **small, **flags)
        models = Models(embedder, None, make_llm_answerer(settings.llm))
        opened.append(Engine(open_index(settings.folders.index_dir), models, settings))
        return opened[-1].ask(QUESTION)

    yield ask
    for engine in opened:
        engine.close()


def assert_well_formed(answer):
    assert answer.mode == "llm"
    assert answer.text.strip()
    assert answer.tokens.prompt > 100
    assert 0 < answer.tokens.completion <= 24
    assert answer.unknown_markers >= 0
    numbers = {citation.number for citation in answer.citations}
    assert numbers <= {1}
    for number in range(1, 100):
        assert (f"[{number}]" in answer.text) == (number in numbers)
    for citation in answer.citations:
        file = (CORPUS / citation.path).read_bytes()
        assert file[citation.start : citation.end] == citation.quote.encode()
        assert citation.sha256 == hashlib.sha256(citation.quote.encode()).hexdigest()
        assert citation.quote == answer.hits[citation.number - 1].chunk.text


def test_a_llama_cpp_server_answers_by_its_base_url(ask, base_url):
    assert base_url.startswith("http://127.0.0.1:")
    assert base_url.endswith("/v1")
    answer = ask(llm_base_url=base_url)
    assert answer.model == "openai:SmolLM2-135M-Instruct.Q4_1"
    assert_well_formed(answer)


def test_a_gguf_file_answers_inside_the_process(ask, gguf):
    answer = ask(llm=str(gguf))
    assert answer.model == gguf.name
    assert_well_formed(answer)


def test_a_file_that_two_models_name_is_served_once(gguf):
    llm = load_settings(env_file=None, llm=str(gguf)).llm
    one, other = (make_chat_model(llm.model_copy(update={"max_tokens": limit}), 1) for limit in (1, 8))
    assert one.openai_api_base == other.openai_api_base
    used = [model.invoke("Write a poem about the sea.").usage_metadata["output_tokens"] for model in (one, other)]
    assert used == [1, 8]
    another = make_chat_model(llm.model_copy(update={"context_tokens": 1024}), 1)
    assert another.openai_api_base != one.openai_api_base


@pytest.mark.parametrize(("given", "timeout_s"), [({}, 600), ({"llm_timeout_s": 7}, 7), ({"llm_timeout_s": 60}, 60)])
def test_a_file_may_read_for_long_unless_a_limit_is_set(gguf, given, timeout_s):
    model = make_chat_model(load_settings(env_file=None, llm=str(gguf), **given).llm, 1)
    assert (model.request_timeout, model.stream_chunk_timeout) == (timeout_s, timeout_s + 1)


class Colour(BaseModel):
    colour: Literal["mauve", "ochre"]


def test_a_real_model_is_held_to_the_form_it_is_asked_for(base_url):
    model = LanguageModel(load_settings(env_file=None, llm_base_url=base_url).llm)
    form, tokens = model.filling(Colour)("", "Write a poem about the sea.")
    assert form.colour in ("mauve", "ochre")
    assert tokens.completion > 0


def test_a_second_opinion_of_a_real_model_comes_in_its_form_or_is_said_to_be_missing(
    guide_index, embedder, base_url, fake_llm
):
    """What so small a model says means nothing, and it may say no end of it."""
    own = {"check": "model", "check_base_url": base_url, "check_timeout_s": 240, "check_max_tokens": 200}
    small = {"reranker": "none", "top_k": 1, "unsupported": "mark"}
    settings = load_settings(
        env_file=None, index_dir=guide_index.index_dir, llm_base_url=fake_llm.base_url, **own, **small
    )
    opinion = make_second_opinion(settings.second_opinion, settings.llm)
    models = Models(embedder, None, make_llm_answerer(settings.llm), second_opinion=opinion)
    engine = Engine(open_index(settings.folders.index_dir), models, settings)
    answer = engine.ask(QUESTION)
    engine.close()
    (sentence,) = answer.sentences
    if answer.tokens.prompt > 321:
        assert answer.tokens.prompt > 321 + 300
        assert sentence.verdict in ("supported", "unverified", "unsupported")
        assert answer.check_failed is None or "nothing that can be used on 1 of 1" in answer.check_failed
    else:
        assert sentence.verdict == "supported"
        assert answer.check_failed.endswith("raise FOOTNOTE_CHECK_MAX_TOKENS.")


@pytest.mark.parametrize("mode", ["rewrite", "multi", "hyde"])
def test_what_a_real_model_writes_is_searched_beside_the_question(guide_index, embedder, base_url, mode):
    """What so small a model writes means nothing: it is bounded, shown, and no part of the answer."""
    own = {"query_rewrite": mode, "query_rewrite_base_url": base_url, "query_rewrite_timeout_s": 240}
    settings = load_settings(
        env_file=None, index_dir=guide_index.index_dir, reranker="none", query_rewrite_max_tokens=40, **own
    )
    rewriter = make_rewriter(settings.query_rewrite, settings.llm)
    answerer = ExtractiveAnswerer(None, embedder)
    engine = Engine(
        open_index(settings.folders.index_dir), Models(embedder, None, answerer, rewriter=rewriter), settings
    )
    answer = engine.ask(QUESTION)
    engine.close()
    assert bool(answer.searched.queries) != bool(answer.rewrite_failed)
    assert len(answer.searched.queries) <= {"rewrite": 1, "multi": 3, "hyde": 1}[mode]
    assert all(0 < len(query) <= PASSAGE_CHARS for query in answer.searched.queries)
    assert answer.timings.rewrite > 0
    assert answer.tokens.prompt > 50
    assert 0 < answer.tokens.completion <= 40
    for citation in answer.citations:
        file = (CORPUS / citation.path).read_bytes()
        assert file[citation.start : citation.end] == citation.quote.encode()


def test_no_control_token_of_a_page_reaches_the_model(base_url):
    """A llama.cpp server reads control tokens anywhere in a message: in a page they would end it."""

    def post(route, content):
        return httpx.post(base_url.removesuffix("/v1") + route, json=content, timeout=60).json()

    control = range(17)  # the first of SmolLM's vocabulary, which the detokenized names below confirm
    names = [post("/detokenize", {"tokens": [number]})["content"] for number in control]
    assert {"<|im_start|>", "<|im_end|>", "<|endoftext|>", "<filename>", "<jupyter_start>"} <= set(names)
    for number, name in zip(control, names, strict=True):
        assert post("/tokenize", {"content": f"a{name}b"})["tokens"][1] == number
        assert not set(control).intersection(post("/tokenize", {"content": disarmed(f"a{name}b")})["tokens"])


def test_a_file_that_only_begins_like_gguf_is_a_model_error(tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\x00" * 100)
    with pytest.raises(LLMError, match=r"llama\.cpp cannot load .*broken\.gguf"):
        make_llm_answerer(load_settings(env_file=None, llm=str(broken)).llm)


@pytest.mark.parametrize(("content", "exit_code"), [(None, 2), (b"PK", 2), (b"GGUF" + b"\x00" * 100, 4)])
def test_the_server_refuses_what_it_cannot_serve(tmp_path, content, exit_code):
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    command = [sys.executable, "-m", "footnote.app.models.llm.llama_server", str(file), "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (exit_code, "")
    assert "error: " in ended.stderr
    assert "model.gguf" in ended.stderr
