"""What of a page is there for its readers: hidden text, labels, content, and blocks that are cut."""

import re
from pathlib import Path

import pytest

from footnote.app.core.pages import reading
from footnote.app.core.pages.flavour import PLAIN, Flavour, flavour_of
from footnote.app.core.pages.scanning import scanner
from footnote.app.core.text.markdown import CostlyPageError
from footnote.app.core.text.passages import passages
from footnote.app.core.types import Chunk
from footnote.ingest.split import split_document
from footnote.ingest.types import Document
from tests.conftest import WriteDocs

MDX = Flavour("docusaurus", jsx=True)
OBSIDIAN = Flavour("obsidian", percent_comments=True, wikilinks=True)
MYST = Flavour("myst", line_comments=True)
HUGO = Flavour("hugo")
GITBOOK = Flavour("gitbook", template_tags=True)


def chunks_of(text: str, site: Flavour = PLAIN, size_chars: int = 1000, path: str = "page.md") -> list[Chunk]:
    chunks = split_document(Document(path, text.encode(), 0, None, {}, "", 0), size_chars, 0, site)
    for chunk in chunks:
        assert text.encode()[chunk.start : chunk.end].decode() == chunk.text
    return chunks


def quotes(text: str, site: Flavour = PLAIN, **cut: object) -> list[tuple[str, str]]:
    """Label and text of each passage."""
    return [(one.label, one.text) for chunk in chunks_of(text, site, **cut) for one in passages(chunk)]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("One.\n\n<!-- HIDDEN -->\n\nTwo.", PLAIN),
        ("One.\n\n<!--\n## HIDDEN\n\nHIDDEN as well.\n-->\n\nTwo.", PLAIN),
        ("One.<!-- HIDDEN\nHIDDEN --> \n\nTwo.", PLAIN),
        ("One.\n\n[//]: # (HIDDEN)\n\nTwo.", PLAIN),
        ('One.\n\n[//]: # "HIDDEN"\n\nTwo.', PLAIN),
        ("One.\n\n[comment]: <> (HIDDEN)\n\nTwo.", PLAIN),
        ("One.\n\n<script>\nHIDDEN\n</script>\n\nTwo.", PLAIN),
        ("One.\n\n<style>.HIDDEN { }</style>\n\nTwo.", PLAIN),
        ("One.\n\n{{/* HIDDEN */}}\n\nTwo.", PLAIN),
        ("One.\n\n{{< comment >}}HIDDEN{{< /comment >}}\n\nTwo.", PLAIN),
        ("One.\n\n{% comment %}\nHIDDEN\n{% endcomment %}\n\nTwo.", PLAIN),
        ("One.\n\n{/* HIDDEN */}\n\nTwo.", MDX),
        ("import HIDDEN from 'HIDDEN';\nimport { HIDDEN } from 'x';\n\nOne.\n\nTwo.", MDX),
        ("One.\n\nexport const HIDDEN = {\n  HIDDEN: 1,\n};\n\nTwo.", MDX),
        ("One.\n\n%% HIDDEN %%\n\nTwo.", OBSIDIAN),
        ("One.\n\n%%\nHIDDEN\n\nHIDDEN\n%%\n\nTwo.", OBSIDIAN),
        ("One.\n\n% HIDDEN\n\nTwo.", MYST),
        ("One. ![](data:image/png;base64,HIDDEN" + "A" * 5000 + ")\n\nTwo.", PLAIN),
        ('One.\n\n<img src="data:image/png;base64,HIDDEN' + "A" * 5000 + '">\n\nTwo.', PLAIN),
        ("One.\n\n[x]: data:image/png;base64,HIDDEN" + "A" * 5000 + "\n\nTwo.", PLAIN),
        ("One.\n\nTwo.\n\n<!-- HIDDEN and never closed\n\nHIDDEN", PLAIN),
        ("One.\n\n<SCRIPT>\nHIDDEN\n\nHIDDEN\n</SCRIPT>\n\nTwo.", PLAIN),
        ("One.\n\n<template>\nHIDDEN\n\nHIDDEN\n</template>\n\nTwo.", PLAIN),
        ("One.\n\n<div hidden>\n\nHIDDEN\n\n</div>\n\nTwo.", PLAIN),
        ('One.\n\n<p style="color: red; display: none">HIDDEN</p>\n\nTwo.', PLAIN),
        ('One.<span hidden="hidden"> HIDDEN</span>\n\nTwo.', PLAIN),
        ("One.\n\n<?php HIDDEN ?>\n\nTwo.", PLAIN),
        ("<!DOCTYPE HIDDEN>\n\nOne.\n\nTwo.", PLAIN),
        ("One.{>> HIDDEN <<}\n\nTwo.", PLAIN),
        ("One.\n\n{::comment}\nHIDDEN\n\nHIDDEN\n{:/comment}\n\nTwo.", PLAIN),
        ("One.\n\n{{% comment %}}\nHIDDEN\n\nHIDDEN\n{{% /comment %}}\n\nTwo.", PLAIN),
        ("One. {% comment %} HIDDEN\n\n```\nHIDDEN\n{% endcomment %}\n\nTwo.", PLAIN),
        ("One.\n\n[//]: # (HIDDEN\nHIDDEN)\n\nTwo.", PLAIN),
        ("One.\n\n[#]: # (HIDDEN)\n\nTwo.", PLAIN),
        ("One.\n\n[any]: # 'HIDDEN'\n\nTwo.", PLAIN),
        ("export const HIDDEN = {\n  a: 'HIDDEN',\n\n  HIDDEN: [\n\n 1],\n};\n\nOne.\n\nTwo.", MDX),
        ("One.\n\n{ /* HIDDEN\n\n HIDDEN */ }\n\nTwo.", MDX),
        ("One.\n\n{// HIDDEN\n}\n\nTwo.", MDX),
        ("One.\n\n{['HIDDEN', \"}\"].map((HIDDEN) => (\n  HIDDEN\n\n))}\n\nTwo.", MDX),
        ("- One.\n\n{[1].map((HIDDEN) => (\n  HIDDEN\n\n))}\n\nTwo.", MDX),
        ("> One.\n\n{[1].map((HIDDEN) => (\n  HIDDEN\n\n))}\n\nTwo.", MDX),
        ("- One.\n{[1].map((HIDDEN) => (\n  HIDDEN\n\n))}\n\nTwo.", MDX),
        ("One.\n\nx\n:   Two.\n\n    <!-- HIDDEN -->", PLAIN),
        ("One.[^1]\n\n[^1]: Two.\n\n    <!-- HIDDEN -->", PLAIN),
        ("One.\n\n%HIDDEN\n\nTwo.", MYST),
        ("One.\n\n<div style={{display: 'none'}}>HIDDEN</div>\n\nTwo.", MDX),
        ("One.\n\n<div style=display:none>HIDDEN</div>\n\nTwo.", PLAIN),
        ("One.\n\n<p hidden>HIDDEN\n\nTwo.", PLAIN),
        ("One. {x /* HIDDEN */}\n\nTwo. {// HIDDEN\n}", MDX),
        ("One.<a href='`'></a> <!-- HIDDEN --> `\n\nTwo.", PLAIN),
        ("One.\n\n[-]: . (HIDDEN)\n\n[a]: https://x\n  'HIDDEN'\n\nTwo.", PLAIN),
        ("export const a = `HIDDEN\n\nHIDDEN`;\n\nOne.\n\nTwo.", MDX),
        ("export const A = <p>\n\n HIDDEN\n\n</p>\n\nOne.\n\nTwo.", MDX),
        ("export const a = () => {\n  const r = /\\{/;\n\n  return 'HIDDEN';\n};\n\nOne.\n\nTwo.", MDX),
        ("export const a = [\n" + "  'HIDDEN',\n\n" * 600 + "];\n\nOne.\n\nTwo.", MDX),
        ("One.\n\n<fieldset hidden>HIDDEN</fieldset>\n\nTwo.", PLAIN),
        ("One.\n\n{% comment TODO %}HIDDEN{% endcomment %}\n\nTwo.", GITBOOK),
        ('One.\n\n{{% comment "a" %}}HIDDEN{{% /comment %}}\n\nTwo.', PLAIN),
        ("One.\n\n{{< comment\n>}}\nHIDDEN\n{{< /comment >}}\n\nTwo.", PLAIN),
        ("One.\n\nTwo.\n\n%%\nHIDDEN and never closed\n\nHIDDEN", OBSIDIAN),
        ("One.\n\nTwo.\n\n{/* HIDDEN and never closed\n\nHIDDEN", MDX),
        ("One.\n\n{/* a */} {/* HIDDEN\n\nHIDDEN */}\n\nTwo.", MDX),
        ("export const A = <><B/>\n\nHIDDEN</>\n\nOne.\n\nTwo.", MDX),
        ("export const A = () => <Foo a={x > 1}>\n\nHIDDEN\n\n</Foo>\n\nOne.\n\nTwo.", MDX),
        ("export const a =\n\n  'HIDDEN'\n\nOne.\n\nTwo.", MDX),
        ("export const a = 1\n\nOne.\n\nexport const b = `HIDDEN\n\nHIDDEN`\n\nTwo.", MDX),
        ("export const A = () => <p>Don't <b>isn't</b>\n\n<b>can't\n\n</b>\n\nHIDDEN</p>;\n\nOne.\n\nTwo.", MDX),
        ("export const A = () => <p>\n  See https://x (\n\n  HIDDEN\n</p>;\n\nOne.\n\nTwo.", MDX),
        ("export const A = () => <a b={`${f({c: '}'})}`}>`\n\nHIDDEN</a>;\n\nOne.\n\nTwo.", MDX),
        ("export const a = `${b ? `HIDDEN\n\nHIDDEN` : ''}\n\nHIDDEN`;\n\nOne.\n\nTwo.", MDX),
        ("export default\n\n  'HIDDEN'\n\nOne.\n\nTwo.", MDX),
        ("One. {f('x}', `}`) /* HIDDEN */}\n\nTwo.", MDX),
        ("One.\n\n<template>\n<template>HIDDEN</template>\n\nHIDDEN</template>\n\nTwo.", PLAIN),
        ("One.\n\n<x-foo hidden>\n\n<x-foo>HIDDEN</x-foo> HIDDEN\n\n</x-foo>\n\nTwo.", PLAIN),
        ("One.<x-foo hidden> HIDDEN</x-foo>\n\nTwo.", MDX),
        ("One.\n\n<Card hidden>\nHIDDEN\n</Card>\n\nTwo.", MDX),
        ("<ul><li hidden>HIDDEN<li>One.</ul>\n\nTwo.", PLAIN),
        ("<div>One.<p hidden>HIDDEN</div>Two.", PLAIN),
        ("<div>One. <span hidden>HIDDEN\n\nHIDDEN</div>\n\nTwo.", PLAIN),
        ('One.\n\n<p hidden="false">HIDDEN</p>\n\nTwo.', PLAIN),
        ('One.\n\n<p style="visibility: hidden">HIDDEN</p>\n\nTwo.', PLAIN),
        ("One.\n\n<script>\na = '</style>'\n\nHIDDEN</script>\n\nTwo.", PLAIN),
        ("One.\n\nTwo.\n\n<template>\nHIDDEN and never closed\n\nHIDDEN", PLAIN),
        ("One.\n\n{% # HIDDEN %}\n\nTwo.{%- # HIDDEN\n  HIDDEN %}", GITBOOK),
        ("One. {% raw %}{% endraw %}{% comment %}HIDDEN{% endcomment %}\n\nTwo.", GITBOOK),
        ("{% highlight sh %}One.{% endhighlight %}<!-- HIDDEN -->\n\nTwo.", GITBOOK),
        ("One.\n\n*[HIDDEN]: HIDDEN\n  *[b]: HIDDEN\n\nTwo.", PLAIN),
        ("One. <Img src={'data:image/svg+xml,HIDDEN" + "A" * 50 + "'}/>\n\nTwo.", MDX),
        # A comment holds what looks like code.
        ("One.\n\n<!--\n```\nHIDDEN\n-->\n\n<!-- HIDDEN -->\n\nTwo.", PLAIN),
        ("One.\n\n{/*\n```\nHIDDEN */}\n\n{/* HIDDEN */}\n\nTwo.", MDX),
        ("One.<!-- a ` HIDDEN -->\n\nTwo.<!-- ` HIDDEN -->", PLAIN),
        ("> One.\n>\n> <!--\n> ```\n> HIDDEN -->\n\n<!-- HIDDEN -->\n\nTwo.", PLAIN),
        ("- One.\n\n  <!-- HIDDEN\n\nHIDDEN\n\n- HIDDEN\n-->\n\nTwo.", PLAIN),
        ("<div>\n<!-- HIDDEN\n\nHIDDEN -->\nOne.\n</div>\n\nTwo.", PLAIN),
        (10 * "> - " + "One. <!-- HIDDEN -->\n\nTwo.", PLAIN),
        ("<details>\n<summary>More <!-- HIDDEN --></summary>\n\nOne.\n\n</details>\n\nTwo.", PLAIN),
        ("::: tip About <!-- HIDDEN -->\nOne.\n:::\n\nTwo.", PLAIN),
        ('=== "Tab <!-- HIDDEN -->"\n\n    One.\n\nTwo.', PLAIN),
        ("```{note}\nOne.\n<!-- HIDDEN -->\n```\n\nTwo.", MYST),
        ("| x |\n|---|\n| One. <!-- HIDDEN --> |\n| Two. <!-- HIDDEN --> |", PLAIN),
    ],
)
def test_what_is_hidden_from_readers_is_in_no_chunk(text: str, site: Flavour) -> None:
    chunks = chunks_of(text, site)
    assert not any("HIDDEN" in chunk.text + chunk.index_text for chunk in chunks)
    assert [
        re.sub(r"^(\[\^1\])?[ >|:-]+|(\[\^1\]| [|]|<a href='`'></a>)$", "", one) for _, one in quotes(text, site)
    ] == ["One.", "Two."]


