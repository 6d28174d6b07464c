"""Views of cited pages and saved answers in a browser: no script of their own, for everybody."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS, GuideIndex
from tests.page.test_access import SCHEMES, active, assert_no_axe
from tests.serving import Running, Serve

VIEW = "view/configuration.md?generation=1&lines=16-17#L16"


class Saving(NamedTuple):
    service: Running
    path: str  # of a saved answer


@pytest.fixture(scope="module")
def saving(serve: Serve, guide_index: GuideIndex, tmp_path_factory: pytest.TempPathFactory) -> Saving:
    index_dir = shutil.copytree(guide_index.index_dir, tmp_path_factory.mktemp("saving") / "index")
    docs_dir = Path(shutil.copytree(CORPUS, index_dir.parent / "docs"))
    service = serve(index_dir=index_dir, docs_dir=docs_dir, saved_answers="true", reranker="bundled")
    service.serves(1)
    _, _, answer = service.request("POST", "/query", {"question": "Which port does Relay listen on?"})
    status, _, saved = service.request("POST", "/answers", answer)
    assert status == 201
    page = docs_dir / answer["citations"][0]["path"]
    page.write_text(page.read_text("utf-8").replace("7070", "9090"), "utf-8")
    return Saving(service, saved["path"].removeprefix("/"))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(guide, saving, open_page, scheme, width):
    window = {"color_scheme": scheme, "viewport": {"width": width, "height": 740}}
    for service, at in ((guide, VIEW), (guide, "view/index.md"), (saving.service, saving.path)):
        page = open_page(service, at, **window)
        assert_no_axe(page)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_cited_line_is_in_sight_without_scripts(guide, open_page, width):
    page = open_page(guide, VIEW, java_script_enabled=False, viewport={"width": width, "height": 500})
    expect(page.locator("#L16")).to_be_in_viewport()
    expect(page.locator("li.cited")).to_have_count(2)
    expect(page.locator("article mark").first).to_contain_text("RELAY_HOST")


def test_the_keyboard_comes_first_to_what_is_cited(guide, open_page):
    page = open_page(guide, VIEW.partition("#")[0], viewport={"width": 800, "height": 400})
    page.keyboard.press("Tab")
    assert active(page) == "Skip to the cited lines"
    page.keyboard.press("Enter")
    expect(page.locator("#cited")).to_be_in_viewport()


def test_a_saved_answer_shows_what_changed(saving, open_page):
    page = open_page(saving.service, saving.path, java_script_enabled=False)
    expect(page.locator(".fate")).to_contain_text("changed: the docs say it otherwise now")
    expect(page.locator(".removed")).to_contain_text("7070")
    expect(page.locator(".added")).to_contain_text("9090")
    page.get_by_role("link", name="configuration.md").first.click()
    expect(page.locator("article mark").first).to_contain_text("RELAY_PORT")
