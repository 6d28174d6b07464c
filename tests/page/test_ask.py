"""Ask: answers as they are written, what of them is proved, and what a reader does with them."""

import re
import signal

import pytest
from playwright.sync_api import Route, expect

from footnote.app.questions.question_log import QuestionLog
from tests.conftest import CORPUS
from tests.page.conftest import PORT, answered, ask, held_one
from tests.serving import KEY, until

WRITTEN = "Relay listens on port 7070 [1]. It costs 5 dollars. Cats like it [1]."


def test_a_new_reader_is_shown_what_to_ask_and_gets_an_answer_with_its_source(guide, open_page):
    page = open_page(guide)
    expect(page.get_by_role("heading", name="Ask the docs")).to_be_visible()
    suggestions = page.get_by_role("group", name="Suggested questions").get_by_role("button")
    expect(suggestions.first).to_be_visible()
    assert suggestions.count() >= 3
    suggestions.first.click()
    expect(page.locator(".sources li").first).to_be_visible()
    expect(page.locator(".prose .chip").first).to_be_visible()
    question = page.locator(".question").inner_text()
    page.get_by_role("button", name="New conversation").click()
    page.reload()
    page.get_by_text("Earlier conversations").click()
    page.locator(".earlier").get_by_role("button", name=question).click()
    expect(page.locator(".prose .chip").first).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("Earlier conversations").click()
    page.get_by_role("button", name="Forget them").click()
    expect(page.get_by_text("Earlier conversations")).to_have_count(0)


def test_each_sentence_is_shown_as_soon_as_it_is_checked_and_nothing_before(written, llm, open_page):
    llm.text, llm.pause_at = WRITTEN, 12
    page = open_page(written)
    page.evaluate("""() => {
      window.seen = '';
      const root = document.querySelector('footnote-ask').shadowRoot;
      const look = () => { window.seen += root.querySelector('.turns').innerText; };
      new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
    }""")
    ask(page)
    expect(page.locator(".prose")).to_contain_text("Relay listens on port 7070")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert "Cats" not in page.locator(".turns").inner_text()
    assert "5 dollars" not in page.locator(".turns").inner_text()
    llm.go_on.set()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    expect(page.locator(".prose .soft").first).to_have_text("Cats like it ")
    verdict = page.locator(".prose .verdict")
    expect(verdict).to_have_attribute("aria-label", re.compile("^Not verified: "))
    assert "5 dollars" not in page.evaluate("window.seen")
    dropped = page.locator("details.dropped")
    expect(dropped.locator("summary")).to_have_text("1 sentence left out: the docs do not support it")
    dropped.locator("summary").click()
    expect(dropped).to_contain_text("It costs 5 dollars.")


def test_quotes_in_place_of_a_model_that_fails_say_so(written, llm, open_page):
    llm.status, llm.error = 401, "<b>wrong</b> key"
    page = open_page(written)
    ask(page)
    note = page.locator(".note")
    expect(note).to_contain_text("The language model openai:gpt-4o failed")
    expect(note).to_contain_text("<b>wrong</b> key")
    expect(note).to_contain_text("These are quotes of the docs instead.")
    expect(page.locator(".prose")).to_contain_text("7070")
    expect(page.locator(".prose .chip").first).to_be_visible()


def test_an_answer_is_stopped_at_the_language_model_too(written, llm, open_page):
    llm.text, llm.pause_at = WRITTEN, 8
    page = open_page(written)
    ask(page)
    expect(page.locator(".prose")).to_contain_text("7070")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped: the answer is not complete.")).to_be_visible()
    assert llm.hung_up.wait(20)
    llm.pause_at = None
    answered(page, "And which address?")


