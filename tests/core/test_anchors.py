"""The ids of headings. All values are what the generators make of these pages, unless it says otherwise.

Of Docusaurus 3.10 (its plugin for headings in @mdx-js/mdx 3, github-slugger 2), VitePress 1.6, Python-Markdown 3.11,
Hugo 0.168, kramdown 2.4 with its GFM parser 1.1, as Jekyll runs it, and Sphinx 9 with myst-parser 5.
"""

import random
import re

import pytest

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.pages.reading import read_page
from footnote.app.core.text.anchors import page_anchors
from footnote.app.core.text.slugs import github_slug, mdbook_slug, mkdocs_slug, mystmd_slug, pymdownx_slug
from footnote.app.core.types import Anchors, AnchorStyle

STYLES: tuple[AnchorStyle, ...] = ("docusaurus", "vitepress", "mkdocs", "hugo", "jekyll", "sphinx")
HEADINGS = [
    ("What's next", "whats-next", "what-s-next", "whats-next", "whats-next", "whats-next", "what-s-next"),
    ("C & D", "c--d", "c-d", "c-d", "c--d", "c--d", "c-d"),
    (
        "`--flag` and --long",
        "--flag-and---long",
        "flag-and-long",
        "-flag-and-long",
        "--flag-and-long",
        "--flag-and-long",
        "flag-and-long",
    ),
    (
        "Größe der Äpfel",
        "größe-der-äpfel",
        "große-der-apfel",
        "groe-der-apfel",
        "größe-der-äpfel",
        "größe-der-äpfel",
        "grosze-der-apfel",
    ),
    ("日本語 の見出し", "日本語-の見出し", "日本語-の見出し", "_1", "日本語-の見出し", "日本語-の見出し", "id1"),
    ("🎉 Overview", "-overview", "🎉-overview", "overview", "-overview", "-overview", "overview"),
    ("1. First step", "1-first-step", "_1-first-step", "1-first-step", "1-first-step", "1-first-step", "first-step"),
    ("v1.2.3 (beta)", "v123-beta", "v1-2-3-beta", "v123-beta", "v123-beta", "v123-beta", "v1-2-3-beta"),
    ("foo_bar-baz", "foo_bar-baz", "foo-bar-baz", "foo_bar-baz", "foo_bar-baz", "foo_bar-baz", "foo-bar-baz"),
    ("A  B", "a--b", "a-b", "a-b", "a--b", "a--b", "a-b"),
    (
        "Émile’s “quotes”",
        "émiles-quotes",
        "emile-s-quotes",
        "emiles-quotes",
        "émiles-quotes",
        "émiles-quotes",
        "emiles-quotes",
    ),
    ("trailing -", "trailing--", "trailing", "trailing-", "trailing--", "trailing--", "trailing"),
    ("x² and ½", "x-and-", "x2-and-1⁄2", "x2-and-12", "x-and-", "x-and-", "x2-and-12"),
    ("Привет, мир", "привет-мир", "привет-мир", "_1", "привет-мир", "привет-мир", "id1"),
    (
        "`code_a` and **bold** [link](x.md)",
        "code_a-and-bold-link",
        "code-a-and-bold-link",
        "code_a-and-bold-link",
        "code_a-and-bold-link",
        "code_a-and-bold-link",
        "code-a-and-bold-link",
    ),
    ("An ![icon](i.png) in it", "an-icon-in-it", "an-in-it", "an-in-it", "an-icon-in-it", "an--in-it", "an-in-it"),
    ("a–b—c", "abc", "a–b—c", "abc", "abc", "abc", "abc"),
    ("a/b/c: d", "abc-d", "a-b-c-d", "abc-d", "abc-d", "abc-d", "a-b-c-d"),
    ("!", "", "", "_1", "heading", "", "id1"),
    ("2024", "2024", "_2024", "2024", "2024", "2024", "id1"),
    (":tada: Party", "tada-party", "party", "party", "tada-party", "tada-party", "tada-party"),  # with pymdownx.emoji
    ("İstanbul", "i̇stanbul", "istanbul", "istanbul", "istanbul", "i̇stanbul", "istanbul"),
    (
        "ø straße œuvre",
        "ø-straße-œuvre",
        "ø-straße-œuvre",
        "strae-uvre",
        "ø-straße-œuvre",
        "ø-straße-œuvre",
        "o-strasze-oeuvre",
    ),
    (
        'Wait... "what" -- why',
        "wait-what----why",
        "wait-what-why",
        "wait-what-why",
        "wait-what--why",
        "wait-what--why",
        "wait-what-why",
    ),
    (
        "$HOME or `$HOME`?",
        "home-or-home",
        "home-or-home",
        "home-or-home",
        "home-or-home",
        "home-or-home",
        "home-or-home",
    ),
    ("C++ / C#", "c--c", "c-c", "c-c", "c--c", "c--c", "c-c"),
    ("`a--b`", "a--b", "a-b", "a-b", "a--b", "a--b", "a-b"),
    ("a -- b --- c", "a----b-----c", "a-b-c", "a-b-c", "a--b--c", "a--b--c", "a-b-c"),
    ("ǆ Ⅷ", "ǆ-ⅷ", "dz-viii", "dz-viii", "ǆ-", "ǆ-ⅷ", "dz-viii"),
    ("{{ x }}", "-x-", "x", "x", "-x-", "-x-", "x"),
    (
        "_id_ and snake_case_name",
        "id-and-snake_case_name",
        "id-and-snake-case-name",
        "id-and-snake_case_name",
        "id-and-snake_case_name",
        "id-and-snake_case_name",
        "id-and-snake-case-name",
    ),
    ("A\\_b", "a_b", "a-b", "a_b", "a_b", "a_b", "a-b"),
    ("1.2", "12", "_1-2", "12", "12", "12", "id1"),
    ("-", "-", "", "-", "-", "-", "id1"),
    ("Über_uns", "über_uns", "uber-uns", "uber_uns", "über_uns", "über_uns", "uber-uns"),
    ("é́x", "é́x", "ex", "ex", "éx", "é́x", "ex"),
    ("कोड", "कोड", "कोड", "_1", "कड", "कोड", "id1"),
    ("# hash", "-hash", "hash", "hash", "-hash", "-hash", "hash"),
    ("E-mail & Co.", "e-mail--co", "e-mail-co", "e-mail-co", "e-mail--co", "e-mail--co", "e-mail-co"),
    ("<code>x</code>", "x", "x", "x", "x", "x", "x"),
    ("a\tb", "ab", "ab", "a-b", "ab", "a-b", "a-b"),
    ("a~b^c|d", "abcd", "a-b-c-d", "abcd", "abcd", "abcd", "a-b-c-d"),
    ("@decorator", "decorator", "decorator", "decorator", "decorator", "decorator", "decorator"),
    ("100% done", "100-done", "_100-done", "100-done", "100-done", "100-done", "done"),
    ("A · B", "a--b", "a-·-b", "a-b", "a--b", "a--b", "a-b"),
    ("Ça va?", "ça-va", "ca-va", "ca-va", "ça-va", "ça-va", "ca-va"),
    ("“x”", "x", "x", "x", "x", "x", "x"),
]


