"""For everybody: keyboard alone, screen readers, both colour schemes, small windows, text from right to left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import PORT, answered, assert_no_axe
from tests.serving import KEY, until

ACTIVE = """(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  %s
})()"""
WRITTEN = """\
## Ports

Relay listens on port 7070 [1]. It costs 5 dollars. Cats like it [1].

| a | b |
|---|---|
| 1 | 2 |

```yaml
key: 'text' # why
```
"""
SCHEMES = ["light", "dark"]


def active(page: Page) -> str:
    """What has the focus: its label, else its text."""
    return page.evaluate(ACTIVE % "return at.getAttribute('aria-label') ?? at.innerText;")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_where_questions_are_asked(guide, written, llm, open_page, scheme):
    page = open_page(guide, color_scheme=scheme)
    expect(page.locator(".suggestion").first).to_be_visible()
    assert_no_axe(page)
    page.get_by_role("button", name="Choose where to search").click()
    assert_no_axe(page)
    answered(page)
    assert_no_axe(page)
    page.locator(".prose .chip").first.click()
    expect(page.locator(".reader .badge-verified")).to_be_visible()
    page.locator(".proof summary").click()
    assert_no_axe(page)
    page.get_by_role("button", name="As a page").click()
    assert_no_axe(page)
    page.get_by_role("button", name="Close the source").click()
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".why")).to_be_visible()
    page.get_by_role("button", name="This did not help").click()
    assert_no_axe(page)
    answered(page, "Who won the cup in 1998?")
    assert_no_axe(page)
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_no_axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_answers_with_verdicts_and_failures(written, llm, open_page, scheme):
    llm.text = WRITTEN
    page = open_page(written, color_scheme=scheme)
    answered(page)
    page.locator("details.dropped summary").click()
    page.route("**/files/**", lambda route: route.fulfill(body="something else"))
    page.get_by_role("button", name="Check sources").click()
    expect(page.locator(".badge-differs").first).to_be_visible()
    page.locator(".prose .chip").first.click()
    expect(page.locator(".difference")).to_be_visible()
    assert_no_axe(page)
    llm.status = 400
    answered(page)
    expect(page.locator(".note").filter(has_text="These are quotes of the docs instead.")).to_be_visible()
    assert_no_axe(page)
    problem = {"type": "urn:footnote:problem:llm", "title": "LLM", "status": 502, "detail": "it failed"}
    page.route("**/query", lambda route: route.fulfill(status=502, json=problem))
    page.get_by_label("Your question").fill("again?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_no_axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_other_views(guide, open_page, scheme):
    page = open_page(guide, "#/docs", color_scheme=scheme)
    expect(page.locator(".facts")).to_be_visible()
    assert_no_axe(page)
    page.get_by_role("link", name="Evaluation").click()
    expect(page.get_by_role("heading", name="Evaluation")).to_be_visible()
    assert_no_axe(page)
    page.get_by_role("link", name="Gaps").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_no_axe(page)
    page.get_by_label("Key", exact=True).fill(KEY)
    page.keyboard.press("Enter")
    expect(page.locator(".view")).to_contain_text(re.compile("questions?, asked|Nothing was asked"))
    assert_no_axe(page)


def test_everything_is_reached_without_a_mouse(guide, open_page):
    page = open_page(guide)
    expect(page.locator(".suggestion").first).to_be_visible()
    page.keyboard.press("/")
    assert active(page) == "Your question"
    page.keyboard.type(PORT)
    page.keyboard.press("Enter")
    expect(page.locator(".sources li").first).to_be_visible()
    expect(page.locator("[role=status][aria-live]")).to_contain_text(re.compile(r"Answer complete, \d+ source"))
    page.keyboard.press("?")
    assert page.evaluate("document.querySelector('footnote-ask').shadowRoot.activeElement?.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('footnote-ask').shadowRoot.activeElement") is None
    page.get_by_label("Your question").fill("")
    page.keyboard.press("Shift+Tab")
    assert active(page) == "This did not help"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("n")
    reader = page.get_by_role("complementary", name="Source")
    expect(reader.locator(".badge-verified")).to_be_visible()
    until(lambda: active(page).startswith("Source"))
    first = reader.locator("h2 .number").inner_text()
    page.keyboard.press("n")
    count = page.locator(".sources li").count()
    expect(reader.locator("h2 .number")).to_have_text("2" if count > 1 else first)
    page.keyboard.press("p")
    expect(reader.locator("h2 .number")).to_have_text(first)
    page.keyboard.press("Escape")
    expect(reader).to_have_count(0)


def test_esc_closes_what_is_chosen_from(guide, open_page):
    page = open_page(guide)
    button = page.get_by_role("button", name="Choose where to search")
    button.click()
    page.get_by_label("Folder").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Folder")).to_have_count(0)
    expect(button).to_be_focused()


def test_what_is_pressed_as_a_dialog_closes_does_not_open_it_again(guide, open_page):
    page = open_page(guide)
    answered(page)
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    # The browser tells of the close only after what is pressed in the same moment.
    page.evaluate("""
      document.querySelector('footnote-ask').shadowRoot.querySelector('dialog').close();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, composed: true }));
    """)
    expect(page.get_by_role("complementary", name="Source").locator(".badge-verified")).to_be_visible()
    until(lambda: active(page).startswith("Source"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_focus_goes_through_the_page_in_the_order_in_which_it_is_read(guide, open_page):
    page = open_page(guide)
    answered(page)
    page.locator(".brand").focus()
    seen = [active(page)]
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(active(page).split("\n")[0])
    wanted = ["Footnote1", "Ask", "Docs", "Gaps", "Evaluation", "Keyboard", "New conversation", "Export"]
    assert seen[: len(wanted)] == wanted
    assert seen.index("Copy") < seen.index("Check sources") < seen.index("Why?")


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_is_wider_than_the_window(guide, written, llm, open_page, width):
    llm.text = "Relay listens on port 7070 [1]. " + "x" * 300 + " [1].\n\n```\n" + "y" * 300 + "\n```\n"
    page = open_page(written, viewport={"width": width, "height": 720})
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    expect(page.locator(".suggestion").first).to_be_visible()
    assert not page.evaluate(wide)
    answered(page)
    assert not page.evaluate(wide)
    page.locator(".prose .chip").first.click()
    reader = page.get_by_role("complementary", name="Source")
    expect(reader.locator("mark").first).to_be_visible()
    assert not page.evaluate(wide)
    if width == 360:
        assert reader.bounding_box()["width"] == 360
    page.get_by_role("button", name="Close the source").click()
    page.get_by_role("button", name="Why?").click()
    for view in ("Docs", "Evaluation"):
        assert not page.evaluate(wide)
        page.get_by_role("link", name=view).click()


def test_text_from_right_to_left_is_set_so(written, llm, open_page):
    llm.text = "المنفذ هو 7070 [1]."
    direction = "(element) => getComputedStyle(element).direction"
    page = open_page(written)
    answered(page)
    assert page.locator(".prose p").first.evaluate(direction) == "rtl"
    assert page.locator(".question").first.evaluate(direction) == "ltr"
    answered(page, "ما هو المنفذ؟")
    assert page.locator(".question").last.evaluate(direction) == "rtl"


def test_on_paper_only_the_answer_is_left(guide, open_page):
    page = open_page(guide)
    answered(page)
    page.emulate_media(media="print")
    expect(page.locator(".prose").first).to_be_visible()
    expect(page.locator(".sources").first).to_be_visible()
    for part in (".top", ".composer", ".actions"):
        expect(page.locator(part).first).to_be_hidden()