def test_markup_around_nothing_but_hidden_text_is_in_no_chunk() -> None:
    assert [chunk.text for chunk in chunks_of("<ul><li hidden>HIDDEN</ul>\n\nTwo.")] == ["Two."]


@pytest.mark.parametrize(
    "code",
    [
        "> ```\n> unclosed",
        "- ```\n  unclosed",
        "1. One\n\n   ~~~~\n   unclosed\n   ~~~\n",
        "    ```\n    by indentation",
        "- item\n\n      ```\n      by indentation",
        "```\n    ```\n```",
        "````\n```\n````",
        "A stray ` backtick",
        "A stray \\`backtick",
        "````{note}\nunclosed in a list\n\n```\ncode\n```\n````",
        "    {% highlight sh %}",
    ],
)
def test_a_comment_below_code_is_hidden(code: str) -> None:
    chunks = chunks_of(f"{code}\n\n<!-- HIDDEN ` -->\n\nShown.")
    assert not any("HIDDEN" in chunk.text + chunk.index_text for chunk in chunks)
    assert "Shown." in chunks[-1].text


@pytest.mark.parametrize(
    "text",
    [
        "```html\n<!-- shown -->\n```",
        "~~~\n[//]: # (shown)\n~~~",
        "Write `<!-- shown -->` for a comment.",
        "Write ``{/* shown */} ` `` in MDX.",
        "- A list:\n\n  ```md\n  <!-- shown -->\n  ```",
        "A price of 5 %% is shown.",
        "% shown, where pages are no MyST.",
        "Say {/* shown */} where pages are no MDX.",
        "import shown from 'here' is Python to a reader.",
        "    <!-- shown -->\n    <script>shown</script>",
        "- One\n\n      <!-- shown -->",
        "Begin it with \\<!-- shown and end it with -->.",
        "A <!-- shown\n\nand --> in another paragraph.",
        "{% highlight html %}\n<!-- shown -->\n<script>shown</script>\n{% endhighlight %}",
        "- {{< highlight html >}}\n  <!-- shown -->\n  {{< /highlight >}}",
        "Write {{</* shown */>}} for a shortcode.",
        "{::nomarkdown}shown{:/}",
        "Use the <script> tag: shown.",
        "> ```html\n> <!-- shown -->\n> ```",
        'Pass name="data: shown, for one, and all the rest of what is said here" to it.',
        "Dates are {:%Y shown}, {: shown } or {:>9.shown}.",
        "A `data:image/png;base64,shownshownshownshownshownshownshownshownshownshownshownshown` URI.",
    ],
)
def test_what_only_looks_hidden_is_kept(text: str) -> None:
    [chunk] = chunks_of(text)
    assert "shown" in chunk.text
    assert "shown" in chunk.index_text
    assert "shown" in "".join(one for _, one in quotes(text))


