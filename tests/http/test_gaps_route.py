"""`GET /gaps`, `POST /gaps/dismiss` and `/gaps/resolve`, for those who have the key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.models.embedder import Embedder
from footnote.app.questions.question_log import Heading, QuestionLog
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.serving import KEY, until

AUTHORIZED = {"Authorization": f"Bearer {KEY}"}
PROBLEM = "urn:footnote:problem:"
LOST = "How do I reset my password?"
EVIL = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/p) @everyone `"


@pytest.fixture
def client(tmp_path: Path, write_docs: WriteDocs, embedder: Embedder) -> Iterator[TestClient]:
    docs_dir = write_docs(tmp_path / "docs", {"a.md": "# Relay\n\nRelay listens on port 7070.\n"})
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=tmp_path / "index", admin_key=KEY)
    ingest(settings, lambda *_: None, embedder)
    with TestClient(create_app(settings)) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


def keep(client: TestClient, question: str, comment: str | None = None, times: int = 1) -> None:
    settings = client.app.state.settings  # type: ignore[attr-defined]
    for _ in range(times):
        QuestionLog(settings.folders.index_dir, 90).keep_feedback(
            question, False, (Heading("a.md", ("Relay", "*Users*")),), None, comment
        )


def refuse(client: TestClient, question: str) -> None:
    """As a gate of long ago refused it."""
    settings = client.app.state.settings  # type: ignore[attr-defined]
    from footnote.app.questions.question_log import KeptQuestion

    log = QuestionLog(settings.folders.index_dir, 90)
    log._write(KeptQuestion(log._now_s(), "refused", question, "gate", "nothing fits", 1, "extractive", "extractive"))


@pytest.mark.parametrize(("method", "path"), [("GET", "/gaps"), ("POST", "/gaps/dismiss"), ("POST", "/gaps/resolve")])
def test_nobody_sees_what_was_asked_without_the_key(client: TestClient, method: str, path: str) -> None:
    reply = client.request(method, path, json={"question": "x"})
    assert (reply.status_code, reply.json()["type"]) == (401, PROBLEM + "unauthorized")
    reply = client.request(method, path, json={"question": "x"}, headers={"Authorization": "Bearer " + "x" * 20})
    assert reply.status_code == 401


def test_gaps_are_listed_the_most_asked_first(client: TestClient) -> None:
    assert client.get("/gaps", headers=AUTHORIZED).json()["gaps"] == []
    keep(client, LOST, times=2)
    keep(client, "Where is the coffee?", "no idea")
    found = client.get("/gaps", headers=AUTHORIZED).json()
    assert [(gap["question"], gap["count"]) for gap in found["gaps"]] == [(LOST, 2), ("Where is the coffee?", 1)]
    assert found["gaps"][1]["remarks"][0]["comment"] == "no idea"
    assert (found["count"], found["questions"], found["answered_now"]) == (3, 2, None)
    assert client.get("/gaps?top=1", headers=AUTHORIZED).json()["not_shown"] == 1
    assert client.get("/gaps?days=0", headers=AUTHORIZED).status_code == 422


def test_issues_are_markdown_that_holds_nothing_live(client: TestClient) -> None:
    keep(client, EVIL, EVIL + "\n\n# not a heading")
    reply = client.get("/gaps", headers={**AUTHORIZED, "Accept": "text/markdown"})
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    tokens = [
        token for block in MarkdownIt("commonmark").parse(reply.text) for token in (block, *(block.children or []))
    ]
    assert not {"html_block", "html_inline", "link_open", "image", "code_inline"} & {token.type for token in tokens}
    headings = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    assert len(headings) == 1 and headings[0].startswith("Docs do not answer: ")
    shown = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    assert EVIL in shown and "a.md › Relay › *Users*" in shown
    assert "Asked 1 time (1 not helpful) in 1 question" in reply.text


def test_one_gap_is_asked_for_by_its_question(client: TestClient) -> None:
    keep(client, LOST)
    keep(client, "Where is the coffee?")
    reply = client.get("/gaps", params={"question": LOST}, headers={**AUTHORIZED, "Accept": "text/markdown"})
    assert "How do I reset my password" in reply.text and "coffee" not in reply.text
    reply = client.get("/gaps", params={"question": "What else?"}, headers=AUTHORIZED)
    assert (reply.status_code, reply.json()["type"]) == (404, PROBLEM + "gap-unknown")


def test_nothing_unanswered_is_a_sentence(client: TestClient) -> None:
    reply = client.get("/gaps", headers={**AUTHORIZED, "Accept": "text/markdown"})
    assert reply.text == "Nothing that was asked is unanswered.\n"


def test_a_gap_is_dismissed(client: TestClient) -> None:
    keep(client, LOST, times=2)
    keep(client, "Where is the coffee?")
    reply = client.post("/gaps/dismiss", json={"question": LOST}, headers=AUTHORIZED)
    assert reply.json() == {"question": LOST, "questions": 1, "dismissed": 2}
    assert [gap["question"] for gap in client.get("/gaps", headers=AUTHORIZED).json()["gaps"]] == [
        "Where is the coffee?"
    ]
    again = client.post("/gaps/dismiss", json={"question": LOST}, headers=AUTHORIZED)
    assert (again.status_code, again.json()["type"]) == (404, PROBLEM + "gap-unknown")
    keep(client, LOST)
    assert len(client.get("/gaps", headers=AUTHORIZED).json()["gaps"]) == 2


def test_a_gap_is_resolved_once_the_docs_answer_it(client: TestClient) -> None:
    refuse(client, "Which port does Relay listen on?")
    refuse(client, "On which port does Relay listen")
    (gap,) = client.get("/gaps", headers=AUTHORIZED).json()["gaps"]
    reply = client.post("/gaps/resolve", json={"question": gap["question"]}, headers=AUTHORIZED).json()
    assert sorted(reply["answered"]) == ["On which port does Relay listen", "Which port does Relay listen on?"]
    assert (reply["unanswered"], reply["not_judged"]) == ([], [])
    assert client.get("/gaps", headers=AUTHORIZED).json()["gaps"] == []


def test_a_gap_that_the_docs_still_do_not_answer_stays(client: TestClient) -> None:
    refuse(client, "How many moons does Jupiter have?")
    keep(client, "What does Relay cost in the shop?")
    for question, where in {
        "How many moons does Jupiter have?": "unanswered",
        "What does Relay cost in the shop?": "not_judged",
    }.items():
        reply = client.post("/gaps/resolve", json={"question": question}, headers=AUTHORIZED).json()
        assert reply[where] == [question] and reply["answered"] == []
    assert len(client.get("/gaps", headers=AUTHORIZED).json()["gaps"]) == 2


def test_where_no_questions_are_kept_it_says_so(tmp_path: Path) -> None:
    settings = load_settings(env_file=None, index_dir=tmp_path, admin_key=KEY, keep_questions=False)
    with TestClient(create_app(settings)) as client:
        reply = client.get("/gaps", headers=AUTHORIZED)
        assert (reply.status_code, reply.json()["type"]) == (403, PROBLEM + "feedback-off")
