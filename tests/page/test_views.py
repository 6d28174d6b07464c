"""Why an answer is as it is, what was measured, and the API's documentation."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.conftest import MAIN
from tests.page.conftest import answered
from tests.serving import ROOT


def test_why_shows_every_stage_and_explains_another_page(guide, open_page):
    page = open_page(guide)
    answered(page)
    page.get_by_role("button", name="Why?").click()
    why = page.locator(".why")
    expect(why).to_contain_text("by what was found")
    rows = why.get_by_role("group", name="Passages").locator("tbody tr")
    assert rows.count() == 4
    assert rows.first.locator("td.n").last.inner_text().startswith("1")
    lines = why.locator(".ranks g")
    assert lines.count() == 4
    assert lines.first.locator("text").last.text_content() == "1"  # the first passage, reranked
    for stage in ("embed", "lexical", "vector", "fuse", "rerank", "answer", "check"):
        expect(why.get_by_role("rowheader", name=stage)).to_be_visible()
    rows.first.get_by_role("button").click()
    expect(page.locator(".reader .line.quoted").first).to_be_visible()
    page.keyboard.press("Escape")
    why.get_by_label("Its path, or PATH#HEADING").fill("guides/deleting.md")
    page.keyboard.press("Enter")
    expect(why.locator("[role=status] p").first).to_be_visible()
    why.get_by_label("Its path, or PATH#HEADING").fill("no-such-page.md")
    page.keyboard.press("Enter")
    expect(why.locator("[role=status]")).to_contain_text("no-such-page.md")


def test_why_of_a_refusal_shows_what_came_first_within_its_filter(guide, open_page):
    page = open_page(guide)
    page.get_by_role("button", name="Choose where to search").click()
    page.get_by_label("Folder").select_option("guides/")
    answered(page, "Who won the cup in 1998?")
    page.get_by_role("button", name="Search everything").click()
    page.get_by_role("button", name="Why?").click()
    rows = page.get_by_role("group", name="Passages").locator("tbody tr")
    expect(rows.first).to_be_visible()
    assert all("guides/" in row for row in rows.all_inner_texts())


def test_the_last_evaluation_is_shown(guide, guide_index, open_page, tmp_path):
    (guide_index.index_dir / "evaluation.json").unlink(missing_ok=True)  # of a test that measured the same docs
    page = open_page(guide, "#/evaluation")
    expect(page.locator(".view")).to_contain_text("Nothing was measured on these docs yet.")
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"question": "Which port does Relay listen on?", "answerable": True, "gold": [{"path": "configuration.md"}]},
        {"question": "Who won the cup in 1998?", "answerable": False},
    ]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [sys.executable, "-P", "-c", MAIN, "eval", str(questions), "--index-dir", str(guide_index.index_dir)]
    done = subprocess.run(command, env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    page.reload()
    expect(page.locator(".view")).to_contain_text("2 questions, 1 answerable")
    expect(page.get_by_role("group", name="Metrics")).to_contain_text("refusal/answered")
    (guide_index.index_dir / "evaluation.json").unlink()


@pytest.mark.parametrize(("path", "shown"), [("docs", ".opblock"), ("redoc", "[data-section-id], h1")])
def test_the_documentation_of_the_api_asks_no_other_host(guide, open_page, path, shown):
    page = open_page(guide, path)
    expect(page.locator(shown).first).to_be_visible()
    expect(page.get_by_text("/query").first).to_be_visible()