def test_of_an_image_with_its_data_the_words_are_left() -> None:
    text = f"![diagram of the fan](data:image/png;base64,{'A' * 40_000})\n\nIt turns."
    assert [one for _, one in quotes(text)] == ["diagram of the fan", "It turns."]
    assert len(chunks_of(text)) == 2


LABELLED = {
    "tabs of Docusaurus": (
        MDX,
        '<Tabs>\n<TabItem value="w" label="Windows">\n\nRun a.\n\n</TabItem>\n'
        '<TabItem value="l" label="Linux">\n\nRun b.\n\n</TabItem>\n</Tabs>',
    ),
    "tabs without blank lines": (
        MDX,
        '<Tabs>\n  <TabItem value="Windows">Run a.</TabItem>\n  <TabItem value="Linux">Run b.</TabItem>\n</Tabs>',
    ),
    "tabs with props": (
        MDX,
        '<Tabs\n  values={[{label: "x", value: "y"}]}>\n<Tab title="Windows">\n    Run a.\n</Tab>\n'
        '<Tab title={"Linux"}>\n    Run b.\n</Tab>\n</Tabs>',
    ),
    "tabs of MkDocs": (PLAIN, '=== "Windows"\n\n    Run a.\n\n=== "Linux"\n\n    Run b.'),
    "containers of VitePress": (PLAIN, "::: tip Windows\nRun a.\n:::\n\n::: warning Linux\nRun b.\n:::"),
    "admonitions of Docusaurus": (MDX, ":::note[Windows]\n\nRun a.\n\n:::\n\n:::tip[Linux]\n\nRun b.\n\n:::"),
    "tabs of GitBook": (
        GITBOOK,
        '{% tabs %}\n{% tab title="Windows" %}\nRun a.\n{% endtab %}\n\n'
        '{% tab title="Linux" %}\nRun b.\n{% endtab %}\n{% endtabs %}',
    ),
    "shortcodes of Hugo": (
        PLAIN,
        '{{< tabs >}}\n{{% tab "Windows" %}}\nRun a.\n{{% /tab %}}\n'
        '{{% tab name="Linux" %}}\nRun b.\n{{% /tab %}}\n{{< /tabs >}}',
    ),
    "colon fences of MyST": (
        MYST,
        "::::{tab-set}\n:::{tab-item} Windows\nRun a.\n:::\n:::{tab-item} Linux\nRun b.\n:::\n::::",
    ),
    "directives of MyST": (MYST, "```{admonition} Windows\nRun a.\n```\n\n```{dropdown} Linux\nRun b.\n```"),
    "tabs of Hugo by a list": (
        PLAIN,
        '{{< tabs items="Windows,Linux" >}}\n{{< tab >}}Run a.{{< /tab >}}\n'
        "{{< tab >}}Run b.{{< /tab >}}\n{{< /tabs >}}",
    ),
    "tabs of Nextra": (
        MDX,
        "<Tabs items={['Windows', 'Linux']}>\n<Tabs.Tab>\n\nRun a.\n\n</Tabs.Tab>\n"
        "<Tabs.Tab>Run b.</Tabs.Tab>\n</Tabs>",
    ),
    "shortcodes of Hugo by position": (
        PLAIN,
        '{{< expand "Windows" >}}\nRun a.\n{{< /expand >}}\n\n{{% details "Linux" %}}\nRun b.\n{{% /details %}}',
    ),
    "blocks of PyMdown": (
        PLAIN,
        "/// details | Windows\n    type: tip\n    open: true\n\nRun a.\n///\n\n"
        "//// tab | Linux\n/// html | div.x\nRun b.\n///\n////",
    ),
    "callouts": (OBSIDIAN, "> [!NOTE] Windows\n> Run a.\n\n> [!tip]- Linux\n> Run b."),
    "details": (
        PLAIN,
        "<details>\n<summary>Windows</summary>\n\nRun a.\n\n</details>\n"
        "<details><summary>Linux</summary>Run b.</details>",
    ),
    "admonitions of MkDocs": (PLAIN, '!!! note "Windows"\n\n    Run a.\n\n??? tip "Linux"\n\n    Run b.'),
}


