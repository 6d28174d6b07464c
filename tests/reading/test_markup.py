"""Markdown as HTML: nothing of the page is live, and what is marked is what was cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.reading.addresses import link_address
from footnote.app.reading.lines import Cited
from footnote.app.reading.markup import Rendered, render
from tests.reading.shown import elements_of

PAGES = {"page.md", "other.md"}
TAGS = {
    *("p", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"),
    *("h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "pre", "code", "mark", "a", "span", "div", "br", "hr"),
}
ATTRIBUTES = {"class", "id", "href", "rel", "start", "title", "tabindex"}
CLASSES = {"box", "title", "code", "html", "link", "image", "wide"}


def rendered(text: str, cited: Cited | None = None, jsx: bool = False) -> Rendered:
    def follow(target: str) -> str | None:
        return link_address("page.md", target, 1, PAGES)

    return render(text, 1, cited, follow, jsx, "docusaurus")


def html_of(text: str, cited: Cited | None = None) -> str:
    return str(rendered(text, cited).html)


def marked(text: str, first: int, last: int | None = None) -> list[str]:
    html = html_of(text, Cited(first, last or first))
    return [one.text for one in elements_of(html) if one.tag == "mark"]


def assert_inert(html: str) -> None:
    ids = set()
    for one in elements_of(html):
        assert one.tag in TAGS, one
        assert set(one.attributes) <= ATTRIBUTES, one
        assert one.attributes.get("class", "box") in CLASSES, one
        href = one.attributes.get("href", "#s-")
        assert href.startswith(("http://", "https://", "mailto:", "/view/", "#s-")) or href.lower().startswith("http")
        assert not (one.tag == "a" and one.inside("a")), "a link in a link"
        if identifier := one.attributes.get("id"):
            assert identifier == "cited" or identifier.startswith("s-"), one
            assert identifier not in ids, f"twice: {identifier}"
            ids.add(identifier)


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in a line": "a <script>alert(1)</script> b",
    "event handler": '<img src=x onerror="alert(1)">',
    "div with handler": "<div onclick=alert(1)>\nx\n</div>",
    "svg": "<svg><animate onbegin=alert(1)>",
    "style": "<style>*{display:none}</style>",
    "iframe": '<iframe src="https://evil.example"></iframe>',
    "javascript link": "[a](javascript:alert(1))",
    "javascript link with entities": "[a](&#106;avascript:alert(1))",
    "javascript link with a tab": "[a](java\tscript:alert(1))",
    "javascript by reference": "[a][b]\n\n[b]: javascript:alert(1)",
    "javascript autolink": "<javascript:alert(1)>",
    "data link": "[a](data:text/html,<script>alert(1)</script>)",
    "data image": "![a](data:image/svg+xml,<svg onload=alert(1)>)",
    "foreign image": "![a](https://evil.example/pixel.png)",
    "image in a link": "[![a](https://evil.example/b.png)](https://example.com)",
    "link in an image": "![a [b](https://example.com) c](d.png)",
    "end of code": "`</code></pre><script>alert(1)</script>`",
    "end of a fence": "```\n</code></pre><script>alert(1)</script>\n```",
    "fence info": '```"><script>alert(1)</script>\nx\n```',
    "fence that never ends": "```\n<script>",
    "comment that never ends": "<!-- <script>\n\nx",
    "html that never ends": '<div title="\n\n</div><p',
    "end of the article": "</article></main></body></html>",
    "title with quotes": '[a](https://example.com "\\" onmouseover=alert(1) x=\\"")',
    "link with quotes": '[a](<https://example.com/"onmouseover="alert(1)>)',
    "dropped link with quotes": '[a](<x"onmouseover="alert(1)>)',
    "admonition class": '!!! cited skip "<b>x</b>"\n    x',
    "container": "::: cited <script>\nx\n:::",
    "tab": '=== "<script>alert(1)</script>"\n    x',
    "footnote": "[^<b>]: x",
    "heading id": '# x {#cited onclick="alert(1)"}\n\n# y {#L1}\n\n# z\n\n# z',
    "overridden direction": "a \u202e)1(trela\u202c b \u2066x",
    "nul and control": "a \x00\x1b[31m b",
    "definition list": "a\n: <script>",
    "table": "| <script> | b |\n|---|---|\n| `a|b` | <img onerror=x> |",
    "html entity": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "MDX": "import X from 'x'\n\n<X onClick={() => alert(1)}>{y}</X>",
    "nested quotes": "> " * 500 + "x",
    "nested brackets": "[" * 3000,
    "ordered list from far": "999999999. x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("cited", [None, Cited(1, 3)])
@pytest.mark.parametrize("jsx", [False, True])
def test_nothing_of_a_hostile_page_is_live(text: str, cited: Cited | None, jsx: bool) -> None:
    assert_inert(str(rendered(text, cited, jsx).html))


@given(st.lists(st.sampled_from([*HOSTILE.values(), "# h\n", "\n\n", "- a\n", "> ", "    ", "text"]), max_size=8))
def test_nothing_is_live_however_it_is_put_together(pieces: list[str]) -> None:
    for separator in ("", "\n"):
        assert_inert(html_of(separator.join(pieces), Cited(2, 4)))


def test_markdown_is_rendered() -> None:
    html = html_of(
        "# A *b*\n\nSome `code`, [link](other.md#x) and ~~gone~~.\n\n1. one\n2. two\n\n| a |\n|---|\n| b |\n"
    )
    tags = [one.tag for one in elements_of(html)]
    assert {"h2", "em", "code", "a", "s", "ol", "table", "th", "td"} <= set(tags)
    assert 'href="/view/other.md?generation=1#s-x"' in html


def test_tags_are_shown_as_text() -> None:
    html = html_of('a <b class="x">c</b>\n\n<div>\nd\n</div>\n')
    assert "&lt;b class=&quot;x&quot;&gt;" in html
    assert "&lt;div&gt;" in html


def test_comments_are_not_shown() -> None:
    assert "secret" not in html_of("<!-- secret -->\n\na <!-- secret --> b\n\n<!--\nsecret\n--> <!-- secret -->\n")


def test_an_image_is_its_words_and_a_link_where_it_lies_elsewhere() -> None:
    assert elements_of(html_of("![A chart](https://example.com/x.png)"))[-1].attributes["href"].endswith("x.png")
    (_, image) = elements_of(html_of("![A chart](x.png)"))
    assert (image.tag, image.text) == ("span", "A chart")


def test_headings_have_the_ids_that_links_within_the_page_ask_for() -> None:
    html = html_of("# Set up\n\n[below](#set-up-1)\n\n# Set up\n")
    found = elements_of(html)
    assert [one.attributes.get("id") for one in found if one.tag == "h2"] == ["s-set-up", "s-set-up-1"]
    assert [one.attributes["href"] for one in found if one.tag == "a"] == ["#s-set-up-1"]


def test_attributes_of_a_heading_are_not_shown() -> None:
    assert elements_of(html_of("## Set up {#start}\n"))[0].text == "Set up"


PAGE = """\
# Title

