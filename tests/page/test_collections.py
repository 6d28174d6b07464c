"""Where there are several collections: which are asked, and which one a view is about."""

import pytest
from playwright.sync_api import Locator, Page, expect

from footnote.app.core.collections import load_collections
from footnote.ingest.flow import ingest
from tests.page.conftest import answered, assert_no_axe
from tests.serving import KEY, Running, until

PAGES = {
    "alpha": {"guides/ports.md": "# Ports\n\nThe relay of Alpha listens on port 7070.\n"},
    "beta": {
        "ports.md": "# Ports\n\nThe relay of Beta listens on port 8181.\n",
        "names.md": "# Names\n\nThe next Beta is called Zebra.\n",
    },
}
FILE = "[collections.alpha]\ndocs = 'alpha'\ntitle = 'The first'\n[collections.beta]\ndocs = 'beta'\n"
PORT = "On which port does the relay listen?"

WIDGET = """
const widget = document.createElement('footnote-ask');
widget.setAttribute('collection', 'beta');
document.body.replaceChildren(widget);
"""


@pytest.fixture(scope="module")
def several(serve_all, tmp_path_factory, write_docs, embedder) -> Running:
    folder = tmp_path_factory.mktemp("several")
    for name, pages in PAGES.items():
        write_docs(folder / name, pages)
    (folder / "footnote.toml").write_text(FILE, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_INDEX_DIR", str(folder / "db"))
        for one in load_collections(None, config=folder / "footnote.toml"):
            ingest(one.settings, lambda *_: None, embedder)
    config = folder / "footnote.toml"
    service = serve_all(config=config, index_dir=folder / "db", admin_key=KEY, strictness=0)
    until(lambda: all(one["ready"] for one in service.request("GET", "/collections")[2]["collections"]), "both")
    return service


def sources(page: Page, turn: int) -> Locator:
    """Those of an answer, counted from 0."""
    return page.locator("footnote-turn").nth(turn).locator(".sources")


def test_a_question_goes_to_all_until_one_is_chosen(several, open_page):
    page = open_page(several)
    expect(page.locator(".welcome")).to_contain_text("3 pages")
    answered(page, PORT)
    expect(sources(page, 0)).to_contain_text("alpha: guides/ports.md")
    expect(sources(page, 0)).to_contain_text("beta: ports.md")
    page.get_by_role("button", name="Choose where to search").click()
    assert_no_axe(page)
    page.get_by_label("Collection").select_option("The first (1)")
    expect(page.get_by_label("Folder").locator("option")).to_have_text(["All 1 pages", "guides/ (1)"])
    answered(page, PORT)
    expect(sources(page, 1)).to_contain_text("guides/ports.md")
    expect(sources(page, 1)).not_to_contain_text("beta")
    expect(page.locator(".narrowed")).to_contain_text("Only in The first")
    page.get_by_role("button", name="Search everything").click()
    answered(page, "What is the next Beta called?")
    expect(sources(page, 2)).to_contain_text("beta: names.md")


def test_a_widget_asks_the_collection_that_it_names(several, open_page):
    page = open_page(several)
    page.evaluate(WIDGET)
    expect(page.locator(".welcome")).to_contain_text("2 pages")
    answered(page, PORT)
    expect(sources(page, 0)).to_contain_text("beta: ports.md")
    expect(sources(page, 0)).not_to_contain_text("alpha")
    expect(page.locator(".narrowed")).to_contain_text("Only in beta")


def test_why_takes_a_page_as_it_is_shown(several, open_page):
    page = open_page(several)
    answered(page, PORT)
    page.get_by_role("button", name="Why?").click()
    why = page.locator(".why")
    why.get_by_label("Its COLLECTION: PATH, or PATH#HEADING").fill("beta: names.md")
    page.keyboard.press("Enter")
    expect(why.locator("[role=status] p").first).to_be_visible()
    expect(why.locator("[role=status] .bad")).to_have_count(0)
    why.get_by_label("Its COLLECTION: PATH, or PATH#HEADING").fill("names.md")
    page.keyboard.press("Enter")
    expect(why.locator("[role=status]")).to_contain_text("say which `collection`: alpha, beta")


def test_views_are_about_the_collection_that_is_chosen(several, open_page):
    page = open_page(several, "#/docs")
    expect(page.locator(".view .facts")).to_contain_text("1 page,")
    assert_no_axe(page)
    page.get_by_role("button", name="Generations").click()
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    expect(page.locator(".view .list")).to_contain_text("live")
    page.get_by_label("Collection").select_option("beta (2)")
    expect(page.locator(".view .facts")).to_contain_text("2 pages,")
    expect(page.locator(".view .list")).to_have_count(0)
    page.get_by_role("button", name="Ingest now").click()
    expect(page.locator(".view .note")).to_contain_text("Nothing had changed.")
    for name in ("Gaps", "Evaluation"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_label("Collection")).to_have_value("beta")
        expect(page.locator(".view > p").last).to_contain_text("Nothing was")
