"""A real browser, and real services that it asks."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.conftest import CORPUS, GuideIndex
from tests.fake_llm import FakeLLM, run_fake_llm
from tests.serving import KEY, Running, Serve, services, until

AXE = Path(__file__).parents[2] / "app/page/node_modules/axe-core/axe.min.js"
PORT = "Which port does Relay listen on?"
OpenPage = Callable[..., Page]
# Told by the browser: what the policy refused, and what an attack would set.
WATCH = """
window.refused = [];
addEventListener('securitypolicyviolation', (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.web)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; as root it has no sandbox."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: `make test-web` installs it"
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def watched(page: Page, allowed: set[str]) -> Iterator[Page]:
    """The page; at its end no script of it failed, its policy refused nothing, and no other host was asked."""
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.add_init_script(WATCH)
    yield page
    assert page.evaluate("window.refused") == []
    assert errors == []
    assert hosts - {""} <= allowed


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page of a service in a window of its own, `at` a view, and holds it to be well-behaved."""
    ends: list[Callable[[], object]] = []

    def open_(
        service: Running, at: str = "", other_hosts: frozenset[str] = frozenset(), script: str = "", **context: object
    ) -> Page:
        window = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **context})  # type: ignore[arg-type]
        page = window.new_page()
        page.set_default_timeout(20_000)
        if script:
            page.add_init_script(script)
        watching = watched(page, {f"127.0.0.1:{service.port}", *other_hosts})
        watching.__enter__()
        ends.append(lambda: (watching.__exit__(None, None, None), window.close()))
        page.goto(f"http://127.0.0.1:{service.port}/{at}")
        return page

    yield open_
    for end in ends:
        end()


@pytest.fixture(scope="session")
def serve_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """As `serve`, for services that all tests ask."""
    with services(lambda: tmp_path_factory.mktemp("service")) as start:
        yield start


@pytest.fixture(scope="session")
def guide(serve_all: Serve, guide_index: GuideIndex) -> Running:
    """A service that quotes tests/corpus, with the bundled models and an admin key; read it, never ingest into it."""
    service = serve_all(index_dir=guide_index.index_dir, docs_dir=CORPUS, reranker="bundled", admin_key=KEY)
    service.serves(1)
    return service


@pytest.fixture(scope="session")
def scripted() -> Iterator[FakeLLM]:
    with run_fake_llm() as fake:
        yield fake


@pytest.fixture
def llm(scripted: FakeLLM) -> Iterator[FakeLLM]:
    """What writes the answers of `written`; as new for each test."""
    fresh = FakeLLM(base_url=scripted.base_url)
    scripted.__dict__.update({name: value for name, value in vars(fresh).items() if name != "base_url"})
    yield scripted
    scripted.go_on.set()


@pytest.fixture(scope="session")
def written(serve_all: Serve, guide_index: GuideIndex, scripted: FakeLLM) -> Running:
    """A service whose answers the scripted language model writes; nothing is kept."""
    service = serve_all(
        index_dir=guide_index.index_dir,
        docs_dir=CORPUS,
        llm_base_url=scripted.base_url,
        llm="openai:gpt-4o",
        llm_api_key="none",
        answer_cache=0,
    )
    service.serves(1)
    return service


def ask(page: Page, question: str = PORT) -> None:
    """Type a question and send it."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, question: str = PORT) -> None:
    """The same, and wait for the end of the answer."""
    ask(page, question)
    expect(page.get_by_role("button", name="Copy", exact=True).last).to_be_visible()


def assert_no_axe(page: Page) -> None:
    """Axe-core finds nothing, of any severity."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]] == []


def held_one(page: Page, held: list[Route]) -> Route:
    """The request that a route holds, once the page has sent it."""
    until(lambda: page.wait_for_timeout(20) or held, "a request")
    return held[0]
