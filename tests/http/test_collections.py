"""Several collections in one service: which one a request is about, several at once, and a file that changes."""

import json
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Grant
from footnote.app.core.collections import load_collections
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.ingest.flow import ingest
from tests.serving import until

KEY = "an-admin-key-0123456789"
ALPHA = "# Install\n\n## On Linux\n\nInstall Alpha with `pip install alpha-tool`. See [ports](ports.md#ports).\n"
PAGES = {
    "alpha": {"install.md": ALPHA, "ports.md": "# Ports\n\nAlpha listens on port 7070.\n"},
    "beta": {
        "install.md": "# Install\n\n## On Linux\n\nInstall Beta with `apt install beta-tool`.\n",
        "secret/plans.md": "# Plans\n\nThe codename of the next Beta is Zebra.\n",
    },
    "gamma": {"install.md": "# Install\n\nInstall Gamma with `cargo install gamma-tool`.\n"},
}
TABLES = {name: f"[collections.{name}]\ndocs = '{name}'\n" for name in PAGES}
PROBLEM = "urn:footnote:problem:"
BETA = "How do I install Beta on Linux?"


class Project(NamedTuple):
    """A folder with a footnote.toml and indexes of all that it may name."""

    folder: Path

    def write(self, text: str) -> None:
        new = self.folder / "new.toml"
        new.write_text(text, "utf-8")
        new.replace(self.folder / "footnote.toml")

    def service(self, **flags: object) -> TestClient:
        settings = load_settings(
            env_file=None, config=self.folder / "footnote.toml", index_dir=self.folder / "db", reranker="none", **flags
        )
        return TestClient(create_app(settings), base_url="http://localhost")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory, embedder) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, pages in PAGES.items():
        for path, text in pages.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text, "utf-8")
    Project(folder).write("".join(TABLES.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_INDEX_DIR", str(folder / "db"))
        for one in load_collections(None, config=folder / "footnote.toml"):
            ingest(one.settings, lambda *_: None, embedder)
    return folder


@pytest.fixture
def project(ingested, tmp_path, monkeypatch) -> Project:
    """A copy, of alpha and beta alone."""
    folder = tmp_path / "project"
    shutil.copytree(ingested, folder)
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(folder / "db"))
    monkeypatch.setenv("FOOTNOTE_RERANKER", "none")
    made = Project(folder)
    made.write(TABLES["alpha"] + "title = 'The first'\n" + TABLES["beta"])
    return made


@pytest.fixture
def client(project) -> Iterator[TestClient]:
    with project.service(admin_key=KEY, saved_answers=True) as client:
        until(lambda: all(one["ready"] for one in listed(client)), "all collections")
        yield client


def listed(client: TestClient) -> list[dict]:
    return client.get("/collections").json()["collections"]


def names(client: TestClient) -> list[str]:
    return [one["name"] for one in listed(client) if one["ready"]]


def test_the_collections_are_listed(client):
    assert listed(client) == [
        {"name": "alpha", "title": "The first", "ready": True, "generation": 1, "documents": 2, "languages": LANGUAGES},
        {"name": "beta", "title": "beta", "ready": True, "generation": 1, "documents": 2, "languages": LANGUAGES},
    ]
    assert client.get("/health/ready").json() == {"status": "ready", "generation": 0}


LANGUAGES = {"unknown": 2}


def test_a_question_goes_to_all_of_them_or_to_those_that_it_names(client):
    both = client.post("/query", json={"question": BETA}).json()
    assert [one["name"] for one in both["collections"]] == ["alpha", "beta"]
    assert (both["citations"][0]["collection"], both["citations"][0]["path"]) == ("beta", "install.md")
    alone = client.post("/query", json={"question": BETA, "collection": "beta"}).json()
    assert [one["name"] for one in alone["collections"]] == ["beta"]
    assert (alone["generation"], alone["citations"][0]["collection"]) == (1, "beta")
    assert client.post("/query", json={"question": BETA, "collection": ["beta", "alpha"]}).json()["collections"] == [
        {"name": "beta", "generation": 1},
        {"name": "alpha", "generation": 1},
    ]
    found = client.get("/search", params={"q": "install", "collection": "alpha"}).json()
    assert {hit["collection"] for hit in found["hits"]} == {"alpha"}
    assert {hit["collection"] for hit in client.get("/search", params={"q": "install"}).json()["hits"]} == {
        "alpha",
        "beta",
    }


def test_each_citation_is_verified_in_the_collection_that_it_names(client):
    answer = client.post("/query", json={"question": BETA}).json()
    verified = client.post("/verify", json=answer)
    assert (verified.status_code, verified.json()["all_valid"]) == (200, True)
    elsewhere = [{**one, "collection": "alpha"} for one in answer["citations"] if one["collection"] == "beta"]
    mixed = client.post("/verify", json=[*answer["citations"], *elsewhere]).json()
    valid = len(answer["citations"])
    assert [one["verdict"] for one in mixed["citations"]][:valid] == ["valid"] * valid
    assert (mixed["counts"]["valid"], mixed["all_valid"], len(mixed["citations"])) == (
        valid,
        False,
        valid + len(elsewhere),
    )


def test_the_same_question_to_others_is_another_one(client):
    asked = [client.post("/query", json={"question": BETA, **of}) for of in ({}, {"collection": "alpha"}, {}, {})]
    assert [one.headers["cache-status"].partition("; ")[2] for one in asked] == ["fwd=miss", "fwd=miss", "hit", "hit"]
    assert asked[0].json() == asked[2].json() == asked[3].json()
    assert asked[1].json()["collections"] == [{"name": "alpha", "generation": 1}]


def test_a_stream_names_collections_as_the_answer_does(client):
    accept = {"Accept": "text/event-stream"}
    events = client.post("/query", json={"question": BETA}, headers=accept).text.split("\n\n")
    data = {part.split("\n")[0]: json.loads(part.split("data: ", 1)[1]) for part in events if "data: " in part}
    assert data["event: citation"]["collection"] == "beta"
    assert [one["name"] for one in data["event: done"]["collections"]] == ["alpha", "beta"]


def test_openais_clients_name_them_too(client):
    body = {"messages": [{"role": "user", "content": BETA}], "collection": "beta"}
    answered = client.post("/v1/chat/completions", json=body).json()
    url = answered["choices"][0]["message"]["annotations"][0]["url_citation"]["url"]
    assert url.endswith("&collection=beta#L5")
    assert client.get(url.removeprefix("http://localhost").partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/view/install.md", "/files/1/install.md", "/index", "/generations", "/gaps", "/search/why-not?q=x&page=y"]
)
def test_what_is_about_one_wants_a_name_where_there_are_several(client, path):
    headers = {"Authorization": f"Bearer {KEY}"}
    refused = client.get(path, headers=headers)
    assert (refused.status_code, "alpha, beta" in refused.json()["detail"]) == (422, True)
    joint = "&" if "?" in path else "?"
    assert client.get(f"{path}{joint}collection=beta", headers=headers).status_code == 200
    unknown = client.get(f"{path}{joint}collection=gamma", headers=headers)
    assert (unknown.status_code, unknown.json()["type"]) == (404, f"{PROBLEM}collection-unknown")


def test_a_view_is_of_its_collection_and_leads_on_within_it(client):
    page = client.get("/view/install.md", params={"collection": "alpha"}).text
    assert "pip install alpha-tool" in page
    assert 'href="/view/ports.md?generation=1&amp;collection=alpha#s-ports"' in page
    assert 'href="/files/1/install.md?collection=alpha"' in page
    assert "apt install beta-tool" in client.get("/view/install.md", params={"collection": "beta"}).text


def test_what_the_page_begins_with_is_of_all_or_of_one(client):
    both, beta = (client.get("/overview", params=of).json() for of in ({}, {"collection": "beta"}))
    assert (both["files"], both["generation"]) == (4, 0)
    assert (beta["files"], beta["generation"], beta["folders"]) == (2, 1, [{"path": "secret/", "files": 1}])
    assert both["folders"] == beta["folders"]


def test_feedback_and_gaps_are_of_each(client):
    of_beta = {"path": "install.md", "collection": "beta"}
    client.post("/feedback", json={"question": BETA, "helpful": False, "citations": [of_beta]})
    client.post("/feedback", json={"question": "Where is it?", "helpful": False})
    client.post("/feedback", json={"question": "When is it?", "helpful": False, "collection": "alpha"})
    client.post("/feedback", params={"collection": "alpha"}, json={"question": "Who is it?", "helpful": False})
    headers = {"Authorization": f"Bearer {KEY}"}
    asked = {
        name: {
            gap["question"] for gap in client.get("/gaps", params={"collection": name}, headers=headers).json()["gaps"]
        }
        for name in ("alpha", "beta")
    }
    assert asked == {"alpha": {"Where is it?", "When is it?", "Who is it?"}, "beta": {BETA, "Where is it?"}}


def test_an_answer_of_one_can_be_saved_and_one_of_several_cannot(client):
    alone = client.post("/query", json={"question": BETA, "collection": "beta"}).json()
    saved = client.post("/answers", json=alone)
    assert saved.status_code == 201
    shown = client.get(saved.headers["Location"], headers={"Accept": "text/html"}).text
    assert "All that it cites stands in the docs of today" in shown
    assert "collection=beta" in shown
    both = client.post("/query", json={"question": BETA}).json()
    refused = client.post("/answers", json=both).json()
    assert refused["type"] == f"{PROBLEM}answer-not-given"
    assert "ask one of them, by `collection`" in refused["detail"]


def test_the_audit_says_of_which_collection_each_page_was_and_which_generations_were_asked(project):
    project.write("".join(TABLES.values()))
    headers = {"Accept": "application/json, text/event-stream"}
    with project.service(audit="true") as client:
        until(lambda: client.get("/health/ready").status_code == 200, "the service")
        found = client.get("/search", params={"q": BETA}).json()["hits"]
        client.post("/query", json={"question": BETA})
        arguments = {"name": "search", "arguments": {"query": BETA}}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": arguments}
        client.post("/mcp", json=call, headers=headers)
        client.get("/search", params={"q": BETA, "collection": "beta"})
    lines = [json.loads(line) for line in (project.folder / "db" / "audit.jsonl").read_text().splitlines()]
    searched, asked, by_tool, of_one = lines
    assert searched["generations"] == asked["generations"] == by_tool["generations"] == dict.fromkeys(PAGES, 1)
    assert not any("generation" in line for line in (searched, asked, by_tool))
    pages = {name: list(dict.fromkeys(h["chunk"]["path"] for h in found if h["collection"] == name)) for name in PAGES}
    assert searched["pages_of"] == pages
    assert "install.md" in pages["beta"] and "install.md" in pages["alpha"]
    assert searched["pages"] == list(dict.fromkeys(hit["chunk"]["path"] for hit in found))
    assert set(by_tool["pages_of"]) == set(PAGES) and not any("://" in page for page in by_tool["pages"])
    assert (of_one["collections"], of_one["generation"]) == (["beta"], 1)
    assert not {"pages_of", "generations"} & of_one.keys()


def test_an_ingest_is_of_one(client, project):
    headers = {"Authorization": f"Bearer {KEY}"}
    unnamed = client.post("/ingest", headers=headers).json()
    assert (unnamed["type"], unnamed["title"]) == (f"{PROBLEM}collection-unnamed", "Collection unnamed")
    unknown = client.post("/ingest", params={"collection": "nope"}, headers=headers)
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "there is no collection 'nope' that you may use: name one of alpha, beta"
    (project.folder / "beta" / "new.md").write_text("# New\n\nBeta has a new page.\n", "utf-8")
    started = client.post("/ingest", params={"collection": "beta"}, json={"replace": True}, headers=headers)
    assert started.status_code == 202
    until(lambda: [one["generation"] for one in listed(client)] == [1, 2], "the new generation")
    answer = client.post("/query", json={"question": "Which page does Beta have?"}).json()
    assert [one["generation"] for one in answer["collections"]] == [1, 2]


def test_what_an_ingest_tells_to_run_is_of_its_collection(client, project):
    headers = {"Authorization": f"Bearer {KEY}"}
    for number in range(12):
        (project.folder / "beta" / f"{number}.md").write_text(f"# Page {number}\n\nThe text of {number}.\n", "utf-8")

    def job(wanted: str, **body: bool) -> dict:
        started = client.post("/ingest", params={"collection": "beta"}, json=body, headers=headers).json()
        get = partial(client.get, f"/ingest/{started['id']}", params={"collection": "beta"}, headers=headers)
        until(lambda: get().json()["state"] == wanted, f"an ingest that is {wanted}")
        return get().json()

    job("done", replace=True)
    for number in range(12):
        (project.folder / "beta" / f"{number}.md").unlink()
    assert "`footnote ingest --collection beta --allow-deletes`" in job("failed")["problem"]["detail"]


def test_what_the_file_says_is_taken_up_and_what_is_wrong_changes_nothing(client, project, caplog):
    project.write(TABLES["alpha"] + TABLES["gamma"])
    until(lambda: names(client) == ["alpha", "gamma"], "the new collections")
    assert client.post("/query", json={"question": "install", "collection": "beta"}).status_code == 404
    answer = client.post("/query", json={"question": "How do I install Gamma?"}).json()
    assert answer["citations"][0]["collection"] == "gamma"
    project.write(TABLES["alpha"] + "top_q = 3\n")
    until(lambda: "the collections stay as they are" in caplog.text, "the log")
    assert names(client) == ["alpha", "gamma"]
    told = client.get("/collections", headers={"Authorization": f"Bearer {KEY}"}).json()["problem"]
    assert "collections.alpha: there is no `top_q`: did you mean `top_k`?" in told
    assert client.get("/collections").json()["problem"] is None
    (project.folder / "footnote.toml").unlink()
    until(lambda: "footnote.toml is gone" in caplog.text, "the log")
    assert names(client) == ["alpha", "gamma"]
    for text in ("", "# soon again\n"):
        project.write(text)
        until(lambda: "footnote.toml names no collection" in caplog.text, "the log")
        assert names(client) == ["alpha", "gamma"]
        assert all(one["ready"] for one in listed(client))
        caplog.clear()
    project.write(TABLES["alpha"] + TABLES["gamma"] + "llm = 'openai:gpt-4o'\n")
    until(lambda: "[collections.gamma] FOOTNOTE_LLM=openai:gpt-4o needs OPENAI_API_KEY" in caplog.text, "the log")
    assert client.post("/query", json={"question": "How do I install Gamma?"}).json()["citations"]
    project.write(TABLES["alpha"] + "top_k = 1\n")
    until(lambda: names(client) == ["alpha"], "the changed collection")
    assert client.get("/index").json()["settings"]["top_k"] == 1
    assert client.get("/collections", headers={"Authorization": f"Bearer {KEY}"}).json()["problem"] is None


def test_why_one_cannot_answer_is_told_to_admins(project):
    shutil.rmtree(project.folder / "db" / "collections" / "beta")
    with project.service(admin_key=KEY) as client:
        until(lambda: [one["ready"] for one in listed(client)] == [True, False], "alpha")
        headers = {"Authorization": f"Bearer {KEY}"}
        told = client.get("/collections", headers=headers).json()["collections"]
        assert ("problem" in told[0], "run `footnote ingest --collection beta` first" in told[1]["problem"]) == (
            False,
            True,
        )
        assert not any("problem" in one for one in listed(client))
        asked = client.post("/query", json={"question": BETA, "collection": "beta"})
        assert (asked.status_code, str(project.folder) in asked.text) == (503, False)


def test_a_key_of_collections_that_are_gone_is_told_so(project):
    store = KeyStore(project.folder / "db")
    _, key = store.create(NewKey("gamma", Grant(READER_SCOPES, frozenset({"gamma"}))))
    store.close()
    with project.service(auth="keys") as client:
        refused = client.post("/query", json={"question": BETA}, headers={"Authorization": f"Bearer {key}"})
    assert (refused.status_code, "collections that are not here" in refused.json()["detail"]) == (403, True)


def test_questions_go_on_while_collections_change(client, project):
    for round in range(3):
        project.write(TABLES["alpha"] + f"top_k = {round + 1}\n" + TABLES["beta"])
        until_s = time.monotonic() + 1.5
        while time.monotonic() < until_s:
            answered = client.post("/query", json={"question": f"{BETA} {time.monotonic()}", "collection": "beta"})
            assert answered.status_code == 200


def test_a_key_sees_its_collections_and_pages_alone(project):
    settings = load_settings(env_file=None, config=project.folder / "footnote.toml", index_dir=project.folder / "db")
    store = KeyStore(settings.folders.index_dir)
    keys = {
        name: store.create(NewKey(name, Grant(READER_SCOPES, frozenset(of), paths)))[1]
        for name, of, paths in (
            ("alpha", {"alpha"}, None),
            ("part", {"alpha", "beta"}, frozenset({"install.md"})),
        )
    }
    store.close()
    with project.service(auth="keys") as client:
        until(lambda: client.get("/health/ready").status_code == 200, "the service")

        def asked(key: str, path: str, **json: object) -> dict:
            headers = {"Authorization": f"Bearer {keys[key]}"}
            response = client.post(path, json=json, headers=headers) if json else client.get(path, headers=headers)
            return response.json()

        until(lambda: len(asked("part", "/collections")["collections"]) == 2, "both")
        assert client.post("/query", json={"question": BETA}).status_code == 401
        assert [one["name"] for one in asked("alpha", "/collections")["collections"]] == ["alpha"]
        # As if there were no other one: with no name needed, and another one told as one that never was.
        assert [one["name"] for one in asked("alpha", "/query", question=BETA)["collections"]] == ["alpha"]
        assert asked("alpha", "/index")["files"] == 2
        hidden, unknown = (asked("alpha", "/query", question=BETA, collection=name) for name in ("beta", "delta"))
        assert hidden["detail"].replace("beta", "delta") == unknown["detail"]
        assert [one["documents"] for one in asked("part", "/collections")["collections"]] == [1, 1]
        codename = asked("part", "/query", question="What is the codename of the next Beta?")
        assert "Zebra" not in json.dumps(codename)
        assert codename["searched"]["total_files"] == 2


def test_a_public_collection_is_read_without_a_key(project):
    project.write(TABLES["alpha"] + "public = true\n" + TABLES["beta"])
    with project.service(auth="keys") as client:
        until(lambda: client.get("/collections").status_code == 200 and names(client) == ["alpha"], "the public one")
        answer = client.post("/query", json={"question": BETA}).json()
        assert [one["name"] for one in answer["collections"]] == ["alpha"]
        assert client.get("/search", params={"q": "install", "collection": "beta"}).status_code == 404
        assert client.get("/view/install.md").status_code == 200
        assert client.get("/overview").json()["can_ingest"] is True  # with a key that has the scope
        assert client.post("/query", json={"question": BETA}, headers={"Authorization": "Bearer x"}).status_code == 401
        project.write(TABLES["alpha"] + TABLES["beta"])
        until(lambda: client.get("/collections").status_code == 401, "no public one")


def test_who_shows_no_key_is_told_that_one_can_show_more(project):
    project.write(TABLES["alpha"] + "public = true\n" + TABLES["beta"])
    admin = {"Authorization": f"Bearer {KEY}"}
    with project.service(auth="keys", admin_key=KEY, saved_answers=True) as client:
        until(lambda: client.get("/collections").status_code == 200 and names(client) == ["alpha"], "the public one")
        until(lambda: len(client.get("/collections", headers=admin).json()["collections"]) == 2, "both")
        assert client.get("/overview").json()["can_sign_in"] is True
        assert client.get("/overview", headers=admin).json()["can_sign_in"] is False
        saved = {}
        for name in ("alpha", "beta"):
            answer = client.post("/query", json={"question": BETA, "collection": name}, headers=admin).json()
            saved[name] = client.post("/answers", json=answer, headers=admin).headers["Location"]
        none = "/a/" + "0" * (len(saved["beta"]) - len("/a/"))
        assert client.get(saved["alpha"]).status_code == 200
        told = [client.get(path).json() for path in (saved["beta"], none)]
        assert [one["status"] for one in told] == [401, 401]
        assert told[0]["detail"] == told[1]["detail"]
        page = client.get(saved["beta"], headers={"Accept": "text/html"})
        assert (page.status_code, "A key is needed" in page.text) == (401, True)
        assert client.get(saved["beta"], headers=admin).status_code == 200
        assert client.get(none, headers=admin).status_code == 404


def test_where_nobody_is_asked_for_a_key_none_can_show_more(client):
    assert client.get("/overview").json()["can_sign_in"] is False
    assert client.get("/a/" + "0" * 22).status_code == 404


def test_without_a_file_nothing_has_a_name(ingested):
    settings = load_settings(env_file=None, index_dir=ingested / "db" / "collections" / "alpha", reranker="none")
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        until(lambda: client.get("/health/ready").status_code == 200, "the service")
        answer = client.post("/query", json={"question": "install"}).json()
        assert "collections" not in answer and "collection" not in answer["citations"][0]
        assert client.get("/view/install.md", params={"collection": "docs"}).status_code == 200
        assert client.get("/view/install.md", params={"collection": "other"}).status_code == 404
        assert names(client) == ["docs"]
