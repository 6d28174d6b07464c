"""Links to cited pages: the anchors of chunks, the template, and where the links are shown."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from footnote.app.answering.links import Links
from footnote.app.cli.main import app
from footnote.app.cli.render import render_answer
from footnote.app.core.errors import SettingsError
from footnote.app.core.link_template import LinkTemplate
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Anchors, Citation
from footnote.app.schemas.answers import AnswerOut
from footnote.ingest.split import split_document
from tests.http.test_http import serving, until
from tests.ingest.test_split import document_of

PORT = "Which port does Relay listen on?"


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
    assert [(chunk.heading_path[-1:], chunk.anchors.github, chunk.anchors.mkdocs) for chunk in chunks] == [
        ((), "", ""),
        (("Ä setup",), "ä-setup", "a-setup"),
        (("Ä setup",), "ä-setup-1", "a-setup_1"),
        (("Ä setup",), "ä-setup-3", "a-setup_3"),
    ]


def test_every_piece_of_a_long_section_has_its_anchor():
    page = "# Title\n\n## Long\n\n" + "A sentence of some length. " * 100
    chunks = split_document(document_of(page), 200)
    assert len(chunks) > 10
    assert {chunk.anchors.github for chunk in chunks} == {"long"}


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
        "anchors": Anchors(github="ä-setup", mkdocs="a-setup", vitepress="a-setup-1"),
    }
    return Citation(**{**fields, **changes})


def url(template, style="github", site="hugo", **changes):
    settings = load_settings(env_file=None, link_template=template, anchor_style=style)
    return Links(settings.links, site).url(citation(**changes), 3)


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


@pytest.mark.parametrize(
    ("style", "template", "anchor"),
    [
        ("auto", "https://d.example/{path}#{anchor}", "a-setup-1"),
        ("mkdocs", "https://d.example/{path}#{anchor}", "a-setup"),
        ("auto", "https://github.com/o/r/blob/main/{path}#{anchor}", "%C3%A4-setup"),
        ("auto", "https://GitHub.com/o/r/blob/main/{path}#{anchor}", "%C3%A4-setup"),
        ("vitepress", "https://github.com/o/r/blob/main/{path}#{anchor}", "a-setup-1"),
        ("auto", "https://github.company.example/{path}#{anchor}", "a-setup-1"),
    ],
)
def test_the_style_is_that_of_the_site_unless_set_and_unless_the_link_leads_to_github(style, template, anchor):
    assert load_settings(env_file=None).links.anchor_style == "auto"
    assert url(template, style, site="vitepress").rpartition("#")[2] == anchor


def test_before_the_first_heading_there_is_no_fragment():
    assert url("https://d.example/{path}#{anchor}", anchors=Anchors()) == "https://d.example/guides/install.md"


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
        url("https://d.example/#{anchor}", anchors=Anchors(github="a/b#c d\"'&"))
        == "https://d.example/#a%2Fb%23c%20d%22%27%26"
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