def anchors_of(page: str, site: Flavour = PLAIN) -> list[Anchors]:
    found = page_anchors(read_page(page, page.count("\n") + 1, site).blocks, page)
    assert list(found) == sorted(found)
    return list(found.values())


def ids(page: str, style: AnchorStyle, site: Flavour = PLAIN) -> list[str]:
    return [anchors.of(style) for anchors in anchors_of(page, site)]


@pytest.mark.parametrize("row", HEADINGS, ids=[row[0] for row in HEADINGS])
def test_a_heading_has_the_id_that_each_generator_gives_it(row: tuple[str, ...]) -> None:
    [anchors] = anchors_of(f"## {row[0]}\n")
    assert tuple(anchors.of(style) for style in STYLES) == row[1:]


SEQUENCE = ["A", "A", "A 1", "A", "B", "A-1", "!", "!", "?", "a", "a-1", "a", "x", "x_1", "x", "x"]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("docusaurus", "a a-1 a-1-1 a-2 b a-1-2  -1 -2 a-3 a-1-3 a-4 x x_1 x-1 x-2"),
        ("vitepress", "a a-1 a-1-1 a-2 b a-1-2  -1 -2 a-3 a-1-3 a-4 x x-1 x-2 x-3"),
        ("mkdocs", "a a_1 a-1 a_2 b a-1_1 _1 _2 _3 a_3 a-1_2 a_4 x x_1 x_2 x_3"),
        ("hugo", "a a-1 a-1-1 a-2 b a-1-2 heading heading-1 heading-2 a-3 a-1-3 a-4 x x_1 x-1 x-2"),
        ("jekyll", "a a-1 a-1 a-2 b a-1-1  -1 -2 a-3 a-1-2 a-4 x x_1 x-1 x-2"),
        ("sphinx", "a id1 a-1 id2 b id3 id4 id5 id6 id7 id8 id9 x x-1 id10 id11"),
    ],
)
def test_equal_ones_are_numbered_through_the_page(style: AnchorStyle, expected: str) -> None:
    assert ids("".join(f"## {heading}\n\n" for heading in SEQUENCE), style) == expected.split(" ")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("## Old {#new}", "new new new new new old-new"),
        ("## Old {#new.Name:1}", "new.Name:1 new.Name:1 new.Name:1 new.Name:1 new.Name:1 old-new-name-1"),
        ("## `x` {#new}", "new new new new new x-new"),
        ("## **b** {#new}", "new new new new new b-new"),
        ("## {#new}", "new new new new new new"),
        ("Old {#new}\n---", "new new new new new old-new"),
        ('<h2 id="new">Old</h2>', "new new new new new new"),  # Docusaurus and Sphinx have no heading there
        # In Docusaurus all of these are text; there and on sites of no known kind they are read as what they look like.
        ("## Old { #new }", "new new new new old--new- old-new"),
        ('## Old { .cls #new data-x="1" }', "new new new new old--cls-new-data-x1- old-cls-new-data-x-1"),
        ("## Old {id=new}", "new new new new old-idnew old-id-new"),
        ('## Old {id="new"}', "new new new new old-idnew old-id-new"),
        ("## Old {.cls}", "old old old old old-cls old-cls"),
        ("## Old\n{: #new}", "old old old old new old"),
        ("## Old\n{: .cls #new}\nText", "old old old old new old"),
        ("## Old\n{:#new}", "old old old old new old"),
        ("## Old\n{: id='new'}", "old old old old new old"),
        ("## Old {#other}\n{: #new}", "other other other other new old-other"),
        ("## Old\n\n{: #new}", "old old old old old old"),
        ("## Old\n{#new}", "old old old old old old"),
        ("Text.\n\n{: .cls #new}\n## Old", "old old old old new old"),
        ("(new)=\n## Old", "old old old old old new"),
        ("(New Name_1)=\n## Old", "old old old old old new-name-1"),
        ("(far)=\n(new)=\n## Old", "old old old old old new"),
        ("(new)=\n\n## Old", "old old old old old new"),
        ("{#new}\n\n## Old", "old old old old old new"),
        ("## Old <!-- #new -->", "new old old old old old"),  # `old-` in Jekyll
        ("## Old <!-- new -->", "old old old old old old"),  # `old-` in Docusaurus and Jekyll
        ("## Old <a name='new'></a>", "old- old old old old- old"),
        ('## <a id="new"></a>Old', "old old old old old old"),
    ],
)
def test_an_id_that_the_page_gives_is_taken_where_the_generator_knows_how_it_is_written(
    page: str, expected: str
) -> None:
    site = Flavour("test", line_comments=page.startswith("("))
    found = anchors_of(f"{page}\n\ntext\n", site)[-1]
    assert [found.of(style) for style in STYLES] == expected.split(" ")


