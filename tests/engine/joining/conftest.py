"""Two collections whose pages have the same names, each with its own engine, and both asked together."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.models import Models, load_models
from footnote.app.index.reader import open_index
from footnote.ingest.flow import ingest

INSTALL = "# Install\n\n## On Linux\n\nInstall {name} with `{command}`. See [ports](ports.md#ports).\n"
NEEDS = "# Needs\n\nIt needs Python 3.11 or later.\n"
ALPHA = {
    "install.md": INSTALL.format(name="Alpha", command="pip install alpha-tool"),
    "needs.md": NEEDS,
    "ports.md": "# Ports\n\nAlpha listens on port 7070, which `ALPHA_PORT` changes.\n",
}
BETA = {
    "install.md": INSTALL.format(name="Beta", command="apt install beta-tool"),
    "needs.md": NEEDS,
    "ports.md": "# Ports\n\nBeta listens on port 9090, which `BETA_PORT` changes.\n",
    "guides/backups.md": "---\ntags: [ops]\n---\n# Backups\n\nBeta keeps its backups for thirty days.\n",
}
LINKS = {
    "alpha": "https://alpha.example/{path}?g={generation}#{anchor}",
    "beta": "https://beta.example/docs/{path_without_ext}#{anchor}",
}
Joined = Callable[..., JoinedEngine]


@pytest.fixture(scope="module")
def ingested(tmp_path_factory, embedder) -> dict[str, Path]:
    """The index folders; that of alpha is at its second generation."""
    folder = tmp_path_factory.mktemp("joined")
    for name, pages in (("alpha", ALPHA), ("beta", BETA)):
        for path, text in pages.items():
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    for name in ("alpha", "beta", "alpha"):
        settings = load_settings(env_file=None, docs_dir=folder / name, index_dir=folder / f"{name}_db")
        ingest(settings, lambda *_: None, embedder, rebuild=name == "alpha")
    return {name: folder / f"{name}_db" for name in ("alpha", "beta")}


@pytest.fixture
def joined(ingested, embedder, reranker) -> Iterator[Joined]:
    """Makes an engine over both; flags are for each collection."""
    opened: list[Engine] = []

    def make(**flags: object) -> JoinedEngine:
        engines = {}
        for name, index_dir in ingested.items():
            settings = load_settings(env_file=None, index_dir=index_dir, link_template=LINKS[name], **flags)
            searching = Models(embedder, reranker, ExtractiveAnswerer(reranker, embedder))
            models = load_models(settings, searching=searching)
            engines[name] = Engine(open_index(index_dir), models, settings)
        opened.extend(engines.values())
        return JoinedEngine(engines)

    yield make
    for one in opened:
        one.close()
