"""Each tool and the resources, asked in memory."""

import asyncio
import hashlib
import json

import jsonschema
import pytest
from mcp.shared.exceptions import MCPError

from footnote.app.core.settings import load_settings
from footnote.app.mcp import pages, resources
from footnote.app.questions.question_log import make_question_log
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS
from tests.mcp.clients import NOWHERE, PORT, asked, called, given, refused
from tests.mcp.conftest import served

TOOLS = ["search", "fetch", "ask", "verify_citation", "list_docs", "search_explain"]
OUTSIDE = [
    "../docs/index.md",
    "/etc/passwd",
    "guides/../../pyproject.toml",
    "..%2f..%2fetc%2fpasswd",
    "footnote://other/index.md",
    "footnote://docs/../docs/index.md",
    "footnote://docs/..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "index.md\0",
    "index.md#L0",
    "nothing.md#L1-L2",
    "",
    "\ud800",
]


def test_tools_are_read_only_described_and_have_schemas(server):
    tools = asked(server, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert tool.title and tool.description and "\n    " not in tool.description
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert all("description" in one or "$ref" in one for one in tool.input_schema["properties"].values())


def test_no_word_of_the_docs_is_in_what_describes_the_tools(server):
    async def scenario(client):
        tools, templates = await client.list_tools(), await client.list_resource_templates()
        return json.dumps([tools.model_dump(mode="json"), templates.model_dump(mode="json"), client.instructions])

    assert "Relay" not in asked(server, scenario)


def test_search_finds_pages_and_fetch_reads_them(server):
    async def scenario(client):
        found = await client.call_tool("search", {"query": PORT})
        return found, await client.call_tool("fetch", {"id": found.structured_content["results"][0]["id"]})

    found, fetched = asked(server, scenario)
    assert len(found.content) == len(fetched.content) == 1  # what ChatGPT reads
    results = given(found)["results"]
    assert set(results[0]) == {"id", "title", "url"}
    assert results[0]["id"] == "configuration.md"
    assert results[0]["title"] == "Configuration › Network"
    assert results[0]["url"] == "footnote://docs/configuration.md"
    assert len({one["id"] for one in results}) == len(results)
    page = given(fetched)
    raw = (CORPUS / "configuration.md").read_bytes()
    assert set(page) == {"id", "title", "text", "url", "metadata"}
    assert (page["id"], page["title"], page["text"]) == ("configuration.md", "Configuration", raw.decode())
    assert page["metadata"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert page["metadata"]["next_id"] is None


def test_links_of_the_settings_are_the_urls(guide_index):
    with served(index_dir=guide_index.index_dir, link_template="https://docs.example.com/{page}#{anchor}") as server:
        found = given(called(server, "search", {"query": PORT}))
        fetched = given(called(server, "fetch", {"id": "configuration.md"}))
    assert found["results"][0]["url"] == "https://docs.example.com/configuration/#network"
    assert fetched["url"].startswith("https://docs.example.com/configuration/")


def test_lines_of_a_page_are_fetched(server):
    page = given(called(server, "fetch", {"id": "configuration.md#L14-L14"}))
    assert page["text"].startswith("`RELAY_PORT` is the port")
    assert (page["metadata"]["first_line"], page["metadata"]["last_line"]) == (14, 14)
    for same in ("configuration.md#L14", "footnote://docs/configuration.md#L14"):
        assert given(called(server, "fetch", {"id": same}))["text"] == page["text"]


@pytest.mark.parametrize("id", OUTSIDE)
def test_an_id_reaches_nothing_outside_the_index(server, id):
    told = refused(called(server, "fetch", {"id": id}))
    assert "give the ids of pages" in told or "name lines from 1" in told


def test_an_answer_has_citations_and_links_to_the_cited_pages(server):
    result = called(server, "ask", {"question": PORT})
    answer = given(result)
    assert not answer["refused"] and "7070" in answer["answer"]
    citation = answer["citations"][0]
    raw = (CORPUS / citation["path"]).read_bytes()
    assert raw[citation["start"] : citation["end"]].decode() == citation["quote"]
    links = result.content[1:]
    assert [link.type for link in links] == ["resource_link"] * len(links)
    assert [link.uri for link in links] == [
        f"footnote://docs/{path}" for path in dict.fromkeys(one["path"] for one in answer["citations"])
    ]
    uri = links[0].uri
    read = asked(server, lambda client: client.read_resource(uri))
    assert read.contents[0].text == raw.decode()


def test_a_refusal_is_an_answer_and_is_kept_for_gaps(guide_index, server):
    result = called(server, "ask", {"question": NOWHERE})
    assert given(result)["refused"] and given(result)["nearest"]
    assert len(result.content) == 1
    kept = make_question_log(guide_index.index_dir, guide_index.settings.questions).read(0)
    assert NOWHERE in [one.question for one in kept]


def test_filters_and_history_are_those_of_a_query(server):
    only = given(called(server, "ask", {"question": PORT, "filters": {"path": "install.md"}}))
    assert {one["path"] for one in only["citations"]} <= {"install.md"}
    assert only["searched"]["files"] == 1
    turns = [{"question": PORT, "answer": "Relay listens on port 7070."}]
    assert given(called(server, "ask", {"question": "And which host?", "history": turns}))["asked_as"]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "x" * 2001}, "the question has 2,001 characters; FOOTNOTE_MAX_QUESTION_CHARS allows"),
        ("ask", {"question": "x", "filters": {"path": "!"}}, "names no file"),
        ("ask", {"question": "x", "top_k": 0}, "top_k"),
        ("ask", {}, "question"),
        ("ask", {"question": 5}, "question"),
        ("search", {"query": ""}, "the question is empty"),
        ("search_explain", {"query": "x" * 2001}, "FOOTNOTE_MAX_QUESTION_CHARS"),
        ("list_docs", {"limit": 0}, "limit"),
        ("verify_citation", {"path": "index.md", "start": 0, "end": 1}, "give the `quote`"),
        ("ask", {"question": PORT, "path": "install.md"}, "path"),
        ("list_docs", {"folder": "guides/"}, "folder"),
        ("nothing", {}, "nothing"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(server, tool, arguments, told):
    assert told in refused(called(server, tool, arguments))


def test_a_citation_is_verified_by_its_quote_or_its_hash(server):
    async def scenario(client):
        citation = (await client.call_tool("ask", {"question": PORT})).structured_content["citations"][0]
        place = {name: citation[name] for name in ("path", "start", "end")}
        return [
            await client.call_tool("verify_citation", {**place, **more})
            for more in (
                {"quote": citation["quote"]},
                {"sha256": citation["sha256"].upper()},
                {"quote": citation["quote"], "sha256": citation["sha256"], "generation": citation["generation"]},
                {"quote": citation["quote"], "sha256": "0" * 64},
                {"quote": citation["quote"][:-1]},
                {"quote": "\ud800"},
                {"sha256": "0" * 64},
            )
        ]

    *verified, unknown = asked(server, scenario)
    found = [given(one) for one in verified]
    assert [(one["verdict"], one["still_there"]) for one in found] == [
        ("valid", True),
        ("valid", True),
        ("valid", True),
        ("invalid", False),
        ("invalid", False),
        ("invalid", False),
    ]
    assert found[0]["now"]["path"] == found[0]["path"]
    assert "give the `quote`" in refused(unknown)


def test_edited_docs_are_seen_by_verifying(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nThe port is 7070.\n\nBackups stay for 30 days.\n"})
    flags = {"docs_dir": docs, "index_dir": tmp_path / "index"}
    ingest(load_settings(env_file=None, **flags), lambda stage, done, total: None, embedder)
    (tmp_path / "outside.md").write_text("The port is 7070.")
    quote = "The port is 7070."
    place = {"path": "a.md", "start": 5, "end": 22}
    sha256 = hashlib.sha256(quote.encode()).hexdigest()
    with served(**flags, reranker="none") as server:
        (docs / "a.md").write_text("# A\n\nNew.\n\nThe port is 7070.\n")
        moved = given(called(server, "verify_citation", {**place, "sha256": sha256}))
        (docs / "a.md").write_text("# A\n\nThe port is 7071.\n")
        changed = given(called(server, "verify_citation", {**place, "sha256": sha256}))
        outside = {**place, "path": "../outside.md", "start": 0, "end": 17, "quote": quote}
        invalid = given(called(server, "verify_citation", outside))
    assert (moved["verdict"], moved["still_there"], moved["now"]["start_line"]) == ("moved", True, 5)
    assert (changed["verdict"], changed["still_there"]) == ("changed", False)
    assert "+The port is 7071." in changed["diff"]
    assert (invalid["verdict"], invalid["now"]) == ("invalid", None)


def test_docs_are_listed_in_parts_and_by_folder_and_tag(server):
    async def scenario(client):
        paths, cursor, calls = [], None, 0
        while calls == 0 or cursor:
            out = given(await client.call_tool("list_docs", {"limit": 3, "cursor": cursor}))
            paths += [doc["id"] for doc in out["docs"]]
            cursor, calls = out["next_cursor"], calls + 1
        return paths, out["total"], calls

    paths, total, calls = asked(server, scenario)
    files = sorted(str(file.relative_to(CORPUS)) for file in CORPUS.rglob("*.md"))
    assert (paths, total, calls) == (files, 8, 3)
    guides = given(called(server, "list_docs", {"path": "guides/"}))
    assert [doc["id"] for doc in guides["docs"]] == [path for path in files if path.startswith("guides/")]
    (setup,) = given(called(server, "list_docs", {"tags": ["windows"]}))["docs"]
    assert (setup["id"], setup["tags"]) == ("install.md", ["setup", "linux", "windows"])
    assert (setup["title"], setup["uri"]) == ("Install Acme Relay", "footnote://docs/install.md")


def test_the_stages_of_a_search_are_shown(server, engine):
    out = given(called(server, "search_explain", {"query": PORT, "top_k": 3}))
    assert [hit["chunk"]["id"] for hit in out["hits"]] == [hit.chunk.id for hit in engine.search(PORT, 3).hits]
    assert all(hit["fused"]["rank"] >= 1 for hit in out["hits"])


def test_resources_are_listed_in_parts_and_read(server, monkeypatch):
    monkeypatch.setattr(resources, "_LISTED_AT_ONCE", 5)

    async def scenario(client):
        first = await client.list_resources()
        return first, await client.list_resources(cursor=first.next_cursor)

    first, second = asked(server, scenario)
    assert (len(first.resources), len(second.resources), second.next_cursor) == (5, 3, None)
    by_name = {one.name: one for one in first.resources + second.resources}
    api = by_name["reference/api.md"]
    assert (api.uri, api.mime_type) == ("footnote://docs/reference/api.md", "text/markdown")
    assert api.size == (CORPUS / "reference/api.md").stat().st_size
    (content,) = asked(server, lambda client: client.read_resource(api.uri)).contents
    assert (content.text, content.mime_type) == ((CORPUS / "reference/api.md").read_text(), "text/markdown")


@pytest.mark.parametrize(
    "uri",
    [
        "footnote://docs/nothing.md",
        "footnote://others/index.md",
        "footnote://docs/../index.md",
        "footnote://docs/..%2f..%2fpyproject.toml",
        "footnote://docs//etc/passwd",
        "file:///etc/passwd",
    ],
)
def test_a_resource_reaches_nothing_outside_the_index(server, uri):
    async def scenario(client):
        with pytest.raises(MCPError) as raised:
            await client.read_resource(uri)
        return str(raised.value)

    assert asked(server, scenario)


def test_names_of_files_are_spelled_as_addresses(tmp_path, write_docs, embedder):
    names = ["a b.md", "ünï/50%.md", "hash#L3.md"]
    docs = write_docs(tmp_path / "docs", {name: f"# Page\n\nPage {name}.\n" for name in names})
    flags = {"docs_dir": docs, "index_dir": tmp_path / "index"}
    ingest(load_settings(env_file=None, **flags), lambda stage, done, total: None, embedder)

    async def scenario(client):
        listed = (await client.list_resources()).resources
        read = [(await client.read_resource(one.uri)).contents[0].text for one in listed]
        fetched = [given(await client.call_tool("fetch", {"id": one.name}))["text"] for one in listed]
        return [one.name for one in listed], read, fetched

    with served(**flags, reranker="none") as server:
        found, read, fetched = asked(server, scenario)
    assert sorted(found) == sorted(names)
    assert read == fetched == [f"# Page\n\nPage {name}.\n" for name in found]


def test_a_long_page_is_fetched_in_parts_of_whole_lines(server, monkeypatch):
    monkeypatch.setattr(pages, "MAX_READ_CHARS", 80)

    async def scenario(client):
        parts, id = [], "configuration.md"
        while id:
            page = given(await client.call_tool("fetch", {"id": id}))
            lines = page["metadata"]["first_line"], page["metadata"]["last_line"]
            parts.append((page["text"], lines))
            id = page["metadata"]["next_id"]
        return parts

    parts = asked(server, scenario)
    text = (CORPUS / "configuration.md").read_text()
    assert "".join(part for part, _ in parts) == text
    assert [first for _, (first, _) in parts] == [1, *(last + 1 for _, (_, last) in parts[:-1])]
    assert all(len(part) <= 80 or first == last for part, (first, last) in parts)
    assert any(len(part) > 80 for part, _ in parts)  # one line is never cut


def test_progress_is_told_and_grows(server):
    told = []

    async def heard(progress, total, message):
        told.append((progress, total, message))

    called_with = lambda client: client.call_tool("ask", {"question": PORT}, progress_callback=heard)  # noqa: E731
    asked(server, called_with)
    assert [message for *_, message in told][:2] == ["question embedded", "searched by words"]
    assert [progress for progress, *_ in told] == sorted({progress for progress, *_ in told})
    assert {total for _, total, _ in told} == {7} and told[-1][0] == 7


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_who_cancels_ends_the_request_to_the_language_model(guide_index, fake_llm, mode):
    fake_llm.text, fake_llm.pause_at = "Relay listens on port 7070 [1]. It is fast [1]. " * 3, 8
    flags = {"reranker": "none", "llm_base_url": fake_llm.base_url, "answer_cache": 0}

    async def scenario(client):
        heard = asyncio.Event()

        async def told(progress, total, message):
            if "written" in message:
                heard.set()

        asking = asyncio.create_task(client.call_tool("ask", {"question": PORT}, progress_callback=told))
        await heard.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return await asyncio.to_thread(fake_llm.hung_up.wait, 30)

    with served(index_dir=guide_index.index_dir, **flags) as server:
        assert asked(server, scenario, mode=mode)


def test_over_capacity_is_said_with_when_to_try_again(guide_index, fake_llm):
    fake_llm.silent.set()
    flags = {"reranker": "none", "llm_base_url": fake_llm.base_url, "query_workers": 1, "query_queue": 0}

    async def scenario(client):
        first = asyncio.create_task(client.call_tool("ask", {"question": PORT}))
        while not fake_llm.received:
            await asyncio.sleep(0.01)
        second = await client.call_tool("ask", {"question": "How do I install Relay?"})
        fake_llm.go_on.set()
        return await first, second

    with served(index_dir=guide_index.index_dir, **flags) as server:
        first, second = asked(server, scenario)
    assert not first.is_error
    assert "try again in" in refused(second)


def test_without_an_index_it_says_so(tmp_path):
    with pytest.raises(Exception, match="footnote ingest"), served(index_dir=tmp_path / "none"):
        pass


def test_a_failing_language_model_is_told_without_its_key(guide_index, fake_llm):
    fake_llm.status = 401
    flags = {"reranker": "none", "llm_base_url": fake_llm.base_url, "llm_api_key": "sk-secret-0123456789"}
    with served(index_dir=guide_index.index_dir, **flags, llm_fallback="error") as server:
        told = refused(called(server, "ask", {"question": PORT}))
    assert "language model" in told.lower() or "401" in told
    assert "sk-secret" not in told