def test_an_attribute_without_a_value_is_no_word() -> None:
    [anchors] = anchors_of("## Files { data-search-exclude }\n")
    assert (anchors.mkdocs, anchors.vitepress) == ("files", "files")


def test_docusaurus_takes_an_id_from_a_comment_of_mdx() -> None:
    mdx = Flavour("docusaurus", jsx=True)
    page = "## Old {/* #new */}\n\n## Old {/* new */}\n\n## Old {/* #newer and why */}\n\n## Old \\{#newest}\n"
    assert ids(page, "docusaurus", mdx) == ["new", "old", "newer", "newest"]


def test_gitbook_writes_an_id_as_an_empty_link() -> None:
    """As it exports pages: `What's New` is from documentation that it wrote."""
    page = '## Vault Release Notes <a href="#vault-231" id="vault-231"></a>\n\n## What\'s New\n'
    assert ids(page, "docusaurus") == ["vault-231", "whats-new"]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("docusaurus", "install install install-1 install install-2"),
        ("hugo", "install install install-1 install install-2"),
        ("jekyll", "install install install-1 install install-2"),
        ("mkdocs", "install_1 install install_2 install install_3"),
        ("vitepress", "install install install-1 install install-2"),  # it refuses such a page
        ("sphinx", "install setup-install id1 id2 id3"),
    ],
)
def test_an_id_that_the_page_gives_is_not_numbered(style: AnchorStyle, expected: str) -> None:
    page = "## Install\n\n## Setup {#install}\n\n## Install\n\n## Setup {#install}\n\n## Install\n"
    assert ids(page, style) == expected.split(" ")


@pytest.mark.parametrize(
    ("style", "expected"),
    [("docusaurus", "a a a-1"), ("hugo", "a a-1 a-2"), ("jekyll", "a a a-1"), ("vitepress", "a a-1 a-2")],
)
def test_some_spare_the_ids_that_came_before(style: AnchorStyle, expected: str) -> None:
    assert ids("## B {#a}\n\n## A\n\n## A\n", style) == expected.split(" ")


