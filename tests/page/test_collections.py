"""Where there are several collections: which are asked, and which one a view is about."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from footnote.app.core.collections import load_collections
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.page.conftest import answered, assert_no_axe, held_one
from tests.serving import KEY, Running, Serve, until

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
    config = written(tmp_path_factory.mktemp("several"), write_docs, embedder)
    return served(serve_all, config, admin_key=KEY, saved_answers=True)


def written(folder: Path, write_docs: WriteDocs, embedder: Embedder) -> Path:
    """The file of both collections, which are ingested."""
    for name, pages in PAGES.items():
        write_docs(folder / name, pages)
    config = folder / "footnote.toml"
    config.write_text(FILE, "utf-8")
    ingest_all(config, embedder)
    return config


def served(serve_all: Serve, config: Path, **settings: object) -> Running:
    """A service of both, once both can answer."""
    service = serve_all(config=config, index_dir=config.parent / "db", strictness=0, **settings)
    until(lambda: all(one["ready"] for one in service.request("GET", "/collections")[2]["collections"]), "both")
    return service


def ingest_all(config: Path, embedder: Embedder) -> None:
    """Each collection of the file, into `db` beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_INDEX_DIR", str(config.parent / "db"))
        for one in load_collections(None, config=config):
            ingest(one.settings, lambda *_: None, embedder)


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
    expect(page.get_by_label("Folder").locator("option")).to_have_text(["All pages (1)", "guides/ (1)"])
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
    reason = why.locator("[role=status] p").first.inner_text()
    for typed, told in {
        "names.md": "Say of which collection the page is: alpha, beta",
        "gamma: names.md": "There is no collection gamma: alpha, beta",
        "beta:names.md": reason,
    }.items():
        why.get_by_label("Its COLLECTION: PATH, or PATH#HEADING").fill(typed)
        page.keyboard.press("Enter")
        expect(why.locator("[role=status] p").first).to_have_text(told)


def test_an_answer_of_several_collections_is_not_offered_to_be_shared(several, open_page):
    page = open_page(several)
    answered(page, PORT)
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
    page.get_by_role("button", name="Choose where to search").click()
    page.get_by_label("Collection").select_option("beta (2)")
    answered(page, PORT)
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Whoever has this address, and may read these docs, sees the answer")).to_be_visible()


@pytest.mark.parametrize("element", ["page", "inline"])
def test_no_name_is_too_long_for_a_phone(several, open_page, element):
    long_title, long_folder = "The handbook of all who work in the office of Lisbon or Porto", "a-long-folder-name/" * 5

    def renamed(route):
        body = route.fetch().json()
        if "folders" in body:
            body["folders"] = [{"path": long_folder, "files": 1}]
        else:
            body["collections"][0]["title"] = long_title
        route.fulfill(json=body)

    page = open_page(several, viewport={"width": 390, "height": 800})
    for path in ("**/overview*", "**/collections"):
        page.route(path, renamed)
    page.reload()
    if element == "inline":
        page.evaluate(WIDGET)
    page.get_by_role("button", name="where to search").click()
    page.get_by_label("Collection").select_option(index=1)
    page.get_by_label("Folder").select_option(long_folder)
    for name in ("where to search", "Ask"):
        box = page.get_by_role("button", name=name, exact=name == "Ask").bounding_box()
        assert box["x"] + box["width"] <= 390
    page.get_by_role("button", name="where to search").click()
    assert page.locator(".narrowed").bounding_box()["width"] <= 390
    page.get_by_role("button", name="Ask", exact=True).click(trial=True)


def test_a_chosen_collection_that_is_gone_is_dropped(serve_all, tmp_path_factory, write_docs, embedder, open_page):
    config = written(tmp_path_factory.mktemp("gone"), write_docs, embedder)
    service = served(serve_all, config)
    page = open_page(service)
    page.get_by_role("button", name="Choose where to search").click()
    page.get_by_label("Collection").select_option("beta (2)")
    page.get_by_role("button", name="where to search").click()
    expect(page.locator(".narrowed")).to_contain_text("Only in beta")
    config.write_text(FILE.partition("[collections.beta]")[0], "utf-8")
    until(lambda: len(service.request("GET", "/collections")[2]["collections"]) == 1, "one alone")
    page.get_by_label("Your question").fill(PORT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("there is no collection 'beta'")
    expect(page.locator(".narrowed")).to_have_count(0)
    page.get_by_role("button", name="Ask again").click()
    expect(sources(page, 1)).to_contain_text("alpha: guides/ports.md")


def test_what_can_be_asked_is_of_the_collection_that_was_chosen_last(several, open_page):
    page = open_page(several)
    held: list[Route] = []
    page.route("**/overview?collection=alpha", lambda route: held.append(route))
    page.get_by_role("button", name="Choose where to search").click()
    page.get_by_label("Collection").select_option("The first (1)")
    late = held_one(page, held)
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/collections")):
        page.get_by_label("Collection").select_option("beta (2)")
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/collections")):
        late.continue_()
    page.wait_for_timeout(100)
    expect(page.get_by_label("Folder").locator("option")).to_have_text(["All pages (2)"])


@pytest.mark.parametrize("reply", ["index", "changes", "failure"])
def test_what_another_collection_replies_late_is_not_shown(several, open_page, reply):
    page = open_page(several, "#/docs")
    page.get_by_role("button", name="Generations").click()
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    expect(page.locator(".view .list")).to_contain_text("live")
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    if reply == "changes":
        page.route("**/index/changes?collection=alpha", lambda route: held.append(route))
        page.get_by_role("button", name="What changed?").click()
    else:
        page.route("**/index?collection=alpha", lambda route: held.append(route))
        page.get_by_label("Collection").select_option("beta (2)")
        page.get_by_label("Collection").select_option("The first (1)")
    late = held_one(page, held)
    page.get_by_label("Collection").select_option("beta (2)")
    expect(page.locator(".view .facts")).to_contain_text("2 pages,")
    url = late.request.url
    with page.expect_event("requestfinished", lambda request: request.url == url):
        late.fulfill(status=500, body="") if reply == "failure" else late.continue_()
    page.wait_for_timeout(100)
    expect(page.locator(".view .facts")).to_contain_text("2 pages,")
    expect(page.locator(".view")).not_to_contain_text("In the folder since")
    expect(page.locator(".view .note")).to_have_count(0)


def test_a_choice_is_kept_while_the_collection_is_not_seen(several, open_page):
    page = open_page(several, "#/docs")
    page.get_by_label("Collection").select_option("beta (2)")
    expect(page.locator(".view .facts")).to_contain_text("2 pages,")

    def one_less(route):
        body = route.fetch().json()
        route.fulfill(json={"collections": body["collections"][:1]})

    page.route("**/collections", one_less)
    page.get_by_role("link", name="Evaluation").click()
    expect(page.locator(".view .note")).to_contain_text("say which `collection`")
    page.unroute("**/collections")
    page.get_by_role("link", name="Docs").click()
    expect(page.locator(".view .facts")).to_contain_text("2 pages,")
    expect(page.get_by_label("Collection")).to_have_value("beta")


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
