"""Fixtures of every test: a clean environment, the real models, and one ingested corpus."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from app.core.embedder import Embedder, make_embedder
from app.core.reranker import Reranker, make_reranker
from app.core.settings import Settings, load_settings
from ingest.flow import ingest

# Tests assert what is computed, never how fast: machines that run them differ.
hypothesis.settings.register_profile(
    "footnote", deadline=None, max_examples=60, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("footnote")

CORPUS = Path(__file__).parent / "corpus"
# `python -m app`, which hears SIGINT even where the tests run in the background and ignore it.
MAIN = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("app", run_name="__main__", alter_sys=True)
"""

WriteDocs = Callable[[Path, Mapping[str, str | bytes]], Path]


class GuideIndex(NamedTuple):
    settings: Settings
    index_dir: Path


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(("FOOTNOTE_", "OPENAI_")):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # Settings read `.env` from the working folder, and default to its `docs` and `chroma_db`.
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled embedder."""
    return make_embedder(load_settings(env_file=None))


@pytest.fixture(scope="session")
def reranker() -> Reranker:
    """The bundled reranker."""
    loaded = make_reranker(load_settings(env_file=None))
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def write_docs() -> WriteDocs:
    """Writes `{path: text or bytes}` into a folder, byte for byte, and returns the folder."""

    def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture(scope="session")
def guide_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> GuideIndex:
    """The pages of tests/corpus, ingested once: read it, never ingest into it."""
    index_dir = tmp_path_factory.mktemp("guide") / "index"
    settings = load_settings(env_file=None, docs_dir=CORPUS, index_dir=index_dir)
    ingest(settings, lambda stage, done, total: None, embedder)
    return GuideIndex(settings, index_dir)