def test_headings_of_every_kind_and_place_count() -> None:
    page = """
Title
=====

> ## Title

- ## Title

    text

=== "Tab"

    ## Title

!!! note

    ## Title

```
## Title
```

## Title

<h2>Title</h2>
"""
    assert ids(page, "github") == ["title", *(f"title-{count}" for count in range(1, 7))]
    assert ids(page, "mkdocs") == ["title", *(f"title_{count}" for count in range(1, 6)), ""]
    assert ids(page, "hugo") == ["title", *(f"title-{count}" for count in range(1, 6)), ""]


def test_numbers_are_those_that_are_found_by_trying_all_of_them() -> None:
    """As Python-Markdown does it, in time that grows with the square of the headings."""
    draw = random.Random(1)
    for _ in range(200):
        headings = [draw.choice(["a", "a_1", "a_2", "a_10", "b", "b_1", "_1", "é"]) for _ in range(30)]
        used, expected = {""}, []
        for slug in map(mkdocs_slug, headings):
            while slug in used:
                numbered = re.fullmatch(r"(.*)_([0-9]+)", slug)
                slug = f"{numbered[1]}_{int(numbered[2]) + 1}" if numbered else f"{slug}_1"
            used.add(slug)
            expected.append(slug)
        assert ids("".join(f"## {heading}\n\n" for heading in headings), "mkdocs") == expected


def test_github_knows_no_ids_of_pages_and_no_words_of_images() -> None:
    """What it shows of these is the rule of html-pipeline, which it is known to follow; it cannot be run here."""
    page = "## Old {#new}\n\n## An ![icon](i.png) in it\n\n(new)=\n## 🎉 Overview\n"
    assert ids(page, "github") == ["old-new", "an--in-it", "-overview"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Of pymdownx.slugs 10.16 with `case: lower`.
        ("🎉 Overview", "-overview"),
        ("C & D", "c--d"),
        ("Größe der Äpfel", "größe-der-äpfel"),
        ("İstanbul", "istanbul"),
        ("Привет, мир", "привет-мир"),
    ],
)
def test_a_slug_is_that_of_pymdown_extensions(text: str, expected: str) -> None:
    assert pymdownx_slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Of `normalizeLabel` of myst-common 1.10.
        ("What's next", "whats-next"),
        ("🎉 Overview", "id-overview"),
        ("1. First step", "id-1-first-step"),
        ("Größe der Äpfel", "gr-e-der-pfel"),
        ("foo_bar-baz", "foo-bar-baz"),
        ("v1.2.3 (beta)", "v1-2-3-beta"),
        ("日本語", "id"),
    ],
)
def test_a_slug_is_that_of_mystmd(text: str, expected: str) -> None:
    assert mystmd_slug(text) == expected


def test_mystmd_has_labels_and_no_numbers() -> None:
    assert ids("(my_label)=\n## A\n\n## A\n\n## A\n", "mystmd") == ["my-label", "a", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The first four are of the tests of mdBook 0.5, which cannot be run here.
        ("Über", "über"),
        ("中文標題 CJK title", "中文標題-cjk-title"),
        ("`--passes`: add more rustdoc passes", "--passes-add-more-rustdoc-passes"),
        ("::", "section"),
        ("C & D", "c--d"),
        ("½ done", "½-done"),
        ("कोड", "कोड"),
    ],
)
def test_a_slug_is_that_of_mdbook(text: str, expected: str) -> None:
    assert mdbook_slug(text.replace("`", "")) == expected


def test_mdbook_takes_ids_and_numbers_equal_ones() -> None:
    assert ids("## A {#b}\n\n## A\n\n## A\n\n## A -- B\n", "mdbook") == ["b", "a", "a-1", "a--b"]


def test_a_greek_word_ends_as_each_language_of_programming_has_it() -> None:
    [anchors] = anchors_of("## ΟΔΗΓΟΣ\n")
    assert (github_slug("ΟΔΗΓΟΣ"), anchors.hugo, anchors.jekyll) == ("οδηγος", "οδηγοσ", "οδηγοσ")


@pytest.mark.parametrize("sign", ["{#", "<!-- #", '<a id="', "(a", "{: #a", "\\{#", ":a", "--", " {#a}"])
def test_a_long_heading_is_read_in_time_that_grows_with_it(sign: str) -> None:
    page = f"{sign * 100_000}\n\n## {sign * 100_000}\n{sign * 100_000}\n"
    assert len(anchors_of(page)) <= 1


def test_many_equal_headings_are_numbered_in_time_that_grows_with_them() -> None:
    found = anchors_of("## A\n\n" * 20_000)[-1]
    assert (found.docusaurus, found.mkdocs, found.jekyll, found.sphinx) == ("a-19999", "a_19999", "a-19999", "id19999")
