"""A project of two collections: handbook, ingested twice, and product; the file may name `empty` as well."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import FastAPI

from footnote.app.core.collections import load_collections
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.ingest.flow import ingest

PAGES = {
    "handbook": ("# Leave\n\nTell the Lisbon office.\n", "# Leave\n\nTell the Lisbon office a week before.\n"),
    "product": ("# Ports\n\nRelay listens on port 7070.\n",),
}
QUESTION = "Which port does Relay listen on?"


class Project(NamedTuple):
    """The working folder, where the footnote.toml lies; the docs are elsewhere."""

    folder: Path
    docs_dir: Path

    def write(self, *names: str, more: str = "") -> None:
        """Let the file name these collections; `more` is of the last one."""
        new = self.folder / "new.toml"
        new.write_text(
            "".join(f"[collections.{name}]\ndocs = '{self.docs_dir / name}'\n" for name in names) + more, "utf-8"
        )
        new.replace(self.folder / "footnote.toml")

    def index_dir(self, name: str) -> Path:
        return self.folder / "db" / "collections" / name

    def app(self, **flags: object) -> FastAPI:
        return create_app(load_settings(env_file=None, reranker="none", **flags))


@pytest.fixture(scope="session")
def ingested(tmp_path_factory, embedder) -> Path:
    folder = tmp_path_factory.mktemp("two")
    docs_dir = folder / "docs"
    (docs_dir / "empty").mkdir(parents=True)
    Project(folder, docs_dir).write(*PAGES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_INDEX_DIR", str(folder / "db"))
        for one in load_collections(None, config=folder / "footnote.toml"):
            for text in PAGES[one.name]:
                (docs_dir / one.name).mkdir(exist_ok=True)
                (docs_dir / one.name / "page.md").write_text(text, "utf-8")
                ingest(one.settings, lambda *_: None, embedder)
    return folder


@pytest.fixture
def project(ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy, which the file names nothing of yet."""
    folder = tmp_path / "two"
    shutil.copytree(ingested / "db", folder / "db")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(folder / "db"))
    return Project(folder, ingested / "docs")
