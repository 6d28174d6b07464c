"""Check: from a chip to the lines that are cited, and what the browser itself finds there."""

import hashlib
import json
import shutil

from playwright.sync_api import expect

from footnote.app.core.settings import load_settings
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS
from tests.page.conftest import PORT, answered, assert_no_axe
from tests.serving import KEY, until

NO_SUBTLE = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"


def reader_of(page):
    return page.get_by_role("complementary", name="Source")


def test_a_chip_opens_the_cited_lines_and_the_browser_verifies_them(guide, open_page):
    page = open_page(guide)
    with page.expect_response("**/query") as response:
        answered(page)
    done = response.value.text().rpartition("data: ")[2]
    citation = json.loads(done)["citations"][0]
    chip = page.locator(".prose .chip").first
    chip.click()
    reader = reader_of(page)
    expect(reader.locator(".badge-verified")).to_have_text("verified here")
    expect(page.locator(".sources .badge")).to_have_text("verified here")
    marked = "\n".join(reader.locator("mark").all_inner_texts())
    assert marked.split() == citation["quote"].split()
    first = reader.locator(".line.quoted .at").first.inner_text()
    assert int(first) == citation["start_line"]
    reader.locator(".proof summary").click()
    bytes_ = (CORPUS / citation["path"]).read_bytes()[citation["start"] : citation["end"]]
    expect(reader.locator(".hash")).to_have_text(hashlib.sha256(bytes_).hexdigest())
    reader.get_by_role("button", name="As a page").click()
    assert citation["quote"].split()[0].strip("#*`") in reader.locator(".page .quoted").first.inner_text()
    page.keyboard.press("Escape")
    expect(reader).to_have_count(0)
    assert page.evaluate("document.querySelector('footnote-ask').shadowRoot.activeElement.className").startswith("chip")


def test_the_whole_page_is_opened_at_the_cited_lines(guide, open_page):
    page = open_page(guide)
    answered(page)
    page.locator(".prose .chip").first.click()
    with page.context.expect_page() as opened:
        reader_of(page).get_by_role("link", name="Whole page").click()
    whole = opened.value
    whole.wait_for_load_state()
    lines = reader_of(page).locator(".line.quoted .at").first.inner_text()
    assert whole.url.endswith(f"#L{lines}")
    expect(whole.locator(f"#L{lines}")).to_be_visible()
    assert "configuration.md" in whole.inner_text("body")
    assert_no_axe(whole)


def test_a_byte_that_was_changed_differs(guide, open_page):
    page = open_page(guide)

    def tampered(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.body().replace(b"7070", b"7071"))

    page.route("**/files/**", tampered)
    answered(page)
    page.locator(".prose .chip").first.click()
    reader = reader_of(page)
    expect(reader.locator(".badge")).to_have_text("differs")
    expect(reader).to_contain_text("The page does not hold the quote at these bytes.")
    assert reader.locator(".difference del").inner_text() == "0"
    assert reader.locator(".difference ins").inner_text() == "1"
    expect(page.locator(".prose .chip.differs").first).to_be_visible()


def test_without_a_secure_context_the_bytes_are_compared_and_no_hash_is_claimed(guide, open_page):
    page = open_page(guide, script=NO_SUBTLE)
    answered(page)
    page.get_by_role("button", name="Check sources").click()
    expect(page.locator(".sources .badge").first).to_have_text("same bytes")
    page.locator(".prose .chip").first.click()
    reader_of(page).locator(".proof summary").click()
    expect(reader_of(page)).to_contain_text("the hash was not checked")


def test_a_page_that_cannot_be_had_is_not_called_verified(guide, open_page):
    page = open_page(guide)
    page.route("**/files/**", lambda route: route.fulfill(status=404, body="gone"))
    answered(page)
    page.locator(".prose .chip").first.click()
    expect(reader_of(page).locator(".badge")).to_have_text("not checked")
    expect(reader_of(page).locator("blockquote")).to_contain_text("7070")


