"""What becomes of backends: shared while in use, let go afterwards, following the index; and what importing costs."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footnote.app.core.errors import ServiceError
from footnote.app.core.settings import load_settings
from footnote.app.langchain import FootnoteChain, FootnoteRetriever
from footnote.ingest.flow import ingest
from tests.serving import ROOT, until

ASKING = """
import sys
from footnote.app.langchain import FootnoteChain, FootnoteRetriever
chain, retriever = FootnoteChain(url={url!r}), FootnoteRetriever(url={url!r})
print("7070" in chain.invoke("Which port does Relay listen on?").text, len(retriever.invoke("port")))
print({{name.partition(".")[0] for name in sys.modules}} & {heavy!r})
"""
HEAVY = {"chromadb", "fastapi", "langchain", "langchain_openai", "numpy", "onnxruntime", "tantivy", "tokenizers"}


def test_asking_a_service_loads_no_models_and_no_index(address):
    program = ASKING.format(url=address, heavy=HEAVY)
    env = {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split("\n")[:2] == ["True 4", "set()"]


def test_a_program_that_asked_in_its_process_ends(guide_index):
    program = (
        "from footnote.app.langchain import FootnoteChain\n"
        f"print(FootnoteChain(index_dir={str(guide_index.index_dir)!r}).invoke('Which port?').text != '')"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


@pytest.mark.parametrize("kind", [FootnoteRetriever, FootnoteChain])
def test_a_service_is_asked_a_few_at_a_time(kind):
    with counting() as (url, counts):
        failed = asyncio.run(kind(url=url).abatch(["Which port?"] * 30, return_exceptions=True))
    assert {type(error) for error in failed} == {ServiceError}
    assert 1 < max(counts) <= 8
    assert len(counts) == 30


@contextmanager
def counting():
    """A server that refuses everything; the counts are how many requests it had at a time, when each came."""
    counts, inside, lock = [], [], threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            with lock:
                inside.append(self)
                counts.append(len(inside))
            time.sleep(0.3)
            with lock:
                inside.remove(self)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(422)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", counts
        server.shutdown()


def test_a_retriever_and_a_chain_on_one_index_load_it_once(guide_index):
    chain = FootnoteChain(index_dir=guide_index.index_dir)
    retriever = FootnoteRetriever(index_dir=guide_index.index_dir, k=2)
    assert chain._backend is retriever._backend
    assert chain._backend is not FootnoteChain(index_dir=guide_index.index_dir / "other")._backend


def test_an_index_that_nobody_asks_any_more_is_let_go(tmp_path, write_docs, embedder):
    settings = small_index(tmp_path, write_docs, embedder)
    retriever = FootnoteRetriever(settings=settings)
    retriever.invoke("port")

    def held():
        return [link for link in open_files() if str(settings.folders.index_dir) in link]

    assert held()
    del retriever
    gc.collect()
    until(lambda: not held(), "the index to be closed")


def test_an_index_can_be_let_go_and_asked_again_at_once(tmp_path, write_docs, embedder):
    settings = small_index(tmp_path, write_docs, embedder)
    for _ in range(5):
        assert "7070" in FootnoteRetriever(settings=settings).invoke("port")[0].page_content


def test_what_is_published_is_found_without_opening_anew(tmp_path, write_docs, embedder):
    settings = small_index(tmp_path, write_docs, embedder)
    retriever = FootnoteRetriever(settings=settings, k=1)
    assert "7070" in retriever.invoke("port")[0].page_content
    write_docs(tmp_path / "docs", {"a.md": "# Port\n\nIt listens on 8080.\n"})
    ingest(settings, lambda *_: None, embedder)
    until(lambda: "8080" in retriever.invoke("port")[0].page_content)
    assert retriever.invoke("port")[0].metadata["generation"] == 2


def test_threads_that_ask_at_once_get_their_own_answers(guide_index):
    retriever = FootnoteRetriever(index_dir=guide_index.index_dir, k=1)
    alone = {question: retriever.invoke(question) for question in ("port", "backup", "upgrade", "delete")}
    wrong = []

    def ask(question):
        wrong.extend(question for _ in range(2) if retriever.invoke(question) != alone[question])

    threads = [threading.Thread(target=ask, args=[question]) for question in alone for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def small_index(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# Port\n\nIt listens on 7070.\n"})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)
    return settings


def open_files():
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            continue
    return links