First line,
second line with `code
over` two lines.

Plain one
*plain
two* and three.

- item one
- item two
  goes on

| head |
|------|
| row 1 |
| row 2 |

```sh
echo 1
echo 2
```

    indented 1
    indented 2

!!! note "Named"
    Inside.
"""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (1, ["Title"]),
        (3, ["First line,", "second line with ", "code over", " two lines."]),  # the code hides where a line ends
        (7, ["Plain one"]),
        (8, ["plain"]),
        (9, ["two", " and three."]),
        (11, ["item one"]),
        (13, ["goes on"]),
        (15, ["head"]),
        (18, ["row 2"]),
        (21, ["echo 1"]),
        (22, ["echo 2"]),
        (25, ["indented 1"]),
        (28, ["Named"]),
        (29, ["Inside."]),
        (2, []),
    ],
)
def test_the_cited_line_is_marked_and_no_other(line: int, text: list[str]) -> None:
    assert marked(PAGE, line) == text


def test_a_stretch_is_marked_with_one_id() -> None:
    html = html_of(PAGE, Cited(7, 21))
    found = [one.attributes.get("id") for one in elements_of(html) if one.tag == "mark"]
    assert found[0] == "cited" and set(found[1:]) == {None}
    assert rendered(PAGE, Cited(7, 21)).is_marked
    assert not rendered(PAGE, Cited(2, 2)).is_marked
    assert not rendered(PAGE).is_marked


def test_the_headings_above_a_line() -> None:
    page = rendered("a\n\n# A\n\n## B `c`\n\nx\n\n### D\n\n## E\n\ny\n")
    assert page.above(1) == ()
    assert page.above(7) == ("A", "B c")
    assert page.above(9) == ("A", "B c", "D")
    assert page.above(12) == ("A", "E")


def test_lines_count_from_where_the_markdown_begins() -> None:
    page = render("# A\n\nb\n", 5, Cited(7, 7), lambda target: None, False, "github")
    assert [one.text for one in elements_of(str(page.html)) if one.tag == "mark"] == ["b"]
    assert page.above(7) == ("A",)


def test_a_paragraph_that_would_take_long_is_shown_as_it_is_written() -> None:
    text = "*a* " * 10_000
    assert elements_of(html_of(text))[0].text == text.strip()
