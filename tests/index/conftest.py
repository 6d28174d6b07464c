"""Servers that tests of stores share."""

from collections.abc import Iterator

import pytest

from tests.index.milvus_server import free_port, milvus_lite


@pytest.fixture(scope="session")
def milvus_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that all tests of the session share, as indexes do."""
    port = free_port()
    with milvus_lite(tmp_path_factory.mktemp("milvus") / "server", port):
        yield f"http://127.0.0.1:{port}"
