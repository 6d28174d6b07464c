import pytest

from footnote.app.reading.addresses import bytes_address, link_address, view_address
from footnote.app.reading.lines import Cited

PAGES = {"index.md", "guides/install.md", "guides/index.md", "guides/größe & co.md", "api/README.md"}


def test_a_view_names_generation_and_lines() -> None:
    assert view_address("a.md") == "/view/a.md"
    assert view_address("a b/ü?#.md", 3, Cited(25, 31)) == ("/view/a%20b/%C3%BC%3F%23.md?generation=3&lines=25-31#L25")
    assert bytes_address("a b/ü?#.md", 3) == "/files/3/a%20b/%C3%BC%3F%23.md"


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("https://example.com/a?b#c", "https://example.com/a?b#c"),
        ("HTTP://example.com", "HTTP://example.com"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("#below", "#s-below"),
        ("install.md", "/view/guides/install.md?generation=2"),
        ("./install.md#on-linux", "/view/guides/install.md?generation=2#s-on-linux"),
        ("install", "/view/guides/install.md?generation=2"),
        ("../index.md", "/view/index.md?generation=2"),
        ("..", "/view/index.md?generation=2"),
        ("/guides/", "/view/guides/index.md?generation=2"),
        ("/guides/install.html?x=1", "/view/guides/install.md?generation=2"),
        ("../api/", "/view/api/README.md?generation=2"),
        ("gr%C3%B6%C3%9Fe%20%26%20co.md", "/view/guides/gr%C3%B6%C3%9Fe%20%26%20co.md?generation=2"),
    ],
)
def test_a_link_leads_into_the_web_or_to_a_page_of_the_generation(target: str, address: str) -> None:
    assert link_address("guides/page.md", target, 2, PAGES) == address


@pytest.mark.parametrize(
    "target",
    [
        "",
        "#",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com/x",
        "/\\example.com",
        "\\\\example.com",
        "https:///x",
        "https:example.com",
        "../../../../etc/passwd",
        "missing.md",
        "pic.png",
        "%2e%2e/%2e%2e/x",
        "install.md%00",
    ],
)
def test_any_other_link_leads_nowhere(target: str) -> None:
    assert link_address("guides/page.md", target, 2, PAGES) is None
