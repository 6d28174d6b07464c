"""Whoever may read some pages gets of every route what they would get had the others never been written."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from fastapi.testclient import TestClient
from hypothesis import strategies as st

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Grant
from footnote.app.core.settings import Settings, load_settings
from footnote.app.engine.models import load_models
from footnote.app.http.app import create_app
from footnote.app.models.embedder import Embedder
from tests.ingest.contents import Memoised, quiet_ingest
from tests.random_pages import PAGES, PATHS, QUESTIONS, WORDS
from tests.serving import until


@pytest.fixture(scope="module")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


@pytest.fixture
def models_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models of every service of the test are loaded once: they are the same."""
    loaded: list[Any] = []

    def load(settings: Settings, *rest: Any) -> Any:
        loaded.extend([] if loaded else [load_models(settings, *rest)])
        return loaded[0]

    monkeypatch.setattr("footnote.app.service.service.load_models", load)


def ingested(folder: Path, pages: Mapping[str, list[list[str]]], memoised: Memoised) -> Settings:
    docs = folder / "docs"
    for path, sections in pages.items():
        file = docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(f"## Part {n}\n\nThe {' '.join(words)}." for n, words in enumerate(sections))
        file.write_text(f"---\ntags: [{path.replace('/', '-')}]\n---\n# {path}\n\n{text}\n", "utf-8")
    settings = load_settings(
        None, docs_dir=docs, index_dir=folder / "index", strictness=0, reranker="none", auth="keys", saved_answers=True
    )
    quiet_ingest(settings, memoised)
    return settings


@contextmanager
def asked(settings: Settings, paths: frozenset[str] | None) -> Iterator[TestClient]:
    """The service, for somebody who has a key limited to these paths."""
    keys = KeyStore(settings.folders.index_dir)
    _, key = keys.create(NewKey("reader", Grant(READER_SCOPES, None, paths)))
    keys.close()
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        client.headers["Authorization"] = f"Bearer {key}"
        until(lambda: client.get("/health/ready").status_code == 200, "the service")
        yield client