def test_an_answer_that_is_shared_tells_whether_it_still_holds(serve_all, write_docs, tmp_path, open_page):
    docs = write_docs(tmp_path / "docs", {"ports.md": "# Ports\n\nRelay listens on port 7070.\n"})
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY, saved_answers="true")
    service.request("POST", "/ingest", headers={"Authorization": f"Bearer {KEY}"})
    service.serves(1)
    page = open_page(service, permissions=["clipboard-read", "clipboard-write"])
    answered(page)
    page.get_by_role("button", name="Share").click()
    link = page.get_by_role("link", name="/a/")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == address
    shared = open_page(service, address.removeprefix(f"http://127.0.0.1:{service.port}/"))
    assert PORT in shared.inner_text("body") and "7070" in shared.inner_text("body")
    assert_no_axe(shared)
    write_docs(docs, {"ports.md": "# Ports\n\nRelay listens on port 8080.\n"})
    shared.reload()
    assert "8080" in shared.inner_text("body")
    assert_no_axe(shared)
    service.stop()


def test_without_saved_answers_nothing_can_be_shared(guide, open_page):
    page = open_page(guide)
    answered(page)
    expect(page.get_by_role("button", name="Share")).to_have_count(0)


def test_two_windows_while_the_docs_change(serve_all, write_docs, tmp_path, open_page):
    """The answer of the old generation is verified against it, the new one answers from the new."""
    docs = write_docs(tmp_path / "docs", {"ports.md": "# Ports\n\nRelay listens on port 7070.\n"})
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY)
    status, _, body = service.request("POST", "/ingest", headers={"Authorization": f"Bearer {KEY}"})
    assert status == 202, body
    service.serves(1)
    before, after = open_page(service), open_page(service, "#/docs")
    answered(before)
    expect(before.locator(".prose")).to_contain_text("7070")
    write_docs(docs, {"ports.md": "# Ports\n\nSince May, Relay listens on port 8080.\n"})
    after.get_by_role("button", name="Ingest now").click()
    after.get_by_label("Key", exact=True).fill(KEY)
    after.keyboard.press("Enter")
    expect(after.get_by_text("Generation 2 is live.")).to_be_visible()
    expect(after.locator(".facts dd").first).to_contain_text("2, built")
    until(lambda: service.generation() == 2)
    before.locator(".prose .chip").first.click()
    expect(reader_of(before).locator(".badge")).to_have_text("verified here, changed since")
    reader_of(before).locator(".proof summary").click()
    expect(reader_of(before)).to_contain_text("Generation 2, which is live, does not hold the quote any more.")
    answered(before, "On which port does Relay listen now?")
    expect(before.locator(".prose").last).to_contain_text("8080")
    write_docs(docs, {"new.md": "# New\n"})
    after.get_by_role("button", name="What changed?").click()
    expect(after.locator(".view")).to_contain_text("In the folder since: added new.md")
    expect(after.locator(".view")).to_contain_text("Since generation 1: changed ports.md")
    after.get_by_role("button", name="Generations").click()
    after.get_by_role("button", name="Make live").click()
    expect(after.locator(".facts dd").first).to_contain_text("1, built")
    expect(after.get_by_text("Generation 1 is live.")).to_be_visible()
    service.stop()


def test_deletions_are_held_and_can_be_meant(serve_all, write_docs, tmp_path, open_page):
    docs = write_docs(tmp_path / "docs", {f"p/{n}.md": f"# Page {n}\n\nThe zebra of page {n}.\n" for n in range(12)})
    write_docs(docs, {"stays.md": "# Stays\n\nPort 7070.\n"})
    ingest(load_settings(None, docs_dir=docs, index_dir=tmp_path / "index"), lambda *_: None)
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY)
    service.serves(1)
    shutil.rmtree(docs / "p")
    page = open_page(service, "#/docs")
    page.get_by_role("button", name="What changed?").click()
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    held = "12 of the 13 files of the index would be removed"
    expect(page.get_by_role("status").filter(has_text=held)).to_be_visible()
    page.get_by_role("button", name="Ingest now").click()
    expect(page.get_by_role("alert")).to_contain_text(held)
    assert_no_axe(page)
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_text("Generation 2 is live.")).to_be_visible()
