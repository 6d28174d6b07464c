"""The page and the widget where the service asks for a key."""

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Grant
from tests.conftest import CORPUS
from tests.page.conftest import PORT, answered, ask, assert_no_axe, held_one
from tests.page.test_collections import FILE, PAGES, ingest_all
from tests.page.test_widget import site, visit
from tests.serving import KEY, until


@pytest.fixture(scope="module")
def index(guide_index, tmp_path_factory) -> Path:
    return Path(shutil.copytree(guide_index.index_dir, tmp_path_factory.mktemp("keys") / "index"))


@pytest.fixture(scope="module")
def kept(serve_all, index):
    """A service that asks for keys."""
    service = serve_all(index_dir=index, docs_dir=CORPUS, auth="keys")
    service.serves(1)
    return service


@pytest.fixture(scope="module")
def mixed(serve_all, tmp_path_factory, write_docs, embedder):
    """A service of which everybody may read one collection, and who has a key two; and the folder of its keys."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, pages in PAGES.items():
        write_docs(folder / name, pages)
    config = folder / "footnote.toml"
    config.write_text(FILE + "public = true\n", "utf-8")
    ingest_all(config, embedder)
    service = serve_all(config=config, index_dir=folder / "db", auth="keys", admin_key=KEY)
    admin = {"Authorization": f"Bearer {KEY}"}

    def listed():
        return service.request("GET", "/collections", None, admin)[2]["collections"]

    until(lambda: [one["ready"] for one in listed()] == [True, True], "both")
    return service, folder / "db"


def new_key(index, *origins, scopes=READER_SCOPES):
    keys = KeyStore(index)
    _, key = keys.create(NewKey("reader", Grant(scopes), None, frozenset(origins) or None))
    keys.close()
    return key


def revoke(index, key):
    keys = KeyStore(index)
    keys.revoke(key)
    keys.close()


def give(page, key):
    page.get_by_label("Key", exact=True).fill(key)
    page.keyboard.press("Enter")


def test_the_page_asks_for_a_key_and_takes_it_to_the_pages_that_it_leads_to(open_page, kept, index):
    page = open_page(kept)
    give(page, "fn_not-a-key")
    expect(page.get_by_text("That key was not the right one.")).to_be_visible()
    give(page, new_key(index))
    expect(page.get_by_label("Your question")).to_be_focused()
    answered(page)
    page.locator(".prose .chip").first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("complementary", name="Source").get_by_role("link").first.click()
    expect(opened.value.locator("#lines")).to_be_visible()
    assert page.evaluate("document.cookie") == ""  # no script can read it


def test_what_was_sent_with_an_old_key_is_sent_again_with_the_one_that_was_given_meanwhile(open_page, kept, index):
    page = open_page(kept)
    old, new = new_key(index), new_key(index)
    give(page, old)
    expect(page.locator(".suggestion").first).to_be_visible()
    revoke(index, old)
    held: list[Route] = []
    page.route("**/query", lambda route: held.append(route), times=1)
    ask(page, PORT)
    late = held_one(page, held)
    page.evaluate(f"for (const name of Object.keys(sessionStorage)) sessionStorage[name] = '{new}'")
    late.continue_()
    expect(page.locator(".sources li").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_a_key_the_page_says_that_one_is_asked_for_and_takes_it_later(open_page, kept, index):
    page = open_page(kept)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text("The service asks for a key.")
    assert_no_axe(page)
    for view in ("Docs", "Gaps"):
        page.get_by_role("link", name=view).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".view .note")).to_contain_text("The service asks for a key.")
    page.get_by_role("link", name="Docs").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".view").get_by_role("button", name="Use a key").click()
    give(page, new_key(index))
    expect(page.locator(".facts")).to_be_visible()
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".suggestion").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_where_everybody_may_read_something_a_key_opens_the_rest(open_page, mixed):
    service, keys = mixed
    page = open_page(service)
    expect(page.locator(".welcome")).to_contain_text("2 pages")
    assert_no_axe(page)
    button = page.get_by_role("button", name="Use a key")
    button.click()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.click()
    give(page, "fn_not-a-key")
    expect(page.get_by_text("That key was not the right one.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".welcome")).to_contain_text("2 pages")  # what is open to all is left
    page.get_by_role("link", name="Docs").click()
    expect(page.locator(".facts")).to_contain_text("2 pages")
    expect(page.get_by_label("Collection")).to_have_count(0)
    button.click()
    give(page, new_key(keys))
    expect(page.get_by_label("Collection").locator("option")).to_have_text(["The first (1)", "beta (2)"])
    expect(page.get_by_label("Collection")).to_have_value("beta")
    expect(button).to_have_count(0)
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".welcome")).to_contain_text("3 pages")
    page.reload()
    expect(page.locator(".welcome")).to_contain_text("3 pages")


def test_the_focus_is_not_lost_with_the_button_that_had_it(open_page, mixed):
    service, keys = mixed
    page = open_page(service, viewport={"width": 390, "height": 800})
    page.get_by_role("button", name="Use a key").click()
    assert page.locator("nav").evaluate("one => one.scrollWidth <= one.clientWidth")
    give(page, new_key(keys))
    expect(page.get_by_role("button", name="Use a key")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_an_admins_key_opens_all_that_it_may_read_and_another_one_can_be_replaced(open_page, mixed):
    service, keys = mixed
    page = open_page(service, "#/gaps")
    give(page, new_key(keys))
    expect(page.get_by_role("dialog")).to_contain_text("The scope `admin` is needed here, and this key has `ask`")
    page.keyboard.press("Escape")
    expect(page.locator(".view .note")).to_be_visible()
    page.locator(".view").get_by_role("button", name="Use a key").click()
    give(page, new_key(keys, scopes=frozenset({"admin"})))
    expect(page.get_by_label("Collection").locator("option")).to_have_text(["The first (1)", "beta (2)"])
    page.get_by_label("Collection").select_option("The first (1)")
    expect(page.locator(".view")).to_contain_text("Nothing was asked")
    page.get_by_role("link", name="Docs").click()
    expect(page.locator(".facts")).to_contain_text("1 page,")
    page.get_by_role("button", name="Generations").click()
    expect(page.locator(".view .list")).to_contain_text("live")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".welcome")).to_contain_text("3 pages")


def test_what_a_key_may_not_is_tried_again_with_the_one_that_was_given_meanwhile(open_page, mixed):
    service, keys = mixed
    page = open_page(service, "#/gaps")
    expect(page.get_by_role("dialog")).to_be_visible()
    held: list[Route] = []
    page.route("**/gaps?*", lambda route: held.append(route), times=1)
    give(page, new_key(keys))
    late = held_one(page, held)
    new = new_key(keys, scopes=frozenset({"admin"}))
    page.evaluate(f"for (const name of Object.keys(sessionStorage)) sessionStorage[name] = '{new}'")
    late.continue_()
    expect(page.locator(".view")).to_contain_text("Nothing was asked")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_key_that_only_ingests_is_none_to_read_with(open_page, mixed):
    service, keys = mixed
    page = open_page(service, "#/docs")
    page.get_by_role("button", name="Generations").click()
    give(page, new_key(keys, scopes=frozenset({"ingest"})))
    expect(page.locator(".view .list")).to_contain_text("live")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".welcome")).to_contain_text("2 pages")
    answered(page, "What is the next Beta called?")


def test_an_admins_key_is_asked_for_once(open_page, mixed):
    service, _ = mixed
    page = open_page(service)
    page.get_by_role("button", name="Use a key").click()
    give(page, KEY)
    expect(page.locator(".welcome")).to_contain_text("3 pages")
    page.get_by_role("link", name="Gaps").click()
    expect(page.locator(".view")).to_contain_text("Nothing was asked")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_widget_asks_with_the_key_of_its_element(open_page, kept, index):
    with site(f"http://127.0.0.1:{kept.port}/", "") as server:
        key = new_key(index, f"http://127.0.0.1:{server.server_port}", scopes=frozenset({"ask", "read", "feedback"}))
        page = visit(open_page, kept, server, f'<footnote-ask mode="inline" key="{key}"></footnote-ask>')
        answered(page, PORT)
        page.locator(".prose .chip").first.click()
        expect(page.locator(".reader .badge-verified")).to_be_visible()
        page.get_by_role("button", name="Close the source").click()
        page.get_by_role("button", name="This helped").click()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("footnote-feedback")).to_contain_text("Thank you")


@pytest.mark.parametrize("width", [360, 1280])
def test_who_signs_out_has_no_key_left_and_can_use_another(open_page, mixed, width):
    service, keys = mixed
    page = open_page(service, viewport={"width": width, "height": 800})
    url = f"http://127.0.0.1:{service.port}/view/guides/ports.md?collection=alpha"
    assert page.request.get(url).status == 404
    page.get_by_role("button", name="Use a key").click()
    expect(page.get_by_role("dialog")).to_contain_text("a cookie for the links to pages until the browser is closed")
    give(page, new_key(keys))
    expect(page.locator(".welcome")).to_contain_text("3 pages")
    assert_no_axe(page)
    assert page.locator("nav").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.get_by_role("link", name="Gaps").click()
    give(page, KEY)
    expect(page.locator(".view")).to_contain_text("Nothing was asked")
    until(lambda: page.request.get(url).status == 200)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    assert page.request.get(url).status == 404
    assert page.evaluate("sessionStorage.length") == 0
    expect(page.get_by_role("dialog")).to_be_visible()  # of the view, which is for admins
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".welcome")).to_contain_text("2 pages")
    page.get_by_role("button", name="Use a key").click()
    give(page, KEY)
    expect(page.locator(".welcome")).to_contain_text("3 pages")


def test_nobody_is_signed_out_by_halves(open_page, mixed):
    service, keys = mixed
    page = open_page(service)
    page.get_by_role("button", name="Use a key").click()
    give(page, new_key(keys))
    page.route("**/session", lambda route: route.abort())
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("Not signed out. There is no answer from")
    assert_no_axe(page)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.unroute("**/session")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Use a key")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_key_that_ended_is_said_to_have_and_the_question_is_not_asked_of_less(open_page, mixed):
    service, keys = mixed
    key, question = new_key(keys), "On which port does the relay of Alpha listen?"
    page = open_page(service)
    page.get_by_role("button", name="Use a key").click()
    give(page, key)
    answered(page, question)
    expect(page.locator(".sources")).to_contain_text("guides/ports.md")
    page.get_by_role("button", name="Choose where to search").click()
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/collections")):
        page.get_by_label("Collection").select_option("The first (1)")
    revoke(keys, key)
    asked = []
    page.on("request", lambda request: request.url.endswith("/query") and asked.append(request.headers))
    ask(page, question)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your key is not valid any more: it was revoked, or it has expired.")
    assert_no_axe(page)
    page.keyboard.press("Escape")
    failed = page.get_by_role("alert")
    expect(failed).to_contain_text("Your key is not valid any more")
    expect(failed).to_contain_text("The question was not asked.")
    expect(failed.get_by_role("button", name="Ask without a key")).to_be_visible()
    assert_no_axe(page)
    assert len(asked) == 1
    expect(dialog).to_have_count(0)
    until(lambda: page.request.get(f"http://127.0.0.1:{service.port}/view/ports.md?collection=beta").status == 200)
    failed.get_by_role("button", name="Ask without a key").click()
    last = page.locator("footnote-turn").last
    expect(last).to_contain_text("Asked without a key: only what is open to all was searched.")
    expect(last.locator(".sources, .nearest")).to_contain_text("ports.md")
    failed.get_by_role("button", name="Use a key").click()
    give(page, new_key(keys))
    failed.get_by_role("button", name="Ask again").click()
    last = page.locator("footnote-turn").last
    expect(last.locator(".sources")).to_contain_text("guides/ports.md")
    expect(last).not_to_contain_text("Asked without a key")


def test_where_nothing_is_open_a_key_that_ended_is_asked_for_once(open_page, kept, index):
    key = new_key(index)
    page = open_page(kept)
    give(page, key)
    expect(page.locator(".suggestion").first).to_be_visible()
    revoke(index, key)
    ask(page)
    expect(page.get_by_role("dialog")).to_contain_text("Your key is not valid any more")
    page.keyboard.press("Escape")
    expect(page.locator("footnote-turn")).to_contain_text("The question was not asked.")
    expect(page.get_by_text("The service asks for a key.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("dialog")).not_to_contain_text("not valid")
    give(page, new_key(index))
    answered(page)


def test_a_refusal_without_a_key_says_that_more_may_be_there(open_page, mixed):
    page = open_page(mixed[0])
    held: list[Route] = []
    page.route("**/overview", lambda route: held.append(route), times=1)
    page.reload()
    refusal = {"markdown": "The docs do not say.", "nearest": [], "reason": "no passage is about this question"}
    done = {"generation": 0, "refused": True, "dropped": [], "citations": []}
    events = "".join(
        f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in {"refusal": refusal, "done": done}.items()
    )
    page.route("**/query", lambda route: route.fulfill(content_type="text/event-stream", body=events))
    ask(page, "Who won the cup in 1998?")
    held_one(page, held).continue_()
    expect(page.locator(".refusal")).to_be_visible()
    page.unroute("**/query")
    expect(page.locator("footnote-turn")).to_contain_text("only what is open to all was searched")
    answered(page, "What is the next Beta called?")
    expect(page.locator("footnote-turn").last).not_to_contain_text("open to all")


def test_a_key_that_may_not_is_told_what_is_missing(open_page, mixed):
    service, keys = mixed
    page = open_page(service, "#/docs")
    page.get_by_role("button", name="Use a key").click()
    give(page, new_key(keys))
    page.get_by_label("Collection").select_option("beta (2)")
    page.get_by_role("button", name="Generations").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "The scope `ingest` is needed here, and this key has `ask`, `feedback`, `read`, `search`"
    )
    expect(dialog).not_to_contain_text("not the right one")
    expect(dialog).not_to_contain_text("the admin key")
    page.keyboard.press("Escape")
    expect(page.locator(".view .note")).to_contain_text(re.compile("the scope `ingest` is needed here", re.I))
    expect(page.locator(".facts")).to_contain_text("2 pages")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()  # it is good for the rest


def test_what_is_hidden_leaves_no_gap_and_nothing_loads_behind_a_dialog(open_page, mixed):
    page = open_page(mixed[0], "#/docs")
    expect(page.locator(".facts")).to_contain_text(re.compile("Folder\\s*read as markdown"))
    page.get_by_role("link", name="Gaps").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".view .waiting")).to_have_count(0)