def test_a_follow_up_carries_the_turns_before_it(written, llm, open_page):
    llm.text = "Relay listens on port 7070 [1]."
    page = open_page(written)
    answered(page)
    with page.expect_request("**/query") as sent:
        ask(page, "And on Windows?")
    body = sent.value.post_data_json
    assert body["question"] == "And on Windows?"
    assert body["history"] == [{"question": PORT, "answer": "Relay listens on port 7070 [1]."}]
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".asked-as")).to_contain_text("Read as:")


@pytest.mark.parametrize("height", [640, 860, 1200])
def test_nothing_moves_under_the_pointer_while_the_page_loads(guide, open_page, height):
    page = open_page(guide, viewport={"width": 1280, "height": height})
    held: list[Route] = []
    page.route("**/overview", lambda route: held.append(route))
    page.reload()
    choose = page.get_by_role("button", name="Choose where to search")
    before = choose.bounding_box()
    held_one(page, held).continue_()
    expect(page.locator(".suggestion").first).to_be_visible()
    assert choose.bounding_box() == before


def test_a_question_is_narrowed_to_a_folder_and_tags(guide, open_page):
    page = open_page(guide)
    page.get_by_role("button", name="Choose where to search").click()
    page.get_by_label("Folder").select_option("guides/")
    with page.expect_request("**/query") as sent:
        answered(page, "How do I restore a backup?")
    assert sent.value.post_data_json["filters"]["path"] == "guides/"
    assert all(path.startswith("guides/") for path in page.locator(".sources .path").all_inner_texts())
    expect(page.locator(".narrowed")).to_contain_text("guides/")
    page.get_by_role("button", name="Search everything").click()
    expect(page.locator(".narrowed")).to_have_count(0)


def test_an_answer_is_copied_and_a_conversation_exported_with_the_sources(guide, open_page):
    page = open_page(guide, permissions=["clipboard-read", "clipboard-write"])
    answered(page)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    path = page.locator(".sources .path").first.inner_text()
    assert "7070" in copied and f"[1] {path}, generation 1, sha256 " in copied
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    text = saved.value.path().read_text("utf-8")
    assert text == f"## {PORT}\n\n{copied}"


