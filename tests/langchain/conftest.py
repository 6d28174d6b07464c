"""The two backends on one index: in this process, and behind a real service."""

import pytest

from footnote.app.core.settings import load_settings
from tests.fake_llm import run_fake_llm
from tests.serving import until

PORT = "Which port does Relay listen on?"
CUP = "Who won the cup in 1998?"
TEXT = "Relay listens on port 7070 [1]. `a[1]` sets it [1]. Its default port is 9999 [1].\n\nIt can be changed [2]."


@pytest.fixture(scope="module")
def address(guide_index, serve):
    """The address of a service with the bundled models."""
    return ready(serve(index_dir=guide_index.index_dir, reranker="bundled"))


@pytest.fixture(scope="module", params=["in process", "over http"])
def connection(request, guide_index):
    """What names a backend to a retriever or a chain."""
    if request.param == "in process":
        return {"index_dir": guide_index.index_dir}
    return {"url": request.getfixturevalue("address")}


@pytest.fixture(scope="module")
def writer():
    """A language model; each answer of it is asked for anew."""
    with run_fake_llm() as fake:
        yield fake


@pytest.fixture(scope="module", params=["in process", "over http"])
def writing(request, guide_index, serve, writer):
    """What names a backend whose answers that language model writes."""
    settings = {"index_dir": guide_index.index_dir, "llm_base_url": writer.base_url, "answer_cache": 0}
    settings |= {"llm_timeout_s": 600}  # what ends a request is who asked
    if request.param == "in process":
        return {"settings": load_settings(env_file=None, **settings)}
    return {"url": ready(serve(**settings, reranker="bundled"))}


def ready(service):
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    return f"http://127.0.0.1:{service.port}"
