"""The widget on a page of another origin, with a policy of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS
from tests.page.conftest import PORT, answered

PAGE = """<!doctype html><html lang="en"><head><title>Handbook</title>
<script type="module" src="{service}widget.js"></script></head>
<body><main><h1>Handbook</h1><p>Text / of ? n the page</p><input aria-label="Search">{element}</main></body></html>"""


@contextmanager
def site(service_url: str, element: str) -> Iterator[str]:
    """A site that embeds the widget and allows nothing but that; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(service=self.server.service_url, element=self.server.element).encode()
            origin = self.server.service_url.rstrip("/")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; script-src {origin}; connect-src {origin}; style-src 'none'; img-src 'self'; "
                "require-trusted-types-for 'script'",
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.service_url, server.element = service_url, element
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def embedded(serve_all, guide_index):
    """A site and a service that allows it."""
    with site("", "") as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        service = serve_all(
            index_dir=guide_index.index_dir,
            docs_dir=CORPUS,
            allowed_origins=origin,
            suggested_questions=f"{PORT}|How do I restore a backup?",
        )
        service.serves(1)
        server.service_url = f"http://127.0.0.1:{service.port}/"
        yield service, server
        service.stop()


def visit(open_page, service, server, element):
    server.element = element
    page = open_page(service, other_hosts=frozenset({f"127.0.0.1:{server.server_port}"}))
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    return page


def test_the_side_panel_asks_and_verifies_from_another_origin(embedded, open_page):
    service, server = embedded
    page = visit(open_page, service, server, '<footnote-ask mode="sidepanel" label="Ask the handbook"></footnote-ask>')
    page.get_by_role("button", name="Ask the handbook").click()
    panel = page.get_by_role("dialog", name="Ask the handbook")
    expect(panel.get_by_role("textbox").first).to_be_focused()
    expect(panel.locator(".suggestion")).to_have_text([PORT, "How do I restore a backup?"])
    page.evaluate("document.querySelector('footnote-ask').style.letterSpacing = '3px'")
    assert panel.locator("h1").evaluate("one => getComputedStyle(one).letterSpacing") == "normal"
    panel.locator(".suggestion").first.click()
    panel.locator(".prose .chip").first.click()
    expect(panel.locator(".reader .badge-verified")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel.locator(".reader")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Ask the handbook")).to_be_focused()


def test_it_stands_in_the_page_and_is_narrowed_and_leaves_the_pages_keys_alone(embedded, open_page):
    service, server = embedded
    element = f'<footnote-ask server="{server.service_url}" mode="inline" path="guides/"></footnote-ask>'
    page = visit(open_page, service, server, element)
    expect(page.locator(".narrowed")).to_contain_text("guides/")
    page.get_by_label("Search", exact=True).focus()
    page.keyboard.type("n?/")
    assert page.get_by_label("Search", exact=True).input_value() == "n?/"
    page.locator("h1").first.click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") != "FOOTNOTE-ASK"
    answered(page, "How do I restore a backup?")
    assert all(path.startswith("guides/") for path in page.locator(".sources .path").all_inner_texts())


def test_a_site_that_is_not_allowed_gets_nothing(guide, embedded, browser):
    _, server = embedded
    allowed = server.service_url
    server.service_url, server.element = f"http://127.0.0.1:{guide.port}/", "<footnote-ask></footnote-ask>"
    window = browser.new_context()
    page = window.new_page()
    refused = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_load_state("networkidle")
    assert refused == [f"{server.service_url}widget.js"]
    assert page.evaluate("document.querySelector('footnote-ask').shadowRoot") is None
    window.close()
    server.service_url = allowed
