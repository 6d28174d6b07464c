"""How long pages take to cut that are made to hold up an ingest.

    python bench/hostile_pages.py [--chars 10000000] [--over 5]

Each page repeats one snippet. Printed are pages of `--chars` characters that take more than `--over` seconds, with the
time of a quarter of the page: linear work takes four times as long for the whole.
"""

import argparse
import time

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.types import Skip
from footnote.ingest.split import split_or_skip
from footnote.ingest.types import Document

MDX = Flavour("docusaurus", jsx=True)
GITBOOK = Flavour("gitbook", template_tags=True)
OBSIDIAN = Flavour("obsidian", percent_comments=True)
MYST = Flavour("myst", line_comments=True)
SNIPPETS: dict[Flavour, list[str]] = {
    PLAIN: [
        "## Example\n\ntext\n\n",
        "# x\n",
        "* a\n",
        "- ```\n",
        "> ```\n\n",
        "> - 1. ",
        "[",
        "> ",
        "`",
        "`` ` ",
        "*",
        "_a_ ",
        "word ",
        "This is a sentence of some length. ",
        "x",
        "漢字。",
        "a\n",
        "\n",
        "    a\n\n",
        "[a](b) ",
        "[[a|",
        "![](data:",
        "a | b\n--|--\n",
        "| x | y |\n",
        "```\ncode line\n```\n",
        "!!! note\n",
        '=== "a"\n',
        ":::a\n",
        ":::a\n\n",
        "<div>\n",
        "<p>text <b>bold</b></p>\n",
        '<a b="',
        "<div style='",
        "<tr><td>",
        "<tr><td>x</td></tr>\n",
        "<table>",
        "<p hidden>",
        "<p hidden>x</p>\n",
        "<x-y hidden>",
        "<ul><li hidden>x",
        "<template>\n",
        "x <template> ",
        "<div hidden><p>",
        "<details><summary>",
        "<x>\n",
        "<?x ",
        "<!X",
        "<script ",
        "x <script>",
        "x <!-- ",
        "x <!-- \n\n",
        "<!-- a -->\n",
        "a <!-- a --> b\n",
        "<div><!-- -->",
        "<div>\n<!-- -->\n\n",
        "\\<!-- ",
        "{{< x ",
        '{{< x "',
        "{{</* ",
        "{% comment %} ",
        "{::comment} ",
        "{>> ",
        "{: .a",
        "[//]: # (a\n",
        "[a]: # (a\n\n",
        "**a** \n",
        "- **Q:** a?\n",
        "Q: a?\n\n",
        '--8<-- "\n',
        "*[a]: b\n",
        "/// a\n",
        "/// a | b\n    c: d\n\n",
        ":material-a",
        "{: a",
        "{:a: a=",
        '="data:a/b,',
        "<table><tr><th>a",
        '{{< tab "a" >}}',
    ],
    MDX: [
        "{/* ",
        "{/* \n",
        "{\n",
        "{`\n\n",
        "{a}\n",
        "{//\n",
        "import {\n\n",
        "import a\n\n",
        "export const a = 1\n\n",
        "export const a =\n\n",
        "export { '\n",
        "<Tabs items='a,b'>",
        "<Foo a='b' />\n",
        "<Foo> ",
        "{'",
        "{{a} ",
        "{`a`} ",
        "{'a",
        "{\n}x",
        "{[/[ ",
        "export default () => <p>don't ",
        "export const a = `${",
        '{"\n',
    ],
    GITBOOK: [
        "{% x ",
        "{% x %}\n",
        "{% highlight x %}\n",
        "{% highlight x %}a",
        "{% raw %} ",
        "{% raw %}{% endraw %}{% # a",
        '{% tab title="a" %}\n',
    ],
    OBSIDIAN: ["%% a ", "%%\n", "> [!note]\n"],
    MYST: [
        "% x\n",
        "```{note}\n",
        ":::{note}\n",
        ":::{code}\n",
        "> :::{code}\n\n",
        "```{note} a\n:x: y\n```\n",
        "```{figure} a\n:alt: a\n:alt: >\n: a\n",
    ],
}


def cut(text: str, site: Flavour) -> tuple[float, Skip | None]:
    """Seconds, and why the page was left out."""
    began = time.perf_counter()
    _, skip = split_or_skip(Document("a.md", text.encode(), 0, None, {}, "", 0), IngestSettings(), site)
    return time.perf_counter() - began, skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chars", type=int, default=10_000_000)
    parser.add_argument("--over", type=float, default=5.0)
    options = parser.parse_args()
    for site, snippets in SNIPPETS.items():
        for snippet in snippets:
            page = snippet * (options.chars // len(snippet))
            seconds, skip = cut(page, site)
            if seconds > options.over:
                quarter, _ = cut(page[: len(page) // 4], site)
                left_out = skip.detail if skip else "read"
                print(
                    f"{site.name:11s}{snippet!r:44s}{seconds:7.1f} s, a quarter {quarter:6.1f} s, {left_out}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
