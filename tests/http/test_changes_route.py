"""`GET /index/changes`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import Settings, load_settings
from footnote.app.http.app import create_app
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.serving import KEY

AUTHORIZED = {"Authorization": f"Bearer {KEY}"}
NOTHING: dict[str, list[str]] = {"added": [], "changed": [], "deleted": []}


@pytest.fixture
def settings(tmp_path: Path, write_docs: WriteDocs, embedder: Embedder) -> Settings:
    docs_dir = write_docs(tmp_path / "docs", {"a.md": "# A\n\nOne.\n", "b.md": "# B\n\nTwo.\n", "bin.md": b"\0"})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "index", admin_key=KEY)
    ingest(settings, lambda *_: None, embedder)
    write_docs(docs_dir, {"a.md": "# A\n\nEdited.\n", "c.md": "# C\n\nNew.\n"})
    (docs_dir / "b.md").unlink()
    ingest(settings, lambda *_: None, embedder)
    return settings


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    yield TestClient(create_app(settings), headers=AUTHORIZED)  # without its lifespan: no models are needed


def test_it_says_what_the_live_generation_changed(client: TestClient, settings: Settings) -> None:
    found = client.get("/index/changes").json()
    assert (found["generation"], found["before"]) == (2, 1)
    assert found["changes"] == {"added": ["c.md"], "changed": ["a.md"], "deleted": ["b.md"]}
    assert (found["docs_changes"], found["docs_problem"]) == (NOTHING, None)
    Generations(settings.folders.index_dir).roll_back()
    found = client.get("/index/changes").json()
    assert (found["generation"], found["before"], found["changes"]) == (1, None, None)
    assert found["docs_changes"] == {"added": ["c.md"], "changed": ["a.md"], "deleted": ["b.md"]}


def test_it_says_what_changed_in_the_folder_since(
    client: TestClient, settings: Settings, write_docs: WriteDocs
) -> None:
    docs_dir = settings.folders.docs_dir
    write_docs(docs_dir, {"d.md": "# D\n", "c.md": "# C\n\nOther.\n"})
    os.utime(docs_dir / "a.md", ns=(0, 0))  # touched, and the same
    assert client.get("/index/changes").json()["docs_changes"] == {
        **NOTHING,
        "added": ["d.md"],
        "changed": ["c.md"],
    }
    (docs_dir / "a.md").unlink()
    assert client.get("/index/changes").json()["docs_changes"]["deleted"] == ["a.md"]
    for file in docs_dir.iterdir():
        file.unlink()
    docs_dir.rmdir()
    found = client.get("/index/changes").json()
    assert found["docs_changes"] is None and "does not exist" in found["docs_problem"]


def test_of_another_docs_folder_it_says_why_nothing_is_known(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    given = load_settings(env_file=None, docs_dir=tmp_path / "other", index_dir=tmp_path / "index", admin_key=KEY)
    found = TestClient(create_app(given), headers=AUTHORIZED).get("/index/changes").json()
    assert found["docs_changes"] is None and "was built from" in found["docs_problem"]


def test_names_of_pages_that_are_not_ingested_are_for_those_who_have_the_key(client: TestClient) -> None:
    assert client.get("/index/changes", headers={"Authorization": ""}).status_code == 401


def test_without_an_index_nothing_is_created(tmp_path: Path) -> None:
    settings = load_settings(env_file=None, index_dir=tmp_path / "none", admin_key=KEY)
    client = TestClient(create_app(settings), headers=AUTHORIZED)
    reply = client.get("/index/changes")
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:footnote:problem:index-missing")
    assert not (tmp_path / "none").exists()
