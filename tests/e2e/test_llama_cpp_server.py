"""A real language model behind a real llama.cpp server: what the answer is made of, never how good it is."""

import hashlib
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.answering.untrusted import disarmed
from footnote.app.core.errors import LLMError
from footnote.app.core.settings import load_settings
from footnote.app.engine import Engine, Models
from footnote.app.index.reader import open_index
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
    assert answer.model == "openai:gpt-4o"
    assert_well_formed(answer)


def test_a_gguf_file_answers_inside_the_process(ask, gguf):
    answer = ask(llm=str(gguf))
    assert answer.model == gguf.name
    assert_well_formed(answer)


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
    command = [sys.executable, "-m", "footnote.app.models.llama_server", str(file), "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (exit_code, "")
    assert "error: " in ended.stderr
    assert "model.gguf" in ended.stderr