@pytest.mark.parametrize(("site", "text"), LABELLED.values(), ids=LABELLED)
def test_a_label_is_about_what_stands_below_it_and_no_content(site: Flavour, text: str) -> None:
    assert [(label, quote.removeprefix("> ")) for label, quote in quotes(text, site)] == [
        ("Windows", "Run a."),
        ("Linux", "Run b."),
    ]
    read = " ".join(chunk.index_text for chunk in chunks_of(text, site))
    assert read.index("Windows") < read.index("Run a.") < read.index("Linux") < read.index("Run b.")
    assert "TabItem" not in read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('A <kbd>Ctrl</kbd> key<br/>and <a href="x">more</a>.', "A Ctrl key and more."),
        ("Use `List<String>` and <your-name>.", "Use `List<String>` and <your-name>."),
        ("See [[Other page|the other page]] and [[Third]].", "See the other page and Third."),
        ("A [link](x){ .md-button target=_blank } here.", "A [link](x) here."),
        ("Text.\n{: .note #id }\n\nMore.", "Text. More."),
        ('Text. {:target="_blank"} {:a: .b} {::x}more{:/x}', "Text. more"),
        ("1. Text\n{:toc}\n\nMore.", "1. Text More."),
        ("A [link](x){target=_blank} and `x`{ title='b' }.", "A [link](x) and `x`."),
        ("Yes :material-check:{ .big } or :octicons-x-16: no :a-b:.", "Yes or no :a-b:."),
        ("```sh\na # (1)!\nb\n```", "```sh a b ```"),
        ('See {{< ref "/a/set-up.md#c" >}}, {{% relref path="z/q/_index.md" %}}.', "See set-up, q."),
        ('{{< ref "#a" >}}, {{< ref x >}} and {{% relref %}}', "a , x and"),
        ('A [link]({{< ref "a/b.md" >}}) here.', "A [link]( ) here."),
        ('A [link] here.\n\n[link]: {{< ref "a/b.md" >}}\n\nMore.', "A [link] here. More."),
        ('A <a href="{{< ref "a/b.md" >}}">link</a>.', "A link."),
        (
            'A {{< glossary_tooltip term_id="pod" >}}, {{< glossary_tooltip text="a Pod" term_id="pod" >}}',
            "A pod , a Pod",
        ),
    ],
)
def test_markup_is_not_read_but_stays_in_the_bytes(text: str, read: str) -> None:
    [chunk] = chunks_of(text)
    assert chunk.text == text
    assert " ".join(chunk.read_text.split()) == read


PLAIN_FOLDER_TAGS = (
    '{% tabs %}\n{% tab title="Windows" %}\nRun a.\n{% endtab %}\n\n{% tab title="Linux" %}\n'
    '{% code overflow="wrap" %}\n```sh\nrun\n```\n{% endcode %}\n{% endtab %}\n{% endtabs %}\n\n'
    '{% hint style="info" %}\nTake care.\n{% endhint %}\n\n{% callout type="note" %}\nAnd wait.\n{% /callout %}\n\n'
    "> {% if a %}\n> One.\n> {% else %}\n> Two.\n> {% endif %}\n\n"
    '- Three.\n\n  {% hint style="info" %}\n  Four.\n  {% endhint %}\n\n'
    '{% embed url="https://x.example" %}\n\n{%- include "a.md" -%}\n\nFive.'
)


def test_tags_of_templates_that_close_each_other_on_lines_of_their_own_are_the_sites_in_any_folder() -> None:
    text = PLAIN_FOLDER_TAGS
    found = quotes(text, PLAIN)
    assert found == quotes(text, GITBOOK)
    assert [label for label, _ in found[:4]] == ["Windows", "Linux", "", ""]
    assert "{%" not in "".join(chunk.read_text for chunk in chunks_of(text))
    assert [quote for _, quote in found if "{%" in quote] == ['- Three.\n\n  {% hint style="info" %}\n  Four.']


@pytest.mark.parametrize(
    "text",
    [
        "Write {% if a %} and {% endif %} around it.",
        "{% for %} opens a loop, and {% endfor %} closes it.",
        "It is\n\n{% csrf_token %}\n\nthat you write.",
        "Begin with\n\n{% block a %}\n\nand end it.",
        "```\n{% tab %}\nRun.\n{% endtab %}\n```",
        "    {% tab %}\n    Run.\n    {% endtab %}",
    ],
)
def test_other_tags_of_templates_are_text_in_a_folder_of_no_site(text: str) -> None:
    assert "".join(text.split()) == "".join("".join(one for _, one in quotes(text)).split())


@pytest.mark.parametrize(
    "text",
    [
        "Q: How do I?\nA: Do.",
        "Q: How\ndo I?\nA: Do.",
        "Q: How\ndo I?\n\nA: Do.",
        "Q: How do I? A: Do.",
        "Q: How do I? Do.",
        "**Q**: How do I?\n\n**A**: Do.",
        "*Q: How do I?*\n\n*A:* Do.",
        "***Q: How do I?***\n\nDo.",
        "**Q: How do I?** Do.",
        "**Question**: How do I?  \n**Answer**: Do.",
        "**How\ndo I?**\n\nDo.",
        "**How do I?**\\\nDo.",
        "_How do I?_\n\nDo.",
        "- **Q**: How do I?\n  **A**: Do.",
        "- Q: How do I?\n- A: Do.",
        "> Q: How do I?\n>\n> A: Do.",
        "Q: How do I?\r\nA: Do.",
    ],
)
def test_a_question_is_about_its_answer_however_the_two_are_spelled(text: str) -> None:
    assert quotes(f"# G\n\n### FAQ\n\n{text}\n\nMore.")[:1] == [("How do I?", "Do.")]


@pytest.mark.parametrize(
    "text",
    ["**Keep\nthis** in mind.", "**Keep\nthis in mind.**", "*Keep* this.", "_Keep this?_ Yes.", "Q: Why? Or how?"],
)
def test_what_asks_nothing_of_the_text_below_is_text(text: str) -> None:
    found = quotes(f"{text}\n\n# More\n\nAnd so on.")
    assert {label for label, _ in found} == {""}
    assert " ".join(quote for _, quote in found) == f"{text} And so on."


def test_rows_of_a_table_that_is_cut_know_its_header() -> None:
    head = "Gauge | Low | Note\n--- | --- | ---\n"
    rows = [f"gauge_{n:02} | {n} kPa | Valve. Open {n}" for n in range(60)]
    chunks = chunks_of(f"# Gauges\n\n{head}" + "\n".join(rows) + "\n")
    assert len(chunks) > 2
    found = [one for chunk in chunks for one in passages(chunk)]
    assert [one.text for one in found] == rows
    assert {one.table_header for one in found} == {"Gauge | Low | Note"}
    assert all("Gauge | Low | Note" in chunk.index_text for chunk in chunks)


