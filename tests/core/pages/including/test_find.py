"""What each tool includes, and what it only shows."""

import pytest

from footnote.app.core.pages.flavour import PLAIN, Flavour, flavour_named
from footnote.app.core.pages.including.find import MAX_INCLUDES, directives_in
from footnote.app.core.types import Selection

MKDOCS, MDBOOK, MYST = flavour_named("mkdocs"), flavour_named("mdbook"), flavour_named("myst")
HUGO, VITEPRESS, DOCUSAURUS = flavour_named("hugo"), flavour_named("vitepress"), flavour_named("docusaurus")
MARKERS = ("markers", "pymdownx")
FENCE = "```\n{}\n```\n"


def included(text: str, site: Flavour, path: str = "page.md") -> list[tuple[str, Selection]]:
    return [(one.target, one.selection) for one in directives_in(text, path, site)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('--8<-- "a.py"', [("a.py", (MARKERS,))]),
        ("  ---8<--- 'a.py'", [("a.py", (MARKERS,))]),
        (FENCE.format('--8<-- "a.py"'), [("a.py", (MARKERS,))]),
        ('--8<-- "a.py:4:6"', [("a.py", (("lines", "4:6"), MARKERS))]),
        ('--8<-- "a.py:4"', [("a.py", (("lines", "4:"), MARKERS))]),
        ('--8<-- "a.py::3"', [("a.py", (("lines", ":3"), MARKERS))]),
        ('--8<-- "a.py:1:3,-2:-1"', [("a.py", (("lines", "1:3,-2:-1"), MARKERS))]),
        ('--8<-- "a.py:main"', [("a.py", (("pymdownx", "main"),))]),
        (
            "--8<--\na.py\n\n; b.py\nc.py:2:3\n--8<--\nd.py",
            [("a.py", (MARKERS,)), ("c.py", (("lines", "2:3"), MARKERS))],
        ),
        ('--8<-- "https://host/a.py"', [("https://host/a.py", ())]),
        ("{* ../a.py *}", [("../a.py", ())]),
        ("{* ../a.py ln[1:5,8] hl[2] *}", [("../a.py", (("lines", "1:5,8:8"),))]),
        ("{!../a.py!}", [("../a.py", ())]),
        ("{!> ../a.py [ln:2-4,7]!}", [("../a.py", (("lines", "2:4,7:7"),))]),
        # Only shown, or none at all.
        (';--8<-- "a.py"', []),
        ('--8<-- "; a.py"', []),
        ('Write `--8<-- "a.py"` for it.', []),
        ('--8<-- "a.py" ', []),
        ("--8<-- [start:main]", []),
        (" {* ../a.py *}", []),
        (r"\{!../a.py!}", []),
        ("{{#include a.rs}}", []),
    ],
)
def test_mkdocs(text: str, expected: list[tuple[str, Selection]]) -> None:
    assert included(text, MKDOCS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{#include a.rs}}", [("a.rs", ())]),
        (FENCE.format("{{#rustdoc_include ../a.rs:here}}"), [("../a.rs", (("anchor", "here"),))]),
        ("{{ #include a.rs:2 }}", [("a.rs", (("lines", "2:2"),))]),
        ("{{#include a.rs:2:}}", [("a.rs", (("lines", "2:"),))]),
        ("{{#include a.rs::10}}", [("a.rs", (("lines", ":10"),))]),
        ("{{#include a.rs:2:10}}", [("a.rs", (("lines", "2:10"),))]),
        ("{{#playground a.rs editable}}", [("a.rs", ())]),
        (r"\{{#include a.rs}}", []),
        ("{{#title A title}}", []),
        ("{{include a.rs}}", []),
    ],
)
def test_mdbook(text: str, expected: list[tuple[str, Selection]]) -> None:
    assert included(text, MDBOOK) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```{literalinclude} /a.py\n```", [("/a.py", ())]),
        (":::{literalinclude} a.py\n:lines: 1,3,5-10,20-\n:::", [("a.py", (("lines", "1:1,3:3,5:10,20:"),))]),
        (
            "```{literalinclude} a.py\n---\nstart-after: 'begin'\nend-before: end\nlines: 2-\n---\n```",
            [("a.py", (("start-after", "begin"), ("end-before", "end"), ("lines", "2:")))],
        ),
        ("```{literalinclude} a.py\n:pyobject: Relay.open\n```", [("a.py", (("pyobject", "Relay.open"),))]),
        ("```{include} a.md\n:start-line: 2\n:end-line: -1\n```", [("a.md", (("lines", "3:-2"),))]),
        ("````{note}\n```{literalinclude} a.py\n```\n````\n", [("a.py", ())]),
        ("```{note}\nText.\n```\n\n```{include} a.md\n```", [("a.md", ())]),
        ("```{eval-rst}\n.. literalinclude:: a.py\n   :lines: 3\n```", [("a.py", (("lines", "3:3"),))]),
        # Code that shows how it is written.
        ("````markdown\n```{literalinclude} a.py\n```\n````", []),
        ("````{code-block} markdown\n```{literalinclude} a.py\n```\n````", []),
        ("Write `{literalinclude}` for it.", []),
    ],
)
def test_myst(text: str, expected: list[tuple[str, Selection]]) -> None:
    assert included(text, MYST) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{< readfile file="/content/a.md" >}}', [("/content/a.md", ())]),
        ("{{% readfile a.md %}}", [("a.md", ())]),
        (FENCE.format('{{< readfile file="a.go" code="true" lang="go" >}}'), [("a.go", ())]),
        ('{{% code_sample file="pods/a.yaml" %}}', [("pods/a.yaml", ())]),
        ('{{< code-snippet file="a.go" lines="3-5" >}}', [("a.go", (("lines", "3:5"),))]),
        ('{{</* readfile file="a.md" */>}}', []),
        ('{{< figure src="a.png" >}}', []),
        ("{{< readfile >}}", []),
    ],
)
def test_hugo(text: str, expected: list[tuple[str, Selection]]) -> None:
    assert included(text, HUGO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<< @/a.ts", [("@/a.ts", ())]),
        ("<<< ./a.ts#main{1,3 ts:line-numbers} [A title]", [("./a.ts", (("region", "main"),))]),
        ("<!--@include: ./a.md{3,8}-->", [("./a.md", (("lines", "3:8"),))]),
        ("<!-- @include: @/a.md#part -->", [("@/a.md", (("region", "part"),))]),
        ("<!--@include: ./a.md{,8}-->", [("./a.md", (("lines", ":8"),))]),
        (FENCE.format("<<< @/a.ts"), []),
        ("Use <<< @/a.ts", []),
    ],
)
def test_vitepress(text: str, expected: list[tuple[str, Selection]]) -> None:
    assert included(text, VITEPRESS) == expected


