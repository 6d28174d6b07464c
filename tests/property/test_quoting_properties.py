"""What a reader sees of any run of any page: markdown that renders right, with nothing of the site and nothing lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from footnote.app.answering.defang import without_markup
from footnote.app.answering.quoting.extend import Run, standing_alone
from footnote.app.answering.quoting.render import ends_in_prose, rendered
from footnote.app.answering.quoting.stretches import stretches
from footnote.app.core.types import Hit, StageScore
from footnote.ingest.split import split_document
from footnote.ingest.types import Document
from tests.property.test_page_properties import EVERYWHERE, OWN, SITES, Piece

SHOWN: list[Piece] = [
    lambda seen, _: f"1. First, {seen}:\n\n    ```sh\n    run {seen}\n      deep\n    ```\n\n2. Then:\n\n       run",
    lambda seen, _: f'!!! note\n\n    Says {seen}.\n\n    ```toml title="a_b.toml" hl_lines="1"\n    key = 1\n    ```',
    lambda seen, _: f'??? tip "Title"\n    Says {seen}.',
    lambda seen, _: f'Run it:\n\n=== "A"\n\n    ```sh\n    run {seen}\n    ```\n\n=== "B"\n\n    ```\n    run\n    ```',
    lambda seen, _: f"See [the {seen}](../other.md#there), [`b`](c.md), [d][e] and ![{seen}](f.png){{: .wide }}.",
    lambda seen, _: f"> Quoted {seen}\n> goes on. And on.\n>\n> - item\n>\n>   ```\n>   code\n>   ```",
    lambda seen, _: f":material-check: {seen}[^1] :octicons-x-16:\n\n[^1]: The note.",
    lambda seen, _: f"Says <kbd>{seen}</kbd> and <br> <span class=\"a\">more</span>.\n{{: .note }}",
    lambda seen, _: f"- a {seen}\n\n    more\n\n    - b\n\n        ```\n        code\n        ```\n\n- c",
    lambda seen, _: f"| a | b |\n|---|:-:|\n| [x](y.md) | `a \\| {seen}` |\n| c | d |\n\n: Caption",
    lambda seen, _: f"Sum of {seen} is\n    1. this. 2. That\n    # or this.",
    lambda seen, _: f"````md\n```\n{seen}\n```\n````",
    lambda seen, _: f"Term\n:   Says {seen}.\n\n    ```\n    code\n    ```",
    lambda seen, _: f":::note\n\nSays {seen}.\n\n:::",
    lambda seen, _: f"Also,\nsays {seen}. Alternatively, > {seen}.",
    lambda seen, _: "```sh\n" + "\n".join(f"run {seen} {n}" + "\n" * (n % 9 == 8) for n in range(50)) + "\n```",
]  # fmt: skip
# Which a renderer shows as they are, outside code.
SYNTAX = re.compile(
    r"^[ \t>]*(?:```|~~~)|^[!?]{3}[ +]|^===|^:::|\{\{[<%]|\{%|\{:(?!%)|^\[!|"
    r"<(?:div|details|summary|table|t[rdh]|kbd|span|br)\b|^\|.*\|$|\[\^|\]\(|:material-",
    re.M,
)


def shown(markdown: str) -> tuple[str, str, list[str]]:
    """What a renderer shows as text and as code, and the addresses of its links."""
    text, code, links = [], [], []
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for token in parser.parse(markdown):
        if token.type in ("fence", "code_block"):
            code.append(token.content)
        for child in token.children or ():
            (code if child.type == "code_inline" else text).append(child.content or "\n" * child.type.endswith("break"))
            links += [str(child.attrGet("href"))] if child.type == "link_open" else []
        text.append("\n" if token.type == "inline" else "")
    return "".join(text), "\n".join(code), links


@pytest.mark.parametrize("name", SITES)
@given(data=st.data())
def test_any_run_is_shown_whole_and_without_syntax(name: str, data: st.DataObject) -> None:
    # A comment that is all there is between the tags of code is shown as one.
    every = [piece for piece in (*SHOWN, *EVERYWHERE, *OWN[name]) if "highlight" not in piece("", "")]
    pieces = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=6))
    size = data.draw(st.sampled_from([90, 250, 1000]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n\n".join(piece(f"seen{n}x", f"hidden{n}x") for n, piece in enumerate(pieces)).replace("\n", end) + end
    chunks = split_document(Document("page.md", text.encode(), 0, None, {}, "", 0), size, size // 5, SITES[name])
    found = data.draw(st.sets(st.integers(0, max(0, len(chunks) - 1))))
    hits = [Hit(chunk, None, StageScore(1, 1.0), StageScore(1, 1.0)) for n, chunk in enumerate(chunks) if n in found]
    for stretch in stretches(hits, chunks):
        if not stretch.parts:
            continue
        first = data.draw(st.integers(0, len(stretch.parts) - 1))
        run = Run(stretch, first, data.draw(st.integers(first, len(stretch.parts) - 1)))
        run = standing_alone(run, run.last) or run
        quote = stretch.passage(run.first, run.last, run.left_out)
        assert text.encode()[quote.start : quote.end] == quote.text.encode()
        markdown = without_markup(rendered(run, SITES[name], lambda to: to if to.startswith("https:") else None))
        prose, code, links = shown(f"{markdown}{' ' if ends_in_prose(markdown) else chr(10) * 2}[77]")
        assert prose.endswith("[77]\n")
        assert not links
        assert not SYNTAX.search(prose), (markdown, prose)
        for part in stretch.parts[run.first : run.last + 1]:
            seen = set(re.findall(r"seen\d+x", stretch.text[part.start : part.end]))
            assert seen <= set(re.findall(r"seen\d+x", prose + code))
        assert "hidden" not in markdown