def test_lines_of_a_fence_that_is_cut_are_code_without_its_markers() -> None:
    code = [f"run_stage stage{n:02} --log /var/log/stage{n:02}.txt" for n in range(60)]
    code[30] = "# The mirror may be asked at most eleven times"
    text = "The script of the job:\n\n```sh\n" + "\n".join(code) + "\n```\n\nAfter it.\n\n```py\nx = 1\n```\n"
    chunks = chunks_of(text)
    assert len(chunks) > 2
    assert all(chunk.heading_path == () for chunk in chunks)
    found = [one for chunk in chunks for one in passages(chunk)]
    cut = [one for one in found if one.fence is not None]
    assert {one.fence for one in cut} == {"sh"}
    assert "\n".join(one.text for one in cut).splitlines() == code
    assert [one.text for one in found if one.fence is None] == [
        "The script of the job:",
        "After it.",
        "```py\nx = 1\n```",
    ]
    assert "The script of the job:" in chunks[1].context


def test_an_item_that_is_cut_from_its_list_knows_what_the_list_is_for() -> None:
    items = "\n".join(f"- Step {n}: turn the wheel by {n} degrees and wait for the lamp to go out." for n in range(40))
    chunks = chunks_of(f"To align the mirror, do this:\n\n{items}\n")
    assert len(chunks) > 2
    assert all("To align the mirror, do this:" in chunk.index_text for chunk in chunks)


def test_the_content_of_a_tab_that_is_cut_keeps_its_label() -> None:
    body = "\n\n".join(f"Sentence {n} of the tab says something of its own at some length." for n in range(40))
    chunks = chunks_of(f'<TabItem label="Windows">\n\n{body}\n\n</TabItem>\n', MDX)
    assert len(chunks) > 2
    assert {one.label for chunk in chunks for one in passages(chunk)} == {"Windows"}
    assert all("Windows" in chunk.index_text for chunk in chunks)


def test_what_a_directive_is_given_is_a_label_only_where_it_is_a_title() -> None:
    text = (
        "```{figure} img/a.png\n:width: 10\n\nThe fan.\n```\n\n"
        "```{card} Fans\nThey turn.\n```\n\n```{tip} Oil them.\n```"
    )
    assert quotes(text, MYST) == [("", "The fan."), ("Fans", "They turn."), ("", "Oil them.")]


def test_a_heading_that_a_comment_parts_from_its_text_is_no_chunk_of_its_own() -> None:
    [chunk] = chunks_of("## Option\n\n<!-- md:version 9.0 -->\n\nIt turns the wheel.")
    assert (chunk.heading_path, chunk.text) == (("Option",), "It turns the wheel.")


def test_a_footnote_is_no_link_definition() -> None:
    assert [one for _, one in quotes("A buffer[^snd].\n\n[^snd]: 4096bytes\n\n[x]: https://x.example\n")] == [
        "A buffer[^snd].",
        "[^snd]: 4096bytes",
    ]


@pytest.mark.parametrize(
    ("heading", "site"),
    [
        ('{{< icon "x" >}} Resetting', PLAIN),
        ("[[Page|Resetting]]", PLAIN),
        ("Resetting {#id}", PLAIN),
        ("Resetting :material-check:", PLAIN),
        ("Resetting {props.name} {#id}", MDX),
        ("{'Resetting'}", MDX),
    ],
)
def test_site_syntax_is_no_part_of_a_heading(heading: str, site: Flavour) -> None:
    [chunk] = chunks_of(f"## {heading}\n\nHold the key.", site)
    assert chunk.heading_path == ("Resetting",)
    assert chunk.anchors.docusaurus == ("id" if "#id" in heading else "resetting")


def test_a_heading_of_html_is_a_heading() -> None:
    [_, chunk] = chunks_of('One.\n\n<h3 id="reset">How do I <b>reset</b>?</h3>\n\nHold the key.')
    assert (chunk.heading_path, chunk.anchors.github) == (("How do I reset?",), "reset")


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (("docs/a.md",), "markdown"),
        (("mkdocs.yml", "docs/a.md"), "mkdocs"),
        (("docusaurus.config.ts", "docs/a.md"), "docusaurus"),
        (("website/docusaurus.config.js", "docs/a.md"), "docusaurus"),
        (("docs/.vitepress/config.mts",), "vitepress"),
        (("hugo.toml", "docs/a.md"), "hugo"),
        (("_config.yml", "docs/a.md"), "jekyll"),
        (("docs/_toc.yml",), "myst"),
        (("book.toml", "docs/a.md"), "mdbook"),
        ((".gitbook.yaml", "docs/a.md"), "gitbook"),
        (("docs/.obsidian/app.json",), "obsidian"),
    ],
)
def test_the_flavour_is_told_by_the_files_of_the_site(
    tmp_path: Path, write_docs: WriteDocs, files: tuple[str, ...], name: str
) -> None:
    write_docs(tmp_path, {".git/HEAD": "", "docs/x.md": "x", **dict.fromkeys(files, "x")})
    assert flavour_of(tmp_path / "docs").name == name


def test_a_conf_py_tells_of_myst_only_where_it_names_it(tmp_path: Path, write_docs: WriteDocs) -> None:
    write_docs(tmp_path, {"docs/conf.py": "extensions = ['sphinx.ext.autodoc']", "docs/a.md": "x"})
    assert flavour_of(tmp_path / "docs") == PLAIN
    write_docs(tmp_path, {"docs/conf.py": "extensions = ['myst_parser']"})
    assert flavour_of(tmp_path / "docs").name == "myst"


def test_a_page_of_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINES", 100)
    assert chunks_of("a\n" * 99)
    with pytest.raises(CostlyPageError, match="more than 100 lines"):
        chunks_of("a\n" * 100)


def test_a_page_of_too_many_comments_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_HIDDEN", 5)
    assert chunks_of("a <!-- b --> c\n\n<!-- d -->\n\n" * 2)
    for comments in ("a <!-- b --> c\n" * 6, "<!-- d -->\n\n" * 6, "[//]: # (d\nd)\n\n" * 6):
        with pytest.raises(CostlyPageError, match="more than 5 hidden places"):
            chunks_of(comments)


def test_code_between_tags_keeps_the_label_of_the_tab_around_it() -> None:
    text = '{% tab title="Linux" %}\n{% highlight sh %}\nrun a\n{% endhighlight %}\n{% endtab %}'
    assert quotes(text, GITBOOK) == [("Linux", "run a")]


