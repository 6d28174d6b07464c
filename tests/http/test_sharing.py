"""`POST /answers` and `GET /a/{id}` on a real service of two workers, while the docs are edited; `verify --saved`."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.settings import Settings, load_settings
from footnote.app.http.app import create_app
from footnote.app.models.embedder import Embedder
from footnote.app.reading.library import Library
from footnote.app.sharing.store import ANSWERS
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.reading.shown import elements_of
from tests.serving import Running, Serve, until

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
PROBLEM = "urn:footnote:problem:"
PAGES = {
    "backups.md": "# Backups\n\nBackups are kept for 30 days.\n",
    "ports.md": "# Ports\n\nRelay listens on port 7070.\n",
    "users.md": "# Users\n\nNew colleagues get an account from Mona.\n",
    "moved.md": "# Coffee\n\nCoffee is served in the kitchen.\n",
}
QUESTIONS = {
    "backups.md": "How long are backups kept?",
    "ports.md": "Which port does Relay listen on?",
    "users.md": "Who gives new colleagues an account?",
    "moved.md": "Where is coffee served?",
}


class Site(NamedTuple):
    service: Running
    settings: Settings
    ids: Mapping[str, str]  # of the saved answers, by the page that they cite

    def get(self, path: str) -> dict[str, Any]:
        status, headers, body = self.service.request("GET", f"/a/{self.ids[path]}")
        assert (status, headers["content-type"]) == (200, "application/json")
        return dict(body)

    def page(self, path: str) -> str:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.service.port)
        connection.request("GET", f"/a/{self.ids[path]}", headers=HTML)
        reply = connection.getresponse()
        assert reply.status == 200
        assert reply.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        text = reply.read().decode()
        connection.close()
        return text

    def verify(self, *flags: str) -> tuple[int, str]:
        folders = ["--index-dir", str(self.settings.folders.index_dir), "--docs", str(self.settings.folders.docs_dir)]
        result = CliRunner().invoke(app, ["verify", "--saved", *folders, *flags])
        return result.exit_code, result.stdout


@pytest.fixture(scope="module")
def asked(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("sharing")
    docs_dir = write_docs(folder / "docs", PAGES)
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=folder / "index")
    ingest(settings, lambda *_: None, embedder)
    service = serve("--workers", "2", index_dir=folder / "index", docs_dir=docs_dir, saved_answers="true")
    service.all_serve(1)
    ids = {}
    for path, question in QUESTIONS.items():
        status, _, answer = service.request("POST", "/query", {"question": question})
        assert (status, [cited["path"] for cited in answer["citations"]]) == (200, [path])
        status, headers, saved = service.request("POST", "/answers", answer)
        assert status == 201, saved
        assert headers["Location"] == saved["path"] == f"/a/{saved['id']}"
        assert saved["kept_until"] > saved["saved_at"]
        ids[path] = saved["id"]
    yield Site(service, settings, ids)


@pytest.fixture
def site(asked: Site, write_docs: WriteDocs) -> Site:
    """With the docs as they were ingested."""
    for file in asked.settings.folders.docs_dir.iterdir():
        file.unlink()
    write_docs(asked.settings.folders.docs_dir, PAGES)
    return asked


def edit(site: Site, write_docs: WriteDocs) -> None:
    """One page edited, one gone, one moved down, one as it was."""
    docs_dir = site.settings.folders.docs_dir
    write_docs(
        docs_dir,
        {
            "backups.md": "# Backups\n\nBackups are kept for 90 days.\n",
            "moved.md": "# Coffee\n\nIn short:\n\nCoffee is served in the kitchen.\n",
        },
    )
    (docs_dir / "users.md").unlink()


def test_a_saved_answer_says_that_it_holds(site: Site) -> None:
    shared = site.get("ports.md")
    assert shared["holds"] is True and shared["problem"] is None
    assert shared["answer"]["question"] == QUESTIONS["ports.md"]
    assert "timings_ms" not in shared["answer"]
    assert shared["verification"]["counts"]["valid"] == 1
    page = site.page("ports.md")
    assert "All that it cites stands in the docs of today, word for word." in page
    links = {one.text: one.attributes["href"] for one in elements_of(page) if one.tag == "a"}
    assert links["ports.md:3"] == "/view/ports.md?generation=1&lines=3#L3"
    status = site.service.request("GET", "/search?q=x")[0]
    assert status == 200


@pytest.mark.parametrize(
    ("path", "verdict", "said"),
    [
        ("ports.md", "valid", "valid: the docs say it, at the same place"),
        ("backups.md", "changed", "changed: the docs say it otherwise now"),
        ("users.md", "gone", "gone: the docs do not say it any more (the file is not there any more"),
        ("moved.md", "moved", "moved: the docs say it, elsewhere, now moved.md:5"),
    ],
)
def test_after_an_edit_each_citation_says_what_became_of_it(
    site: Site, write_docs: WriteDocs, path: str, verdict: str, said: str
) -> None:
    edit(site, write_docs)
    shared = site.get(path)
    (checked,) = shared["verification"]["citations"]
    assert (checked["verdict"], shared["holds"]) == (verdict, verdict == "valid")
    page = site.page(path)
    (fate,) = [one.text for one in elements_of(page) if one.attributes.get("class", "").startswith("fate")]
    assert fate.startswith(said)
    if verdict == "changed":
        found = {one.attributes.get("class"): one.text for one in elements_of(page) if one.tag == "span"}
        assert found == {
            "removed": "-Backups are kept for 30 days.",
            "added": "+Backups are kept for 90 days.",
        }
    assert "Backups are kept for 30 days." in page or path != "backups.md"


def test_a_link_leads_to_where_a_quote_stands_only_once_that_is_ingested(site: Site, write_docs: WriteDocs) -> None:
    def links() -> dict[str, str]:
        found = elements_of(site.page("moved.md"))
        return {one.text: one.attributes["href"] for one in found if one.tag == "a"}

    assert links()["now moved.md:3"] == "/view/moved.md?lines=3#L3"
    edit(site, write_docs)
    assert list(links()) == ["moved.md:3"]


def test_the_command_line_lists_those_that_do_not_hold(site: Site, write_docs: WriteDocs) -> None:
    code, said = site.verify()
    assert code == 0 and "4 saved answers: 4 hold, 0 do not" in said
    edit(site, write_docs)
    code, said = site.verify()
    assert code == 1 and "4 saved answers: 1 hold, 3 do not" in said
    assert QUESTIONS["ports.md"] not in said
    assert all(f"/a/{site.ids[path]}" in said for path in ("backups.md", "users.md", "moved.md"))
    code, said = site.verify("--json", "--allow-moved")
    found = json.loads(said)
    assert (code, found["saved"], found["not_holding"]) == (1, 4, 2)
    assert [one["question"] for one in found["answers"]] == [QUESTIONS["backups.md"], QUESTIONS["users.md"]]
    assert [one["verification"]["citations"][0]["verdict"] for one in found["answers"]] == ["changed", "gone"]


def test_what_the_service_did_not_say_is_not_saved(site: Site) -> None:
    _, _, answer = site.service.request("POST", "/query", {"question": QUESTIONS["ports.md"]})
    forged = json.loads(json.dumps(answer))
    forged["answer"] = forged["sentences"][0]["text"] = "Relay is free."
    status, headers, problem = site.service.request("POST", "/answers", forged)
    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert problem["type"] == PROBLEM + "answer-not-given"
    for body in ({}, {"question": "x"}):
        assert site.service.request("POST", "/answers", body)[0] == 422
    assert site.service.request("POST", "/answers", [answer])[2]["type"] == PROBLEM + "invalid-request"
    status, _, saved = site.service.request("POST", "/answers", {**answer, "timings_ms": None})
    assert (status, saved["id"]) == (201, site.ids["ports.md"])


@pytest.mark.parametrize("answer_id", ["0" * 32, "x", "..", "%2e%2e%2fquestions.sqlite3"])
def test_an_unknown_address_is_a_404(site: Site, answer_id: str) -> None:
    status, _, problem = site.service.request("GET", f"/a/{answer_id}")
    assert status == 404
    assert problem["type"] in (PROBLEM + "answer-unknown", PROBLEM + "not-found")


def test_without_the_docs_folder_the_answer_is_shown_unchecked(site: Site, tmp_path: Path) -> None:
    docs_dir = site.settings.folders.docs_dir
    docs_dir.rename(docs_dir.with_name("away"))
    try:
        shared = site.get("ports.md")
        page = site.page("ports.md")
    finally:
        docs_dir.with_name("away").rename(docs_dir)
    assert (shared["holds"], shared["verification"]) == (None, None)
    assert "does not see its docs" in shared["problem"] and str(docs_dir) not in json.dumps(shared) + page
    assert "It cannot be checked now" in page and "Relay listens on port 7070." in page


def test_forgetting_an_answer(site: Site) -> None:
    _, _, answer = site.service.request("POST", "/query", {"question": "Backups kept how long?"})
    _, _, saved = site.service.request("POST", "/answers", answer)
    assert site.service.request("GET", saved["path"])[0] == 200
    assert site.verify("--forget", saved["id"]) == (0, f"forgotten: {saved['id']}\n")
    assert site.service.request("GET", saved["path"])[0] == 404
    code, said = site.verify("--forget", saved["id"], "--json")
    assert code == 1 and json.loads(said)["type"] == PROBLEM + "answer-unknown"


HOSTILE = "</article><script>alert(1)</script> \u202e [x](javascript:alert(1)) [y](/etc) <img src=x onerror=alert(1)>"


def test_a_hostile_answer_is_shown_inert(tmp_path: Path) -> None:
    from footnote.app.schemas.saved import SharedAnswerOut
    from footnote.app.schemas.verification import SavedCitation
    from footnote.app.sharing.page import shared_page
    from footnote.app.verifying.verify import CheckedCitation, describe

    citation = {
        "number": 1,
        "path": HOSTILE,
        "start_line": 1,
        "end_line": 1,
        "start": 0,
        "end": 1,
        "quote": HOSTILE,
        "sha256": "x",
        "generation": 1,
        "heading_path": [HOSTILE],
        "source": HOSTILE,
        "source_place": "page 2",
    }
    checked = CheckedCitation(
        SavedCitation.model_validate(citation), "changed", None, f"--- a\n+++ b\n@@\n-{HOSTILE}\n+{HOSTILE}", HOSTILE
    )
    shared = SharedAnswerOut(
        id="x",
        saved_at="2026-01-01T00:00:00+00:00",
        kept_until="2027-01-01T00:00:00+00:00",
        answer={
            "question": HOSTILE,
            "answer": HOSTILE,
            "notice": HOSTILE,
            "generation": 1,
            "citations": [citation],
        },
        holds=False,
        verification=describe([checked], Path("docs")),
        problem=None,
    )
    found = elements_of(shared_page(shared, Library(tmp_path)))
    assert not {"script", "img"} & {one.tag for one in found}
    assert not [one for one in found if one.tag == "a"]
    assert not [name for one in found for name in one.attributes if name.startswith("on")]


def test_an_answer_in_place_of_a_language_models_says_so_to_those_it_is_shared_with(
    guide_index: Any, tmp_path: Path, fake_llm: Any
) -> None:
    fake_llm.status = 500
    index_dir = shutil.copytree(guide_index.index_dir, tmp_path / "index")
    llm = {"llm": "openai:m", "llm_base_url": fake_llm.base_url, "reranker": "none"}
    with TestClient(create_app(load_settings(env_file=None, index_dir=index_dir, saved_answers=True, **llm))) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        answer = client.post("/query", json={"question": QUESTIONS["ports.md"]}).json()
        saved = client.post("/answers", json=answer).json()
        page = client.get(f"/a/{saved['id']}", headers={"Accept": "text/html"}).text
    assert "These are quotes of the docs instead." in answer["notice"]
    assert "These are quotes of the docs instead." in page


def test_an_answer_that_is_streamed_can_be_saved_as_soon_as_it_is_there(guide_index: Any, tmp_path: Path) -> None:
    index_dir = shutil.copytree(guide_index.index_dir, tmp_path / "index")
    settings = load_settings(env_file=None, index_dir=index_dir, reranker="none", saved_answers=True)
    with TestClient(create_app(settings)) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        asked = client.post("/query", json={"question": QUESTIONS["ports.md"]}, headers={"Accept": "text/event-stream"})
        done = asked.text.strip().rpartition("data: ")[2]
        assert client.post("/answers", json=json.loads(done)).status_code == 201


@pytest.fixture(scope="module")
def off(guide_index: Any) -> Iterator[TestClient]:
    with TestClient(create_app(load_settings(env_file=None, index_dir=guide_index.index_dir))) as client:
        yield client


@pytest.mark.parametrize("ask", [lambda client: client.post("/answers", json={}), lambda client: client.get("/a/x")])
def test_it_is_off_unless_it_is_asked_for(off: TestClient, ask: Callable[[TestClient], Any], guide_index: Any) -> None:
    reply = ask(off)
    assert (reply.status_code, reply.json()["type"]) == (403, PROBLEM + "saving-off")
    assert not (guide_index.index_dir / ANSWERS).exists()
