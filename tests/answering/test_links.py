"""Links to cited pages: the anchors of headings, the template, and where the links are shown."""

import json
import random
import re

import pytest
from rich.console import Console
from typer.testing import CliRunner

from footnote.app.answering.links import Links
from footnote.app.cli.main import app
from footnote.app.cli.render import render_answer
from footnote.app.core.errors import SettingsError
from footnote.app.core.link_template import LinkTemplate
from footnote.app.core.settings import load_settings
from footnote.app.core.text.anchors import Anchors, github_slug, mkdocs_slug, page_anchors
from footnote.app.core.text.markdown import parse_blocks
from footnote.app.core.types import Citation
from footnote.app.schemas.answers import AnswerOut
from footnote.ingest.split import split_document
from tests.http.test_http import serving, until
from tests.ingest.test_split import document_of

PORT = "Which port does Relay listen on?"
# Text, then what github-slugger 2.0.0 and `slugify` of Python-Markdown 3.11.3 make of it.
SLUGS = [
    ("Getting started", "getting-started", "getting-started"),
    ("C & D", "c--d", "c-d"),
    ("What is `uv`?", "what-is-uv", "what-is-uv"),
    ("foo_bar-baz", "foo_bar-baz", "foo_bar-baz"),
    ("A  B", "a--b", "a-b"),
    ("Größe der Äpfel", "größe-der-äpfel", "groe-der-apfel"),
    ("日本語 の見出し", "日本語-の見出し", ""),
    ("🎉 Party time", "-party-time", "party-time"),
    ("Party 🎉", "party-", "party"),
    ("Émile’s “quotes”", "émiles-quotes", "emiles-quotes"),
    ("v1.2.3 (beta)", "v123-beta", "v123-beta"),
    ("a/b/c: d", "abc-d", "abc-d"),
    ("--flag", "--flag", "-flag"),
    ("trailing -", "trailing--", "trailing-"),
    ("x² and ½", "x-and-", "x2-and-12"),
    ("Ⅷ", "ⅷ", "viii"),
    ("A\tB", "ab", "a-b"),
    ("Привет, мир", "привет-мир", ""),
    ("İstanbul", "i̇stanbul", "istanbul"),
    ("a–b—c", "abc", "abc"),
    ("#", "", ""),
]


@pytest.mark.parametrize(("text", "github", "mkdocs"), SLUGS)
def test_a_slug_is_that_of_the_tools(text, github, mkdocs):
    assert (github_slug(text), mkdocs_slug(text)) == (github, mkdocs)


def anchors_of(page):
    found = page_anchors(parse_blocks(page, page.count("\n") + 1))
    assert list(found) == sorted(found)
    return list(found.values())


@pytest.mark.parametrize(
    ("headings", "github", "mkdocs"),
    [
        # Also of github-slugger and Python-Markdown.
        (
            ["A", "A", "A 1", "A", "B", "A-1", "!", "!", "?"],
            ["a", "a-1", "a-1-1", "a-2", "b", "a-1-2", "", "-1", "-2"],
            ["a", "a_1", "a-1", "a_2", "b", "a-1_1", "_1", "_2", "_3"],
        ),
        (["a", "a-1", "a"], ["a", "a-1", "a-2"], ["a", "a-1", "a_1"]),
        (["x", "x_1", "x", "x"], ["x", "x_1", "x-1", "x-2"], ["x", "x_1", "x_2", "x_3"]),
    ],
)
def test_equal_slugs_are_numbered_through_the_page(headings, github, mkdocs):
    page = "".join(f"## {heading}\n\n" for heading in headings)
    assert anchors_of(page) == [Anchors(*pair) for pair in zip(github, mkdocs, strict=True)]


def test_numbers_are_those_that_are_found_by_trying_all_of_them():
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
        found = anchors_of("".join(f"## {heading}\n\n" for heading in headings))
        assert [one.mkdocs for one in found] == expected