def test_what_mdx_imports_as_text_is_shown_where_it_is_used() -> None:
    text = (
        "import Code from '!!raw-loader!@site/src/a.js';\n"
        "import Other from './b.ts?raw'\nimport Part from './_c.mdx'\n\n"
        '# Page\n\n## Section\n\n<CodeBlock language="js">{Code}</CodeBlock>\n'
    )
    other, code = directives_in(text, "page.mdx", DOCUSAURUS)
    assert (code.target, code.language, text[code.start :][:10]) == ("@site/src/a.js", "js", "<CodeBlock")
    assert (other.target, other.language, text[other.start :][:12]) == ("./b.ts", "", "import Other")
    assert included(FENCE.format("import Code from '!!raw-loader!./a.js';"), DOCUSAURUS) == []
    assert included("import Code from '!!raw-loader!./a.js';", PLAIN, "page.mdx") == [("./a.js", ())]


def test_asciidoc() -> None:
    page = "include::example$a.rb[tag=main]\n\\include::b.rb[]\ninclude::c.rb[lines=1..3;7..-1]\n"
    assert included(page, PLAIN, "page.adoc") == [
        ("example$a.rb", (("tags", "main"),)),
        ("c.rb", (("lines", "1:3,7:-1"),)),
    ]
    assert included(page, PLAIN) == []


def test_restructured_text() -> None:
    page = ".. literalinclude:: a.py\n   :language: python\n   :lines: 2-\n\n.. code:: x\n"
    assert included(page, PLAIN, "page.rst") == [("a.py", (("lines", "2:"),))]


def test_where_no_site_is_known_what_stands_within_a_line_is_text() -> None:
    assert included("Write `{{#include a.rs}}` or `{!a.py!}`.", PLAIN) == []
    assert included("> {{#include a.rs}}\n{!a.py!}", PLAIN) == [("a.rs", ()), ("a.py", ())]


def test_a_page_may_not_include_without_end() -> None:
    assert len(directives_in('--8<-- "a.py"\n' * (MAX_INCLUDES + 5), "page.md", MKDOCS)) == MAX_INCLUDES


@pytest.mark.parametrize(
    "hostile", ["{!" * 50_000, "{{#include " * 50_000, "{{< code " * 50_000, "`" * 100_000, "<!--@include:" * 50_000]
)
@pytest.mark.parametrize("site", [PLAIN, MKDOCS, HUGO, VITEPRESS, DOCUSAURUS, MYST])
def test_what_never_ends_is_looked_at_in_time(hostile: str, site: Flavour) -> None:
    assert directives_in(hostile, "page.md", site) == []


def test_what_was_imported_shows_nothing_of_other_files() -> None:
    shows = '\n# Pump\n\n--8<-- "notes.txt"\n\n{{#include notes.txt}}\n'
    front = f"---\nsource: a.html\nsource_sha256: {'a' * 64}\nimported_by: footnote\n---\n"
    site = flavour_named("")
    assert len(directives_in(shows, "a.md", site)) == 2
    assert directives_in(front + shows, "a.md", site) == directives_in("\ufeff" + front + shows, "a.md", site) == []
    assert len(directives_in(front.replace("imported_by", "by") + shows, "a.md", site)) == 2