@hypothesis.settings(
    max_examples=6,
    deadline=None,
    phases=[hypothesis.Phase.generate],  # each example is two services: what failed is small enough
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(pages=PAGES, data=st.data())
def test_what_may_not_be_read_leaves_no_trace(
    pages: dict[str, list[list[str]]],
    data: st.DataObject,
    memoised: Memoised,
    tmp_path_factory: pytest.TempPathFactory,
    models_once: None,
) -> None:
    readable = frozenset(data.draw(st.lists(st.sampled_from(sorted(pages)), min_size=1, unique=True)))
    root = tmp_path_factory.mktemp("leaks")
    everything = ingested(root / "all", pages, memoised)
    some = ingested(root / "some", {path: pages[path] for path in readable}, memoised)
    with ExitStack() as stack:
        limited = stack.enter_context(asked(everything, readable))
        alone = stack.enter_context(asked(some, readable))
        for name, request in REQUESTS.items():
            got, wanted = told(request(limited), everything), told(request(alone), some)
            assert got == wanted, name
        # The requests are no empty ones: whoever may read all gets something else.
        whole = stack.enter_context(asked(everything, None))
        if readable != pages.keys():
            assert told(REQUESTS["overview"](whole), everything) != told(REQUESTS["overview"](limited), everything)


def told(replies: list[Any], settings: Settings) -> str:
    """What a client can see of the replies, without names that are the service's own and without times."""
    seen = json.dumps(replies, sort_keys=True, ensure_ascii=False)
    seen = seen.replace(str(settings.folders.docs_dir), "DOCS")
    seen = re.sub(
        r'"(created_at|saved_at|kept_until|created|id|Location|path)": "[^"]*[0-9a-f]{24,}[^"]*"', r'"\1"', seen
    )
    seen = re.sub(r'"(created_at|saved_at|kept_until)": "[^"]*"', r'"\1"', seen)
    seen = re.sub(r'"(created|id)": (\d+|"chatcmpl-[^"]*")', r'"\1"', seen)
    # Sums of floats in another order: the last digits of cosines differ.
    seen = re.sub(r"\d+\.\d{5,}(e-\d+)?", lambda number: f"{float(number[0]):.4f}", seen)
    return re.sub(r'"timings_ms": \{[^}]*\}', '"timings_ms"', seen)


def _seen(response: Any) -> Any:
    try:
        body = response.json()
    except ValueError:
        body = response.text
    if isinstance(body, dict):
        body.pop("request_id", None)
    headers = {name: value for name, value in response.headers.items() if name in ("etag", "cache-status")}
    return [response.status_code, headers, body]


def _each(path: str, **params: str) -> Callable[[TestClient], list[Any]]:
    return lambda client: [_seen(client.get(path.format(page=page), params=params)) for page in (*PATHS, "x.md")]


def _saved(client: TestClient) -> list[Any]:
    answer = client.post("/query", json={"question": QUESTIONS[0]}).json()
    saved = client.post("/answers", json=answer)
    return [_seen(saved), _seen(client.get(saved.json()["path"]))]


def _verified(client: TestClient) -> list[Any]:
    """Quotes of every page, readable or not, also as if they had been moved from one that is not there."""
    return [
        _seen(client.post("/verify", json={"citations": [_citation(path, word) for path in (*PATHS, "x.md")]}))
        for word in WORDS
    ]


def _citation(path: str, word: str) -> dict[str, Any]:
    quote = f"The {word}".encode()
    where = {"path": path, "start_line": 1, "end_line": 1, "start": 0, "end": len(quote)}
    return {"number": 1, **where, "quote": quote.decode(), "sha256": hashlib.sha256(quote).hexdigest()}


def _by_tools(client: TestClient) -> list[Any]:
    """What an assistant gets."""
    calls: list[tuple[str, dict[str, Any]]] = [("list_docs", {}), ("search", {"query": QUESTIONS[0]})]
    calls += [("ask", {"question": one}) for one in QUESTIONS]
    calls += [("search_explain", {"query": one, "top_k": 50}) for one in QUESTIONS]
    for page in (*PATHS, "x.md"):
        cited = {
            name: value for name, value in _citation(page, "relay").items() if name in ("path", "start", "end", "quote")
        }
        calls += [("fetch", {"id": page}), ("verify_citation", cited)]
    replies = [_rpc(client, "tools/call", {"name": name, "arguments": arguments}) for name, arguments in calls]
    replies.append(_rpc(client, "resources/list", {}))
    return [
        *replies,
        *(_rpc(client, "resources/read", {"uri": f"footnote://docs/{page}"}) for page in (*PATHS, "x.md")),
    ]


def _rpc(client: TestClient, method: str, params: dict[str, Any]) -> Any:
    headers = {"Accept": "application/json, text/event-stream", "Mcp-Method": method}
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    reply = client.post("/mcp", json=message, headers=headers)
    assert reply.status_code == 200, reply.text
    result = json.loads(reply.text.partition("data: ")[2])
    result.get("result", {}).get("structuredContent", {}).pop("timings_ms", None)
    if "structuredContent" in result.get("result", {}):
        result["result"]["content"] = [one for one in result["result"]["content"] if one["type"] != "text"]
    return result


def _filtered(client: TestClient) -> list[Any]:
    filters: list[dict[str, Any]] = [{"path": path} for path in (*PATHS, "internal/", "*", "x.md")]
    filters += [{"tags": [path.replace("/", "-")]} for path in PATHS]
    return [_seen(client.post("/query", json={"question": QUESTIONS[0], "filters": one})) for one in filters]


REQUESTS: Mapping[str, Callable[[TestClient], list[Any]]] = {
    "overview": lambda client: [_seen(client.get("/overview"))],
    "index": lambda client: [_seen(client.get("/index"))],
    "evaluation": lambda client: [_seen(client.get("/evaluation"))],
    "answers": lambda client: [_seen(client.post("/query", json={"question": one})) for one in QUESTIONS],
    "filters": _filtered,
    "searches": lambda client: [_seen(client.get("/search", params={"q": one, "top_k": "50"})) for one in QUESTIONS],
    "why not": lambda client: [
        _seen(client.get("/search/why-not", params={"q": QUESTIONS[0], "page": page})) for page in (*PATHS, "x.md")
    ],
    "views": _each("/view/{page}"),
    "files": _each("/files/1/{page}"),
    "verified": _verified,
    "saved": _saved,
    "tools": _by_tools,
    "for OpenAI's clients": lambda client: [
        _seen(client.post("/v1/chat/completions", json={"model": "footnote", "messages": [message]}))
        for message in ({"role": "user", "content": one} for one in QUESTIONS)
    ],
    "not for readers": lambda client: [
        _seen(client.get(path)) for path in ("/gaps", "/generations", "/index/changes", "/ingest/x")
    ],
}
