"""`GET /files/...` and `GET /view/...` of a real service, while the docs folder moves on."""

import hashlib
import http.client
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import Settings, load_settings
from footnote.app.http.app import create_app
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.reading.shown import elements_of, marked_lines, marked_text
from tests.serving import PATIENCE_S, Running, Serve

ODD = "größe & co/a b#c?%20.md"
PAGES = {
    "ports.md": "---\ntitle: Ports\n---\n# Ports\n\nRelay listens on port 7070.\n\nIt needs no root.\n",
    ODD: "# Odd\r\n\r\nBackups are kept for 30 days.\r\n",
    "evil.md": "# Evil\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://evil.example/p.png)\n",
}


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site(NamedTuple):
    service: Running
    settings: Settings
    publish: Callable[[Mapping[str, str]], int]

    def get(self, path: str, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE_S)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        reply = Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        connection.close()
        return reply


@pytest.fixture(scope="module")
def site(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("reading")
    settings = load_settings(env_file=None, docs_dir=folder / "docs", index_dir=folder / "index")

    def publish(pages: Mapping[str, str]) -> int:
        write_docs(settings.folders.docs_dir, pages)
        return ingest(settings, lambda *_: None, embedder).manifest.generation

    publish(PAGES)
    publish({"ports.md": "# Ports\n\nRelay listens on port 9090.\n"})
    service = serve(index_dir=settings.folders.index_dir)
    service.serves(2)
    write_docs(settings.folders.docs_dir, {"ports.md": "edited after both\n", "evil.md": "gone\n"})
    yield Site(service, settings, publish)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("path", PAGES)
def test_bytes_are_those_of_the_generation_whatever_the_folder_holds(site: Site, path: str) -> None:
    reply = site.get(f"/files/1/{quote(path)}")
    assert (reply.status, reply.body) == (200, PAGES[path].encode())
    assert reply.headers["etag"] == f'"{sha256(PAGES[path])}"'
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert reply.headers["cache-control"] == "private, no-cache"


def test_bytes_that_the_client_has_are_not_sent_again(site: Site) -> None:
    etag = f'"{sha256(PAGES["ports.md"])}"'
    for sent in (etag, f'"other", W/{etag}', "*"):
        reply = site.get("/files/1/ports.md", If_None_Match=sent)
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", etag)
    assert site.get("/files/2/ports.md", If_None_Match=etag).status == 200


@pytest.mark.parametrize(
    "path",
    ["/files/3/ports.md", "/files/1/missing.md", "/files/1/", "/files/1/..%2f..%2fetc%2fpasswd", "/files/1/%2e%2e/x"],
)
def test_what_is_in_no_kept_generation_is_a_404(site: Site, path: str) -> None:
    reply = site.get(path)
    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(reply.text)["type"] == "urn:footnote:problem:page-unknown"


def test_a_view_marks_the_lines_that_were_cited(site: Site) -> None:
    reply = site.get("/view/ports.md?generation=1&lines=6")
    assert reply.status == 200
    assert marked_lines(reply.text) == {6: "Relay listens on port 7070."}
    assert marked_text(reply.text) == ["Relay listens on port 7070."]
    assert "The page was changed since" in reply.text
    live = site.get("/view/ports.md?lines=L3-L3")
    assert marked_lines(live.text) == {3: "Relay listens on port 9090."}
    assert "role=" not in live.text


def test_a_path_is_whatever_its_name_holds(site: Site) -> None:
    reply = site.get(f"/view/{quote(ODD)}?generation=1&lines=3")
    assert marked_lines(reply.text) == {3: "Backups are kept for 30 days."}
    raw = next(one for one in elements_of(reply.text) if one.text == "Raw file")
    assert site.get(raw.attributes["href"]).body == PAGES[ODD].encode()


def test_a_view_runs_and_loads_nothing(site: Site) -> None:
    reply = site.get("/view/evil.md?generation=1")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; ")
    assert "unsafe" not in policy and "script-src" not in policy
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    found = elements_of(reply.text)
    assert not {"script", "img", "style", "iframe", "form"} & {one.tag for one in found}
    assert not [name for one in found for name in one.attributes if name == "style" or name.startswith("on")]
    assert not [one for one in found if "javascript" in one.attributes.get("href", "")]
    loaded = [one.attributes["href"] for one in found if one.tag == "link"]
    assert loaded == ["/reading.css"]


def test_the_styles_are_served_and_load_nothing(site: Site) -> None:
    reply = site.get("/reading.css")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert ":target" in reply.text and "prefers-color-scheme: dark" in reply.text
    assert not re.search(r"url\(|@import", reply.text)


def test_a_browser_gets_a_page_for_what_is_unknown_and_a_program_a_problem(site: Site) -> None:
    page = site.get("/view/ports.md?generation=9", Accept="text/html,*/*;q=0.8")
    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert 'href="/view/ports.md"' in page.text and "generation 9 is not kept" in page.text
    problem = site.get("/view/ports.md?generation=9")
    assert (problem.status, problem.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("query", ["lines=x", "lines=1-2-3", "generation=x", "generation=-1", "from=0", "from=1e9"])
def test_a_malformed_request_is_a_422(site: Site, query: str) -> None:
    assert site.get(f"/view/ports.md?{query}").status == 422


def test_an_answer_leads_to_what_it_quotes(site: Site) -> None:
    status, _, answer = site.service.request("POST", "/query", {"question": "How long are backups kept?"})
    assert status == 200 and answer["citations"]
    for cited in answer["citations"]:
        raw = site.get(f"/files/{cited['generation']}/{quote(cited['path'])}").body
        assert hashlib.sha256(raw[cited["start"] : cited["end"]]).hexdigest() == cited["sha256"]
        lines = f"{cited['start_line']}-{cited['end_line']}"
        page = site.get(f"/view/{quote(cited['path'])}?generation={cited['generation']}&lines={lines}").text
        assert list(marked_lines(page)) == list(range(cited["start_line"], cited["end_line"] + 1))


def test_links_to_cited_pages_can_be_made_to_lead_to_the_views(serve: Serve, site: Site) -> None:
    template = "https://help.example/view/{path}?generation={generation}&lines={start_line}-{end_line}#L{start_line}"
    service = serve(index_dir=site.settings.folders.index_dir, link_template=template)
    service.serves(2)
    _, _, answer = service.request("POST", "/query", {"question": "How long are backups kept?"})
    (cited,) = answer["citations"]
    expected = f"https://help.example/view/{quote(ODD)}?generation=2&lines=3-3#L3"
    assert cited["url"] == expected
    page = site.get(cited["url"].removeprefix("https://help.example").partition("#")[0]).text
    assert marked_lines(page) == {3: "Backups are kept for 30 days."}


def test_a_page_is_read_before_models_are_loaded_and_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    client = TestClient(create_app(load_settings(env_file=None, index_dir=tmp_path / "index")))
    for path in ("/files/1/a.md", "/view/a.md"):
        reply = client.get(path)
        assert reply.status_code in (404, 503)
        assert "run `footnote ingest` first" in reply.json()["detail"]


def test_the_generation_before_last_is_gone_with_the_next_ingest(site: Site) -> None:
    assert site.publish({"new.md": "# New\n"}) == 3
    assert site.get("/files/1/ports.md").status == 404
    assert site.get("/files/2/ports.md").status == 200
    assert b"edited after both" in site.get("/view/ports.md").body