def test_headings_of_every_kind_and_place_count():
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
"""
    assert [anchor.github for anchor in anchors_of(page)] == ["title", *(f"title-{count}" for count in range(1, 6))]
    assert [anchor.mkdocs for anchor in anchors_of(page)] == ["title", *(f"title_{count}" for count in range(1, 6))]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("# Code `a_b` and **bold** [a link](x.md)", "code-a_b-and-bold-a-link"),
        ("# With <b>html</b> &amp; \\*stars\\*", ("with-html--stars", "with-html-stars")),
        ("# An ![icon](i.png) in it", ("an--in-it", "an-in-it")),
        ("# Closed ##", "closed"),
        ("# GET /users/{id}", "get-usersid"),
        ("# Old { #new }", "new"),
        ("# Old {#new.Name:1}", "new.Name:1"),
        ("# Old {: #new .cls }", "new"),
        ('# Old { .cls #new data-x="1" }', "new"),
        ("# Old {.cls}", "old"),
        ("# Old {#one #two}", "two"),
        ('# Old { .cls data-x="a#b" }', "old"),
        ("# Issue #7 {.cls}", "issue-7"),
    ],
)
def test_an_anchor_is_made_of_the_text_that_is_shown_unless_the_page_gives_one(heading, expected):
    github, mkdocs = expected if isinstance(expected, tuple) else (expected, expected)
    assert anchors_of(heading + "\n") == [Anchors(github, mkdocs)]


def test_an_id_that_the_page_gives_is_not_numbered_and_mkdocs_keeps_it_free():
    page = "## Install\n\n## Setup {#install}\n\n## Install\n\n## Setup {#install}\n"
    github, mkdocs = zip(*anchors_of(page), strict=True)
    assert github == ("install", "install", "install-1", "install")
    assert mkdocs == ("install_1", "install", "install_2", "install")


def test_a_chunk_has_the_anchor_of_the_last_heading_of_its_path():
    page = """Before.

# Guide

## Ä setup

Text one.

## Ä setup

Text two.

> ## Ä setup

# Reference

### Ä setup