def test_what_a_reader_says_of_an_answer_is_kept(guide, guide_index, open_page):
    page = open_page(guide)
    answered(page)
    page.get_by_role("button", name="This did not help").click()
    page.get_by_label("What should they know?").fill("It names no host.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("it is kept for those who write the docs")).to_be_visible()
    kept = [one for one in QuestionLog(guide_index.index_dir, 90).read() if one.comment == "It names no host."]
    assert [(one.kind, one.question) for one in kept] == [("unhelpful", PORT)]


def test_a_new_question_comes_to_the_top_and_no_form_lies_behind_the_composer(guide, open_page):
    page = open_page(guide)
    page.set_viewport_size({"width": 1280, "height": 720})
    for _ in range(3):
        answered(page)
    last = page.locator("footnote-turn").last
    page.wait_for_function("() => document.scrollingElement.scrollTop > 200")
    until(lambda: 0 < last.locator(".question").bounding_box()["y"] < 200)
    last.get_by_role("button", name="This did not help").click()
    send = last.get_by_role("button", name="Send")
    expect(send).to_be_in_viewport()
    below, composer = send.bounding_box(), page.locator("footnote-composer").bounding_box()
    assert below["y"] + below["height"] <= composer["y"] + 16  # its upper edge is a gradient


def test_a_question_that_is_too_long_is_asked_whole_and_refused(guide, open_page):
    page = open_page(guide)
    ask(page, "Which port does Relay listen on? " * 80)
    expect(page.get_by_role("alert")).to_contain_text("FOOTNOTE_MAX_QUESTION_CHARS allows 2,000")


def test_a_refusal_leads_to_the_nearest_sections_and_to_a_gap(guide, open_page):
    question = "Who won the cup in 1998?"
    page = open_page(guide)
    ask(page, question)
    expect(page.get_by_text("The docs do not say.", exact=True)).to_be_visible()
    page.locator(".nearest button").first.click()
    reader = page.get_by_role("complementary", name="Source")
    expect(reader.locator(".line.quoted").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tell those who write the docs").click()
    page.get_by_label("What did you expect to find?").fill("The winner.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("it is kept for those who write the docs")).to_be_visible()
    page.get_by_role("link", name="Gaps").click()
    page.get_by_label("Key", exact=True).fill("not-the-right-key-0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That key was not the right one.")).to_be_visible()
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    gap = page.locator(".gap", has_text=question)
    expect(gap).to_contain_text("“The winner.”")
    gap.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("1 question still not answered.")).to_be_visible()
    gap.get_by_role("button", name="Dismiss").click()
    expect(gap).to_have_count(0)


def test_a_real_language_model_answers(serve_all, guide_index, base_url, open_page):
    small = {"llm_prompt": "compact", "llm_max_tokens": 24, "top_k": 1}
    model = {"llm_base_url": base_url, "llm": "openai:gpt-4o", "llm_api_key": "none"}
    service = serve_all(index_dir=guide_index.index_dir, docs_dir=CORPUS, **model, **small)
    service.serves(1)
    page = open_page(service)
    page.set_default_timeout(60_000)
    answered(page)
    assert page.locator(".prose, .refusal").first.inner_text().strip()
    service.stop()


def test_a_service_that_goes_away_in_mid_answer_is_said_and_asked_again(serve_all, guide_index, llm, open_page):
    settings = {
        "index_dir": guide_index.index_dir,
        "docs_dir": CORPUS,
        "llm_base_url": llm.base_url,
        "llm": "openai:gpt-4o",
        "llm_api_key": "none",
    }
    service = serve_all(**settings)
    service.serves(1)
    llm.text, llm.pause_at = WRITTEN, 8
    page = open_page(service)
    ask(page)
    expect(page.locator(".prose")).to_contain_text("7070")
    service.stop(signal.SIGKILL)
    expect(page.get_by_role("alert").first).to_contain_text("The connection broke before the answer was complete.")
    ask(page, "Which port?")
    expect(page.get_by_role("alert").last).to_contain_text("There is no answer from http://127.0.0.1")
    llm.go_on.set()
    again = serve_all("--port", str(service.port), **settings)
    again.serves(1)
    page.get_by_role("button", name="Ask again").first.click()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    again.stop()


def test_a_service_that_asks_for_a_key_gets_it_from_the_reader_once(guide, open_page):
    """As behind a proxy that wants a bearer token."""
    page = open_page(guide)
    sent = []

    def guarded(route):
        key = route.request.headers.get("authorization")
        sent.append(key)
        if key == "Bearer open sesame":
            route.continue_()
        else:
            route.fulfill(status=401, json={"type": "urn:x:unauthorized", "title": "Unauthorized", "detail": "no key"})

    page.route("**/query", guarded)
    ask(page)
    expect(page.get_by_role("dialog", name="Use a key")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text("The service asks for a key.")
    page.get_by_role("button", name="Ask again").click()
    page.get_by_label("Key", exact=True).fill("open sesame")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    answered(page, "And which address?")
    assert sent == [None, None, "Bearer open sesame", "Bearer open sesame"]


def test_a_page_that_is_opened_too_early_waits_for_the_index(serve_all, write_docs, tmp_path, open_page):
    docs = write_docs(tmp_path / "docs", {"ports.md": "# Ports\n\nRelay listens on port 7070.\n"})
    service = serve_all(docs_dir=docs, index_dir=tmp_path / "index", admin_key=KEY)
    page = open_page(service)
    expect(page.get_by_role("alert")).to_contain_text("run `footnote ingest`")
    service.request("POST", "/ingest", headers={"Authorization": f"Bearer {KEY}"})
    expect(page.get_by_role("alert")).to_have_count(0)
    answered(page)
    expect(page.locator(".prose")).to_contain_text("7070")
    service.stop()
