"""What docs and language models write stays text: no script of theirs runs, nothing is loaded for them."""

import tomllib

import pytest
from playwright.sync_api import expect

from tests.page.conftest import answered
from tests.serving import KEY, ROOT

ATTACKS = """\
# <img src=x onerror="window.hacked=1"> Relay <script>window.hacked=2</script>

Relay listens on port 7070 <svg onload=window.hacked=3>. [click](javascript:window.hacked=4) here.

<iframe srcdoc="<script>parent.hacked=5</script>"></iframe>

![x](https://attacker.example/pixel.png) <style>body{background:url(https://attacker.example/a)}</style>

<a href="javascript:window.hacked=6" onmouseover="window.hacked=7">port</a>
{{constructor.constructor('window.hacked=8')()}} ${window.hacked=9}

[relay]: https://attacker.example/ "x"

| Port | <b onclick="window.hacked=10">x</b> |
|---|---|
| 7070 | <math><mtext><table><mglyph><style><img src=x onerror=window.hacked=11> |
"""
DEEP = "> " * 3000 + "deep\n"
INERT = """() => {
  const root = document.querySelector('footnote-ask').shadowRoot;
  const wrong = root.querySelectorAll(
    'script, style, link, img, iframe, object, embed, form[action], [onerror], [onload], [onclick]');
  const links = [...root.querySelectorAll('a[href]')].map((link) => link.protocol);
  return {
    hacked: window.hacked ?? null,
    wrong: [...wrong].map((one) => one.outerHTML),
    links: links.filter((one) => !/^(https?|mailto):$/.test(one)),
  };
}"""
CLEAN = {"hacked": None, "wrong": [], "links": []}


def test_what_a_language_model_writes_is_inert(written, llm, open_page):
    llm.text = ATTACKS + "\n[1]"
    page = open_page(written)
    answered(page, "Which port <img src=x onerror=window.hacked=12>?")
    page.wait_for_timeout(300)
    assert page.evaluate(INERT) == CLEAN
    assert "<img src=x onerror=window.hacked=12>" in page.locator(".question").inner_text()


def test_a_hostile_answer_is_inert_even_if_the_service_lets_it_through(guide, open_page):
    """The page does not rely on what the service takes out."""
    page = open_page(guide)

    def hostile(route):
        response = route.fetch()
        body = response.text().replace("7070", "7070 \\n\\n" + ATTACKS.replace('"', '\\"').replace("\n", "\\n"))
        route.fulfill(response=response, body=body)

    page.route("**/query", hostile)
    answered(page)
    page.wait_for_timeout(300)
    assert "onerror" in page.locator(".prose").inner_text()
    assert page.evaluate(INERT) == CLEAN


INJECTIONS = [
    page
    for file in sorted((ROOT / "bench/injections").glob("*.toml"))
    for page in tomllib.loads(file.read_text("utf-8"))["page"]
    if page.get("html")
]


def test_pages_that_carry_attacks_are_inert_where_they_are_quoted_and_read(serve_all, write_docs, tmp_path, open_page):
    docs = write_docs(tmp_path / "docs", {f"{page['id']}.md": page["text"] for page in INJECTIONS})
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY, min_rerank_score=-99, strictness=0)
    service.request("POST", "/ingest", headers={"Authorization": f"Bearer {KEY}"})
    service.serves(1)
    page = open_page(service)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for attack in INJECTIONS:
        answered(page, attack["question"])
        page.locator("footnote-turn").last.locator(".chip, .nearest button").first.click()
        expect(page.locator(".reader .line.quoted").first).to_be_visible()
        page.get_by_role("button", name="As a page").click()
        expect(page.locator(".reader .page")).to_be_visible()
        assert page.evaluate(INERT) == CLEAN
        page.get_by_role("button", name="Lines", exact=True).click()
    service.stop()


def test_a_hostile_page_is_inert_where_it_is_read(serve_all, write_docs, tmp_path, open_page):
    page_text = ATTACKS + "\nRelay listens on port 7070 by default.\n\n" + DEEP
    titled = f"---\ntitle: {ATTACKS[:60]!r}\n---\n# B\n\nText.\n"
    docs = write_docs(tmp_path / "docs", {'a "><img src=x>.md': page_text, "b.md": titled})
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY)
    service.request("POST", "/ingest", headers={"Authorization": f"Bearer {KEY}"})
    service.serves(1)
    page = open_page(service)
    answered(page)
    page.locator(".prose .chip").first.click()
    expect(page.locator(".reader .badge-verified")).to_be_visible()
    assert page.evaluate(INERT) == CLEAN
    page.get_by_role("button", name="As a page").click()
    page.wait_for_timeout(300)
    assert page.evaluate(INERT) == CLEAN
    page.get_by_role("link", name="Docs").click()
    expect(page.locator(".facts")).to_be_visible()
    assert page.evaluate(INERT) == CLEAN
    service.stop()
