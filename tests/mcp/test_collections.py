"""Several collections over MCP: all are searched, pages have addresses with their collection's name."""

import pytest

from footnote.app.core.collections import load_collections
from footnote.ingest.flow import ingest
from tests.mcp.clients import asked, called, given, refused
from tests.mcp.conftest import served

PAGES = {
    "alpha": {"install.md": "# Install\n\nInstall Alpha with `pip install alpha-tool`.\n", "z.md": "# Z\n\nLast.\n"},
    "beta": {"install.md": "# Install\n\nInstall Beta with `apt install beta-tool`.\n"},
}
BETA = "How do I install Beta?"


@pytest.fixture(scope="module")
def project(tmp_path_factory, embedder):
    """A server on a project of two."""
    folder = tmp_path_factory.mktemp("project")
    for name, pages in PAGES.items():
        (folder / name).mkdir()
        for path, text in pages.items():
            (folder / name / path).write_text(text, "utf-8")
    file = folder / "footnote.toml"
    tables = (f"[collections.{name}]\ndocs = '{name}'\nindex = '{name}_db'\nreranker = 'none'\n" for name in PAGES)
    file.write_text("".join(tables), "utf-8")
    for one in load_collections(None, config=file):
        ingest(one.settings, lambda *_: None, embedder)
    with served(config=file, index_dir=folder / "db") as server:
        yield server


def test_a_question_goes_to_all_or_to_one(project):
    result = called(project, "ask", {"question": BETA})
    answer = given(result)
    assert [one["name"] for one in answer["collections"]] == ["alpha", "beta"]
    assert answer["citations"][0]["collection"] == "beta"
    assert result.content[1].uri == "footnote://beta/install.md"
    alone = given(called(project, "ask", {"question": BETA, "collection": "alpha"}))
    assert [one["name"] for one in alone["collections"]] == ["alpha"]
    assert "collection 'gamma'" in refused(called(project, "ask", {"question": BETA, "collection": ["gamma"]}))


def test_what_is_found_is_fetched_by_its_address(project):
    found = given(called(project, "search", {"query": "install"}))["results"]
    assert {one["id"] for one in found} >= {"footnote://alpha/install.md", "footnote://beta/install.md"}
    for one in found:
        page = given(called(project, "fetch", {"id": one["id"]}))
        name, path = page["url"].removeprefix("footnote://").split("/")
        assert page["text"] == PAGES[name][path]
    lines = given(called(project, "fetch", {"id": "footnote://beta/install.md#L3"}))
    assert lines["text"] == PAGES["beta"]["install.md"].split("\n")[2] + "\n"
    assert given(called(project, "fetch", {"id": "install.md", "collection": "beta"}))["text"].endswith("beta-tool`.\n")
    assert "alpha, beta" in refused(called(project, "fetch", {"id": "install.md"}))
    assert "give the ids of pages" in refused(called(project, "fetch", {"id": "footnote://gamma/install.md"}))


def test_pages_are_listed_collection_by_collection(project):
    listed = given(called(project, "list_docs", {"collection": "beta"}))["docs"]
    assert [(one["id"], one["uri"]) for one in listed] == [("footnote://beta/install.md",) * 2]
    assert "alpha, beta" in refused(called(project, "list_docs"))

    async def all_resources(client):
        uris, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            uris += [str(one.uri) for one in page.resources]
            cursor = page.next_cursor
            if cursor is None:
                return uris

    expected = [f"footnote://{name}/{path}" for name, pages in PAGES.items() for path in pages]
    assert asked(project, all_resources) == expected


def test_a_citation_is_verified_in_its_collection(project):
    citation = given(called(project, "ask", {"question": BETA}))["citations"][0]
    named = {name: citation[name] for name in ("path", "start", "end", "quote", "collection")}
    assert given(called(project, "verify_citation", named))["verdict"] == "valid"
    assert given(called(project, "verify_citation", {**named, "collection": "alpha"}))["verdict"] != "valid"