@pytest.mark.parametrize(
    ("text", "site", "quoted"),
    [
        (":::{code-block} python\n# <!-- run -->\n:::\n\nMore.", MYST, [("", "# <!-- run -->"), ("", "More.")]),
        (":::{code} sh\n:linenos:\n:caption: A script\n\nrun\n:::", MYST, [("A script", "run")]),
        ("> ::::{mermaid}\n> # run\n> ::::\n\nMore.", MYST, [("", "> # run"), ("", "More.")]),
        ("::::{note}\n:::{code} sh\n# run\n:::\nMore.\n::::", MYST, [("", "# run"), ("", "More.")]),
        (":::{code}\n# run\n\n<!-- run -->", MYST, [("", "# run\n\n<!-- run -->")]),
        ("{% highlight sh %}run <!-- x -->{% endhighlight %}", GITBOOK, [("", "run <!-- x -->")]),
        (
            "A {{< highlight sh >}}<!-- x -->{{< /highlight >}} b.",
            PLAIN,
            [("", "A {{< highlight sh >}}<!-- x -->{{< /highlight >}} b.")],
        ),
        (
            "{% highlight sh %}\nrun <!-- x -->{% endhighlight %}\n\nMore.",
            GITBOOK,
            [("", "run <!-- x -->"), ("", "More.")],
        ),
        (
            "{% raw %}\n{% comment %} {{ run }} {% tab %}\n{% endraw %}",
            GITBOOK,
            [("", "{% comment %} {{ run }} {% tab %}")],
        ),
    ],
)
def test_what_tags_or_colons_make_code_is_shown_as_it_is(
    text: str, site: Flavour, quoted: list[tuple[str, str]]
) -> None:
    assert quotes(text, site) == quoted
    assert all(":linenos:" not in chunk.index_text for chunk in chunks_of(text, site))


def test_whatever_ends_lines_what_fills_one_is_told() -> None:
    text = "[TOC]\n\nText.\n{: note }\n\n```{figure} a.png\n:alt: Says so.\n```\n\n(target)=\n\nMore.\n"
    for end in ("\n", "\r\n", "\r"):
        assert quotes(text.replace("\n", end), MYST) == [("", "Text."), ("", "Says so."), ("", "More.")]


def test_labels_and_headers_of_tables_are_without_markup() -> None:
    text = '=== ":material-linux: Linux"\n\n    Run a.\n\n| :material-x: A |\n|---|\n| b |'
    [chunk] = chunks_of(text)
    assert [(one.label, one.table_header) for one in passages(chunk)] == [("Linux", ""), ("", "| A |")]


def test_code_between_tags_with_named_arguments_has_no_language() -> None:
    text = "{{< code-toggle config=a />}}\n\nSays so.\n\n{{< code-toggle file=hugo >}}\nrun\n{{< /code-toggle >}}"
    [chunk] = chunks_of(text)
    assert [(one.fence, one.text) for one in passages(chunk)] == [(None, "Says so."), ("", "run")]


def test_a_row_of_an_html_table_knows_its_header() -> None:
    head = "<table>\n<tr><th>Gauge</th><th>Low</th></tr>\n"
    text = f"{head}<tr><td>a</td><td>1</td></tr>\n\n<tr>\n<td>b</td>\n</tr>\n</table>"
    [chunk] = chunks_of(text)
    assert [(one.text, one.table_header) for one in passages(chunk)] == [
        ("<td>a</td><td>1</td>", "Gauge | Low"),
        ("b", "Gauge | Low"),
    ]


@pytest.mark.parametrize(
    ("text", "site", "quoted"),
    [
        ('{% include note.html content="Says **so**." %}\n\nMore.', GITBOOK, ["Says **so**.", "More."]),
        ('{{< figure\n  src="a.png"\n  caption="Says so."\n>}}\n\nMore.', PLAIN, ["Says so.", "More."]),
        ('<Card href="/x" description="Says so." />\n\nMore.', MDX, ["Says so.", "More."]),
        ('An <img src="a.png" alt="fan"> turns.', PLAIN, ['An <img src="a.png" alt="fan"> turns.']),
        ('{% columns %}\n{% column width="50%" %}\nSays so.\n{% endcolumn %}\n{% endcolumns %}', GITBOOK, ["Says so."]),
        ('[[toc]]\n\n<<< @/a.ts{2}\n\n--8<-- "x.md"\n\nSays so.', PLAIN, ["Says so."]),
        ("<!-- note -->    Says so.", PLAIN, ["Says so."]),
        ("A{\" \"}<b>fan</b>{' '}\n", MDX, ['A{" "}<b>fan</b>']),
        ("Says {a.b(1)} {`so`}.", MDX, ["Says {a.b(1)} {`so`}."]),
    ],
)
def test_what_tags_show_is_text_and_the_rest_of_them_is_not(text: str, site: Flavour, quoted: list[str]) -> None:
    assert [one for _, one in quotes(text, site)] == quoted
    read = " ".join(chunk.read_text for chunk in chunks_of(text, site))
    assert not any(sign in read for sign in ("{", "<", "50%", ".png", "href"))


@pytest.mark.parametrize(
    ("text", "site", "quoted"),
    [
        ("> [!tip] Says so.\n\nMore.", OBSIDIAN, ["> [!tip] Says so.", "More."]),
        ('!!! note "Says so."\n\nMore.', PLAIN, ['!!! note "Says so."', "More."]),
        ("- **A?**\n- **B?**", PLAIN, ["- **A?**", "- **B?**"]),
        ("<X>\n<template #title>Says so.</template>\n</X>", Flavour("vitepress"), ["Says so."]),
        ("See [[module.mounts]].", Flavour("hugo"), ["See [[module.mounts]]."]),
        ('<X>\n<template v-if="a">Says so.</template>\n</X>', Flavour("vitepress"), ["Says so."]),
        ("<p hidden={a}>Says so.</p>\n\n<p hidden={!a}>More.</p>", MDX, ["Says so.", "More."]),
        ("<p className={a ? hidden : b}>Says so.</p>", MDX, ["Says so."]),
        ('<p hidden="until-found">Says so.</p>', PLAIN, ["Says so."]),
        ("<Template>Says so.</Template>", MDX, ["Says so."]),
        ("The <template> element.\n\nMore.", PLAIN, ["The <template> element.", "More."]),
        ("| Says so. |\n|---|\n\nMore.", PLAIN, ["| Says so. |", "More."]),
        ("<table><tr><th>Says so.</th></tr></table>", PLAIN, ["Says so."]),
        ("<table><tr><th>Says so.<tr><th>a<tr><td>More.</table>", PLAIN, ["Says so.", "More."]),
        ('{{< tab "Says so." >}}{{< /tab >}}\n\nMore.', PLAIN, ["Says so.", "More."]),
        ('{{% tab name="Says so." %}}\n{{< readfile "x" >}}\n{{% /tab %}}', PLAIN, ["Says so."]),
        ("```{figure} a.png\n:alt: Says so.\n:width: 1\n\nMore.\n```", MYST, ["Says so.", "More."]),
        (":::{card}\n---\nheader: Says so.\nwidth: 1\n---\nMore.\n:::", MYST, ["Says so.", "More."]),
        ("```{csv-table} Says so.\n:header: a, b\n\nMore.\n```", MYST, ["a, b", "More."]),
        ("/// caption\nSays so.\n///\n\n/// Not a block.", PLAIN, ["Says so.", "/// Not a block."]),
        ("```{csv-table}\n:header: >\n:    Says so.\n:width: 1\n\nMore.\n```", MYST, ["Says so.", "More."]),
        ("::::{div} a-class\nSays so.\n::::", MYST, ["Says so."]),
        ("*[a]: Says so.", MDX, ["*[a]: Says so."]),
    ],
)
def test_what_stands_where_something_else_mostly_does_is_kept(text: str, site: Flavour, quoted: list[str]) -> None:
    assert [one for _, one in quotes(text, site)] == quoted


