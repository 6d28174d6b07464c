"""The guide's three lines for each server, run as they stand but for the address, against one that plays it."""

import re
from urllib.parse import urlsplit

import pytest

from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.core.settings import load_settings
from tests.builders import make_hit
from tests.conftest import ROOT
from tests.models.llm import servers

GUIDE = (ROOT / "docs/models.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^#### ([^\n]+)\n\n```console\n(.*?)```", GUIDE, re.M | re.S))
PLAYED = {
    "Ollama": ({"models": [{"id": "llama3.2"}, {"id": "qwen3:8b"}]}, servers.only_models("llama3.2", "qwen3:8b")),
    "llama.cpp": ({"models": [{"id": "model.gguf"}]}, lambda body: None),
    "vLLM": (
        {"models": [{"id": "Qwen/Qwen3-4B-Instruct-2507"}]},
        lambda body: (
            servers.only_models("Qwen/Qwen3-4B-Instruct-2507")(body)
            or servers.strict("temperature", "max_tokens", "stream_options")(body)
        ),
    ),
    "LM Studio": (
        {"models": [{"id": "qwen3-4b-instruct-2507"}, {"id": "text-embedding-nomic-embed-text-v1.5"}]},
        servers.only_models("qwen3-4b-instruct-2507"),
    ),
    "Azure OpenAI": (
        {"models": [{"id": "gpt-4o"}]},
        lambda body: servers.only_models("my-deployment")(body) or servers.openai_reasoning(body),
    ),
}


def test_every_server_of_the_guide_is_played():
    assert BLOCKS.keys() == PLAYED.keys()
    assert all(lines.count("$ ") == 3 for lines in BLOCKS.values())


@pytest.mark.parametrize("name", PLAYED)
def test_the_lines_work(name, fake_llm, monkeypatch):
    said, fake_llm.refuses = PLAYED[name]
    fake_llm.models = said["models"]
    settings = dict(re.findall(r"(FOOTNOTE_\w+)=(\S+)", BLOCKS[name]))
    path = urlsplit(settings["FOOTNOTE_LLM_BASE_URL"]).path
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", fake_llm.base_url.removesuffix("/v1") + path)
    answerer = make_llm_answerer(load_settings(env_file=None).llm)
    draft = answerer.answer("Which port?", [make_hit("Relay listens on port 7070.")], 1)
    assert (draft.text, draft.broken_off) == ("Relay listens on port 7070 [1].", None)
    asked, headers, body = fake_llm.received[-1]
    assert asked == f"{path}/chat/completions"
    assert headers["authorization"] == f"Bearer {settings.get('FOOTNOTE_LLM_API_KEY', 'none')}"
    assert answerer.model == f"openai:{body['model']}"