Text three.
"""
    chunks = split_document(document_of(page))
    assert [(chunk.heading_path[-1:], chunk.github_anchor, chunk.mkdocs_anchor) for chunk in chunks] == [
        ((), "", ""),
        (("Ä setup",), "ä-setup", "a-setup"),
        (("Ä setup",), "ä-setup-1", "a-setup_1"),
        (("Ä setup",), "ä-setup-3", "a-setup_3"),
    ]


def test_every_piece_of_a_long_section_has_its_anchor():
    page = "# Title\n\n## Long\n\n" + "A sentence of some length. " * 100
    chunks = split_document(document_of(page), 200)
    assert len(chunks) > 10
    assert {chunk.github_anchor for chunk in chunks} == {"long"}


def citation(**changes):
    fields = {
        "number": 1,
        "path": "guides/install.md",
        "title": "Install",
        "heading_path": ("Install", "Ä setup"),
        "start_line": 7,
        "end_line": 9,
        "start": 80,
        "end": 120,
        "quote": "x",
        "sha256": "ab12",
        "generation": 3,
        "github_anchor": "ä-setup",
        "mkdocs_anchor": "a-setup",
    }
    return Citation(**{**fields, **changes})


def url(template, style="github", **changes):
    return Links(load_settings(env_file=None, link_template=template, anchor_style=style).links).url(
        citation(**changes), 3
    )


@pytest.mark.parametrize(
    ("template", "style", "expected"),
    [
        ("https://d.example/{path_without_ext}#{anchor}", "github", "https://d.example/guides/install#%C3%A4-setup"),
        ("https://d.example/{page}#{anchor}", "mkdocs", "https://d.example/guides/install/#a-setup"),
        (
            "https://github.com/o/r/blob/main/docs/{path}#L{start_line}-L{end_line}",
            "github",
            "https://github.com/o/r/blob/main/docs/guides/install.md#L7-L9",
        ),
        (
            "http://[::1]:8000?p={path}&h={sha256}&g={generation}",
            "github",
            "http://[::1]:8000?p=guides/install.md&h=ab12&g=3",
        ),
        ("HTTPS://d.example/x", "github", "HTTPS://d.example/x"),
    ],
)
def test_a_template_is_filled(template, style, expected):
    assert url(template, style) == expected


def test_without_a_template_there_is_no_link():
    assert url(None) is None


def test_the_style_is_githubs_unless_set():
    assert load_settings(env_file=None).links.anchor_style == "github"


def test_before_the_first_heading_there_is_no_fragment():
    assert url("https://d.example/{path}#{anchor}", github_anchor="") == "https://d.example/guides/install.md"


@pytest.mark.parametrize(
    ("path", "page", "without_ext"),
    [
        ("index.md", "", ""),
        ("README.md", "", ""),
        ("guides/index.markdown", "guides/", "guides"),
        ("guides/deep/README.md", "guides/deep/", "guides/deep"),
        ("guides/readme.MD", "guides/readme/", "guides"),
        ("guides/_index.md", "guides/_index/", "guides"),
        ("guides/v1.2.md", "guides/v1.2/", "guides/v1.2"),
        ("guides/reindex.mdx", "guides/reindex/", "guides/reindex"),
    ],
)
def test_the_page_of_a_folder_is_the_folder(path, page, without_ext):
    assert url("https://d.example/{page}", path=path) == f"https://d.example/{page}"
    assert url("https://d.example/{path_without_ext}", path=path) == f"https://d.example/{without_ext}"


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("guides/index.md", ("guides/#%C3%A4-setup", "guides/index.html", "?p=guides")),
        ("index.md", ("#%C3%A4-setup", "index.html", "?p=")),
        ("guides/install.md", ("guides/install/#%C3%A4-setup", "guides/install.html", "?p=guides/install")),
    ],
)
def test_a_folder_is_linked_with_its_slash_and_a_file_with_its_ending(path, links):
    ends = ("{path_without_ext}/#{anchor}", "{path_without_ext}.html", "?p={path_without_ext}")
    assert tuple(url(f"https://d.example/{end}", path=path) for end in ends) == tuple(
        f"https://d.example/{link}" for link in links
    )


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("a b.md", "a%20b.md"),
        ("a?b#c.md", "a%3Fb%23c.md"),
        ("50%2e%2e/x.md", "50%252e%252e/x.md"),
        ("größe/日本.md", "gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC.md"),
        ("x\\..\\y\n\t\x1b.md", "x%5C..%5Cy%0A%09%1B.md"),
        ("@evil.example:80&x=1;y.md", "%40evil.example%3A80%26x%3D1%3By.md"),
        ("\"<>'`.md", "%22%3C%3E%27%60.md"),
    ],
)
def test_a_path_cannot_break_out_of_the_url(path, encoded):
    assert url("https://d.example/{path}", path=path) == f"https://d.example/{encoded}"


def test_an_anchor_cannot_break_out_of_the_fragment():
    assert (
        url("https://d.example/#{anchor}", github_anchor="a/b#c d\"'&") == "https://d.example/#a%2Fb%23c%20d%22%27%26"
    )


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("https://d.example/{file}", "{file} cannot be filled in: the fields are path, path_without_ext, page,"),
        ("https://d.example/{path.parent}", "{path.parent} cannot be filled in"),
        ("https://d.example/{path[0]}", "cannot be filled in"),
        ("https://d.example/{path!r}", "{path} cannot be filled in"),
        ("https://d.example/{path:>9}", "{path} cannot be filled in"),
        ("https://d.example/{path:{anchor}}", "{path} cannot be filled in"),
        ("https://d.example/{}", "{} cannot be filled in"),
        ("https://d.example/{0}", "{0} cannot be filled in"),
        ("https://d.example/{path", "expected '}'"),
        ("https://d.example/path}", "Single '}'"),
        ("https://d.example/{{path}}", "characters that a URL cannot have"),
        ("https://d.example/a b/{path}", "characters that a URL cannot have"),
        ("https://d.example/\x1b{path}", "characters that a URL cannot have"),
        ("https://d.example\\{path}", "characters that a URL cannot have"),
        ("javascript:alert({path})", "must begin with http:// or https://"),
        ("file:///{path}", "must begin with"),
        ("ftp://d.example/{path}", "must begin with"),
        ("//d.example/{path}", "must begin with"),
        ("{path}", "must begin with"),
        ("https://{path}/", "must begin with"),
        ("https://d.example{path}", "must begin with"),
        ("https://d.example:80{start_line}/", "must begin with"),
        ("HTTPS://d.example{path}", "must begin with"),
        ("https:///{path}", "must begin with"),
        ("https://:80/{path}", "must begin with"),
        ("https://[d.example/{path}", "Invalid IPv6"),
        ("https:/d.example/{path}", "must begin with"),
    ],
)
def test_a_template_that_is_none_is_refused_at_load(template, message):
    with pytest.raises(SettingsError) as raised:
        load_settings(env_file=None, link_template=template)
    assert str(raised.value).startswith("FOOTNOTE_LINK_TEMPLATE: ")
    assert message in str(raised.value)


def test_a_style_that_is_none_is_refused_at_load():
    with pytest.raises(SettingsError, match="FOOTNOTE_ANCHOR_STYLE"):
        load_settings(env_file=None, anchor_style="gitlab")


def test_an_empty_template_in_the_environment_is_none(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_LINK_TEMPLATE", "")
    assert load_settings(env_file=None).links.template is None


def test_filling_twice_gives_the_same():
    template = LinkTemplate("https://d.example/{path}#{anchor}")
    values = {"path": "a.md", "anchor": ""}
    assert template.fill(values) == template.fill(values) == "https://d.example/a.md"


TEMPLATE = "https://d.example/{path}#{anchor}"
LINK = "https://d.example/configuration.md#network"


def test_every_citation_of_an_answer_has_its_link(make_engine, fake_llm):
    best = make_engine(link_template=TEMPLATE).ask(PORT).citations[0]
    assert best.url == LINK
    llm = {"llm": "openai:fake", "llm_base_url": fake_llm.base_url}
    (written,) = make_engine(link_template=TEMPLATE, **llm).ask(PORT).citations
    assert written.url == LINK
    assert [citation.url for citation in make_engine(**llm).ask(PORT).citations] == [None]


def test_the_command_line_shows_it(guide_index):
    def run(*options, **env):
        settings = {"FOOTNOTE_INDEX_DIR": str(guide_index.index_dir), "FOOTNOTE_RERANKER": "none"}
        return CliRunner().invoke(app, ["ask", PORT, *options], env={**settings, **env}).stdout

    assert f"\n    {LINK}\n" in run(FOOTNOTE_LINK_TEMPLATE=TEMPLATE)
    assert "https://" not in run()
    assert json.loads(run("--json", FOOTNOTE_LINK_TEMPLATE=TEMPLATE))["citations"][0]["url"] == LINK
    assert json.loads(run("--json"))["citations"][0]["url"] is None


def test_the_service_shows_it(guide_index):
    with serving(index_dir=guide_index.index_dir, reranker="none", link_template=TEMPLATE) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        assert client.post("/query", json={"question": PORT}).json()["citations"][0]["url"] == LINK


def test_a_terminal_gets_a_link_to_click_and_to_copy_in_one_piece(make_engine):
    answer = make_engine(link_template="https://d.example/" + "x" * 100 + "/{path}#{anchor}").ask(PORT)
    link = answer.citations[0].url
    console = Console(force_terminal=True, width=60, legacy_windows=False)
    with console.capture() as capture:
        console.print(render_answer(answer), crop=False)
    shown = capture.get()
    line = next(line for line in shown.splitlines() if "d.example" in line)
    assert f";{link}\x1b\\    {link}\x1b]8" in line
    assert AnswerOut.model_validate(answer).citations[0].url == link