def test_words_in_neighbouring_blocks_are_not_glued() -> None:
    [chunk] = chunks_of("<div>one<div>two</div></div>\n\n<ul><li>three<li>four</ul>\n\nA <b>wo</b>rd.")
    assert chunk.read_text.split() == ["one", "two", "three", "four", "A", "word."]


def test_a_bold_line_that_does_not_ask_is_about_the_next_block_only() -> None:
    assert quotes("**Output**\n\nFirst.\n\nSecond.\n\n**Why?**\n\nThird.\n\nFourth.") == [
        ("Output", "First."),
        ("", "Second."),
        ("Why?", "Third."),
        ("Why?", "Fourth."),
    ]


def test_a_definition_is_about_its_term() -> None:
    assert ("Fan", ":   It turns.") in quotes("Fan\n:   It turns.\n\n    It blows.\n")


def test_questions_in_list_items_are_what_their_answers_are_about() -> None:
    text = (
        "- **Q:** How do I reset?\n- **A:** Hold the key.\n\n1. **Q: How do I stop?**\n   A: Press it.\n2. Or wait.\n"
    )
    assert quotes(text) == [("How do I reset?", "Hold the key."), ("How do I stop?", "Press it."), ("", "2. Or wait.")]


@pytest.mark.parametrize(
    "text",
    [
        "# See [it][x]\n\nSays [so].\n\n[so]: https://x.example/HIDDEN\n  [x]: <HIDDEN>\n[x]: HIDDEN",
        "# See [it][x]\n\nSays [so].\n\n  [so]:\n  https://x.example/HIDDEN\n\n[x]: HIDDEN 'HIDDEN'",
    ],
)
def test_where_a_link_leads_by_a_definition_is_not_read(text: str) -> None:
    [chunk] = chunks_of(text)
    assert chunk.read_text.split() == ["#", "See", "[it][x]", "Says", "[so]."]
    assert "HIDDEN" not in chunk.text
    assert [one for _, one in quotes(text)] == ["Says [so]."]
    if "'" not in text:
        assert chunk.heading_path == ("See it",)


def test_a_definition_below_an_item_is_no_part_of_it() -> None:
    text = "- One.\n\n  [x]: https://x.example\n\n- Two [x].\n\nThree.\n\n[y]: https://y.example\n\nFour [y]."
    assert [one for _, one in quotes(text)] == ["- One.", "- Two [x].", "Three.", "Four [y]."]
    assert not any("example" in chunk.read_text for chunk in chunks_of(text))


@pytest.mark.parametrize(
    ("text", "site", "read"),
    [
        ('### 9.7 <small>March</small> { id="9.7" }\n\nSays so.', PLAIN, "### 9.7 March Says so."),
        ("## Nav {#nav .x}\n\nSays so.", PLAIN, "## Nav Says so."),
        ("## Get `/users/{id}`\n\nSays {id}.", PLAIN, "## Get `/users/{id}` Says {id}."),
        ('__So__{ title="May 2" }: a ![fan](f.png){ width="20" align=left }.', PLAIN, "__So__: a ![fan](f.png)."),
        ("A :heart:{ .big } and `x = 1`{l=python} too.", PLAIN, "A :heart: and `x = 1` too."),
        ("Write `{ title=1 }` or set{a=1}.", PLAIN, "Write `{ title=1 }` or set{a=1}."),
        ("> {.primary}\n> Says so.", MYST, "> > Says so."),
        (
            "A&nbsp;fan &lt;-&gt; b, &copy; &#x2192;, &unknown; `&lt;`.",
            PLAIN,
            "A fan <-> b, © →, &unknown; `&lt;`.",
        ),
        ("&nbsp;\n\nSays so.", MDX, "Says so."),
        ("H{sub}`2`O, see {ref}`the page <page>` and {doc}`../intro`.", MYST, "H`2`O, see `the page` and `../intro`."),
        ("H{sub}`2`O.", PLAIN, "H{sub}`2`O."),
        ('## `mpa` <Badge type="warning" text="beta" />\n\nSays so.', PLAIN, "## `mpa` beta Says so."),
        ("Use <X/> or <Y> and List<String>.", PLAIN, "Use or <Y> and List<String>."),
    ],
)
def test_attributes_entities_and_roles_are_read_as_they_are_shown(text: str, site: Flavour, read: str) -> None:
    [chunk] = chunks_of(text, site)
    assert " ".join(chunk.read_text.split()) == read
    assert chunk.text in text
    assert not any("primary" in one for _, one in quotes(text, site))


def test_each_term_and_definition_of_a_list_is_read_once() -> None:
    text = "`a`\n: One.\n\n`b`\n: Two.\n\n  ```sh\n  run\n  ```\n\n`c`\n: Three.\n: Four.\n"
    assert quotes(text) == [
        ("`a`", ": One."),
        ("`b`", ": Two."),
        ("`b`", "```sh\n  run\n  ```"),
        ("`c`", ": Three."),
        ("`c`", ": Four."),
    ]


def test_the_mark_of_a_footnote_is_no_quote_by_itself() -> None:
    assert quotes("A fan.[^1]\n\n[^1]:\n    It turns.\n\n    It blows.") == [
        ("", "A fan.[^1]"),
        ("", "It turns."),
        ("", "It blows."),
    ]


def test_a_fence_without_lines_is_no_quote() -> None:
    assert quotes("```{literalinclude} a.txt\n```\n\n```\n\n```\n\nSays so.", MYST) == [("", "Says so.")]


def test_what_a_fence_in_a_quotation_names_is_without_the_signs_before_it() -> None:
    code = "\n".join(f"> run {n:03}" for n in range(200))
    [fence] = {part.fence for chunk in chunks_of(f"> ```sh\n{code}\n> ```") for part in chunk.parts}
    assert fence == "sh"


def test_a_bold_sentence_is_a_sentence_and_no_label() -> None:
    bold = "**The fan of this machine must never be opened by hand.**"
    assert quotes(f"{bold}\n\nIt turns.\n\n**Note!**\n\nIt blows.\n\n__{'So ' * 80}on__\n\nIt ends.") == [
        ("", bold),
        ("", "It turns."),
        ("Note!", "It blows."),
        ("", f"__{'So ' * 80}on__"),
        ("", "It ends."),
    ]


def test_an_item_that_ends_in_a_colon_takes_the_code_below_its_list_along() -> None:
    text = "1. Add this:\n\n::: code-group\n```sh [npm]\nrun a\n```\n:::\n\n2. Then:\n\n```\nrun b\n```\n"
    assert [one for _, one in quotes(text)] == [
        "1. Add this:\n\n::: code-group\n```sh [npm]\nrun a\n```",
        "2. Then:\n\n```\nrun b\n```",
    ]


