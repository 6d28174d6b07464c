"""The view of the docs: what is served, what was left out, and what an admin does about it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.page.conftest import assert_no_axe
from tests.page.test_collections import served, written
from tests.serving import KEY, Running

LONG = "configuration/reference/contributing.md"
# The parts of a path of which not all letters are on one line.
BROKEN = """(cell) => {
  const letters = [];
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode()); ) {
    for (let at = 0; at < text.length; at++) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      letters.push({ letter: text.data[at], top: range.getBoundingClientRect().top });
    }
  }
  const name = letters.map(({ letter }) => letter).join('');
  return [...name.matchAll(/[^/]+/g)]
    .filter(({ index, 0: part }) => new Set(letters.slice(index, index + part.length).map(({ top }) => top)).size > 1)
    .map(([part]) => part);
}"""


@pytest.fixture
def docs(serve_all, tmp_path, write_docs, embedder) -> tuple[Running, Path]:
    """A service of two collections, and their folder."""
    config = written(tmp_path, write_docs, embedder)
    return served(serve_all, config, admin_key=KEY), config.parent


def test_what_is_done_replaces_what_was_said_before(open_page, docs, write_docs):
    service, folder = docs
    page = open_page(service, "#/docs")
    view, chosen = page.locator(".view"), page.get_by_label("Collection").locator("option:checked")
    page.get_by_label("Collection").select_option("beta (2)")
    write_docs(folder / "beta", {"more.md": "# More\n\nThere is more.\n"})
    page.get_by_role("button", name="What changed?").click()
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    expect(view).to_contain_text("added more.md")
    page.get_by_role("button", name="Ingest now").click()
    expect(view).to_contain_text("Generation 2 is live.")
    expect(view).not_to_contain_text("In the folder since")
    expect(page.locator(".facts")).to_contain_text("3 pages")
    expect(chosen).to_have_text("beta (3)")
    page.get_by_role("button", name="Generations").click()
    expect(view.locator(".list li")).to_have_count(2)
    expect(view).not_to_contain_text("is live.")
    page.get_by_role("button", name="Make live").click()
    expect(view).to_contain_text("Generation 1 is live.")
    expect(view.locator(".list li", has_text="live").first).to_contain_text("1:")
    expect(chosen).to_have_text("beta (2)")
    page.get_by_role("button", name="What changed?").click()
    expect(view).to_contain_text("In the folder since")
    expect(view).not_to_contain_text("Generation 1 is live.")


@pytest.mark.parametrize("view", ["Docs", "Evaluation"])
def test_a_view_is_tried_again_when_the_service_is_back(open_page, guide, view):
    page = open_page(guide)
    expect(page.locator(".suggestion").first).to_be_visible()
    for path in ("**/collections", "**/index", "**/evaluation"):
        page.route(path, lambda route: route.abort())
    page.get_by_role("link", name=view).click()
    note = page.locator(".view .note")
    expect(note).to_contain_text("There is no answer from")
    assert_no_axe(page)
    page.unroute_all()
    note.get_by_role("button", name="Try again").click()
    expect(note).to_have_count(0)
    expect(page.locator(".view .facts, .view > p:not(.waiting)").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1200])
def test_the_name_of_a_page_that_was_left_out_is_broken_only_at_its_folders(open_page, guide, width):
    detail = "line 71: docs/reference/.preview-features.md; docs/reference/.preview-features.md"
    skip = {"path": LONG, "reason": "included file: hidden", "detail": detail, "lost": "include"}
    page = open_page(guide, viewport={"width": width, "height": 800})
    page.route("**/index", lambda route: route.fulfill(json={**route.fetch().json(), "skipped": [skip]}))
    page.get_by_role("link", name="Docs").click()
    expect(page.locator("td.path")).to_have_text(LONG)
    assert page.locator("td.path").evaluate(BROKEN) == []
    assert page.get_by_role("group", name="Left out").evaluate("one => one.scrollWidth <= one.clientWidth")
