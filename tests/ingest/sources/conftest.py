"""A repository on a real Git server, and settings whose docs are in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.checkouts import Checkout
from tests.git_server import GitServer, Repository, git_server
from tests.ingest.ingesting import PAGES

CODE = b"a program that is no part of the docs\n" * 100


@pytest.fixture(autouse=True)
def _no_configuration_of_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "served" / "site")
    made.commit({**{f"docs/{path}": text for path, text in PAGES.items()}, "mkdocs.yml": "a: b\n", "code.c": CODE})
    return made


@pytest.fixture
def server(repository: Repository) -> Iterator[GitServer]:
    with git_server(repository.folder.parent) as running:
        yield running


@pytest.fixture
def of_git(server: GitServer, tmp_path: Path) -> Settings:
    return load_settings(env_file=None, docs_dir=f"{server.url()}#main:docs", index_dir=tmp_path / "index")


def checkout_of(settings: Settings) -> Checkout:
    assert settings.folders.git is not None
    return Checkout.of(settings.folders.index_dir, settings.folders.git)