def test_a_code_tag_that_closes_itself_begins_no_code() -> None:
    text = (
        "{{< code-toggle config=x />}}\n\nSays so.\n\n## Next\n\n"
        "{{< code-toggle file=hugo >}}\na = 1\n{{< /code-toggle >}}\n\n{{< highlight go >}}\nrun\n{{< /highlight >}}"
    )
    [first, second] = chunks_of(text, HUGO)
    assert [part.kind for part in first.parts] == ["sentence"]
    assert second.heading_path == ("Next",)
    assert [(part.kind, part.fence) for part in second.parts] == [("code", ""), ("code", "go")]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("{{< new-in 0.145.0 />}}\n\nSays so.", ["new-in 0.145.0", "Says so."]),
        ("- `a`: {{< deprecated-in v1.2 >}} Says so.", ["- `a`: {{< deprecated-in v1.2 >}} Says so."]),
        ("## Next {{< new-in 1.2 >}}\n\nSays so.", ["Says so."]),
        ('{{< img src="a.png" version="1.2" >}}\n\n{{< ref 12 >}}\n\nSays so.', ["Says so."]),
    ],
)
def test_the_version_that_a_shortcode_names_is_read(text: str, quoted: list[str]) -> None:
    assert [one for _, one in quotes(text, HUGO)] == quoted
    [chunk] = chunks_of(text, HUGO)
    assert not any(sign in chunk.read_text for sign in ("{", "}", ">", ".png"))
    assert chunk.heading_path in ((), ("Next",))


def test_directives_say_what_changed_and_what_they_describe() -> None:
    text = (
        "```{versionadded} 1.2\n```\n\n:::{deprecated} 1.3\nSays so.\n:::\n\n"
        "```{versionchanged} 1.4 It is\nso.\n```\n\n"
        "```{py:function} send(a)\nSends it.\n```\n\n```{table} Fans\n| a |\n|---|\n| b |\n```\n\n"
        ":::{figure-md} target\n![fan](a.png)\n\nThe fan.\n:::"
    )
    assert quotes(text, MYST) == [
        ("Added in version", "1.2"),
        ("Deprecated since version 1.3", "Says so."),
        ("Changed in version 1.4", "It is\nso."),
        ("send(a)", "Sends it."),
        ("Fans", "| b |"),
        ("", "![fan](a.png)"),
        ("", "The fan."),
    ]
    [chunk] = chunks_of(text, MYST)
    assert " ".join(chunk.read_text.split()).startswith(
        "Added in version 1.2 Deprecated since version 1.3 Says so. Changed in version 1.4 It is so."
    )


def test_rows_of_a_table_that_is_written_as_a_list_know_its_header() -> None:
    text = (
        ":::{list-table} Fans\n:header-rows: 1\n:widths: 1 2\n\n* - Name\n  - Of *what*\n* - a\n  - b\n\n"
        "* - c\n\n    more\n  - ```sh\n    run\n    ```\n:::\n\n- x\n- y"
    )
    [chunk] = chunks_of(text, MYST)
    assert [(one.label, one.table_header, one.text) for one in passages(chunk)] == [
        ("Fans", "Name | Of *what*", "* - a\n  - b"),
        ("Fans", "Name | Of *what*", "* - c\n\n    more\n  - ```sh\n    run\n    ```"),
        ("", "", "- x"),
        ("", "", "- y"),
    ]


def test_each_field_of_a_list_of_fields_is_a_quote() -> None:
    text = "It takes:\n\n:depth: How deep. Or so.\n:local: Whether\n   it is.\n:param int a: What.\n\n:memo: One. Two."
    assert [one for _, one in quotes(text)] == [
        "It takes:\n\n:depth: How deep. Or so.\n:local: Whether\n   it is.\n:param int a: What.",
        ":memo: One.",
        "Two.",
    ]
    [chunk] = chunks_of(text)
    assert [part.kind for part in chunk.parts] == ["sentence", "item", "item", "item", "sentence", "sentence"]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("# Fans\n\n:::{example}\n# Oil\n\nOne.\n:::\n\nTwo.\n\n### More\n\nThree.", MYST),
        (
            '# Fans\n\n<Tabs>\n<Tab label="x">\n\n# Oil\n\nOne.\n\n</Tab>\n</Tabs>\n\nTwo.\n\n### More\n\nThree.',
            MDX,
        ),
    ],
)
def test_a_heading_in_a_container_is_about_what_is_in_it(text: str, site: Flavour) -> None:
    chunks = [chunk for chunk in chunks_of(text, site) if chunk.parts]
    assert [chunk.heading_path for chunk in chunks] == [("Oil",), ("Fans",), ("Fans", "More")]
    assert [chunk.anchors.github for chunk in chunks] == ["oil", "fans", "more"]
    assert {chunk.title for chunk in chunks} == {"Fans"}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("<p>\nA <b>fan</b></p>", ["A <b>fan</b>"]),
        ("<b>Fans</b> turn.\n\n<p><i>All</i> <b>of</b> it.</p>", ["<b>Fans</b> turn.", "<i>All</i> <b>of</b> it."]),
        ("- `a`: {{< new-in 1.2 />}}\n", ["- `a`: {{< new-in 1.2 />}}"]),
        ("One <b>fan. Two</b> fans.", ["One <b>fan.", "Two</b> fans."]),
    ],
)
def test_a_quote_does_not_end_between_a_tag_and_the_one_that_closes_it(text: str, quoted: list[str]) -> None:
    assert [one for _, one in quotes(text)] == quoted
    assert not any("in1.2" in chunk.read_text for chunk in chunks_of(text))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("# Fans\n\n## Oil\n\nOne.\n\n## <!-- HIDDEN -->\n\nTwo.", ["One.", "Two."]),
        ("# Fans\n\n## Oil\n\nOne.\n\n<!-- HIDDEN -->\n\n:   <!-- HIDDEN -->\n    Two.", ["One.", "Two."]),
        ("# Fans\n\n## Oil\n\n- One.\n- <!-- HIDDEN -->\n\nTwo.", ["- One.", "Two."]),
        ("# Fans\n\n## Oil\n\n- One.\n- <!-- HIDDEN --> Two.", ["- One.", "Two."]),
        ("# Fans\n\n## Oil\n\nOne.\n\n<!-- HIDDEN -->\n\n:   <!-- HIDDEN --> Two.", ["One.", "Two."]),
    ],
)
def test_signs_beside_hidden_text_are_no_chunk(text: str, quoted: list[str]) -> None:
    chunks = chunks_of(text)
    assert [one for _, one in quotes(text)] == quoted
    assert all(any(map(str.isalpha, chunk.text)) for chunk in chunks)
    assert chunks[-1].heading_path == (("Fans",) if "## <" in text else ("Fans", "Oil"))


def test_comments_that_only_highlight_lines_of_code_are_not_read() -> None:
    text = "```js\n// highlight-start\nrun(a)\n// highlight-end\nrun(b) // [!code focus]\n```\n\nSay // highlight-end"
    [chunk] = chunks_of(text, MDX)
    assert chunk.text == text
    assert chunk.read_text.split("\n") == ["```js", "", "run(a)", "", "run(b) ", "```", "", "Say // highlight-end"]
