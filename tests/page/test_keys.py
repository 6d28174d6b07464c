"""The page and the widget where the service asks for a key."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Grant
from tests.conftest import CORPUS
from tests.page.conftest import PORT, answered
from tests.page.test_widget import site, visit


@pytest.fixture(scope="module")
def index(guide_index, tmp_path_factory) -> Path:
    return Path(shutil.copytree(guide_index.index_dir, tmp_path_factory.mktemp("keys") / "index"))


@pytest.fixture(scope="module")
def kept(serve_all, index):
    """A service that asks for keys."""
    service = serve_all(index_dir=index, docs_dir=CORPUS, auth="keys")
    service.serves(1)
    return service


def new_key(index, *origins):
    keys = KeyStore(index)
    _, key = keys.create(NewKey("reader", Grant(READER_SCOPES), None, frozenset(origins) or None))
    keys.close()
    return key


def test_the_page_asks_for_a_key_and_takes_it_to_the_pages_that_it_leads_to(open_page, kept, index):
    page = open_page(kept)
    page.get_by_label("Key", exact=True).fill("fn_not-a-key")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That key was not the right one.")).to_be_visible()
    page.get_by_label("Key", exact=True).fill(new_key(index))
    page.keyboard.press("Enter")
    answered(page)
    page.locator(".prose .chip").first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("complementary", name="Source").get_by_role("link").first.click()
    expect(opened.value.locator("#lines")).to_be_visible()
    assert page.evaluate("document.cookie") == ""  # no script can read it


def test_a_widget_asks_with_the_key_of_its_element(open_page, kept, index):
    with site(f"http://127.0.0.1:{kept.port}/", "") as server:
        key = new_key(index, f"http://127.0.0.1:{server.server_port}")
        page = visit(open_page, kept, server, f'<footnote-ask mode="inline" key="{key}"></footnote-ask>')
        answered(page, PORT)
