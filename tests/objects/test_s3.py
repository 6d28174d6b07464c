"""What goes wrong with buckets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from footnote.app.core.errors import ObjectStoreError
from footnote.app.objects.checked import read_whole
from footnote.app.objects.open import open_objects
from tests.servers import free_port

pytestmark = pytest.mark.scale


def test_a_bucket_that_is_not_there(s3_bucket: str) -> None:
    store = open_objects("s3://no-such-bucket/x")
    for call in (
        lambda: store.write("a", b""),
        lambda: next(store.read("a")),
        lambda: list(store.found()),
    ):
        with pytest.raises(ObjectStoreError, match=r"s3://no-such-bucket/x: there is no such bucket; make it first"):
            call()


def test_a_server_that_is_not_there(s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ObjectStoreError, match="check AWS_ENDPOINT_URL") as raised:
        open_objects("s3://footnote").write("a", b"")
    assert "\n" not in str(raised.value)


@pytest.fixture
def cut_twice(s3_server: str) -> Iterator[str]:
    """A proxy to the server that cuts its first two answers off in the middle."""
    answers = 0
    host, port = s3_server.removeprefix("http://").split(":")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def pass_on(client: socket.socket) -> None:
            nonlocal answers
            with closing(client), closing(socket.create_connection((host, int(port)))) as server:
                server.sendall(client.recv(65_536))
                answers += 1
                left = 40_000 if answers <= 2 else 10**9
                while left and (got := server.recv(min(left, 65_536))):
                    client.sendall(got)
                    left -= len(got)

        def accept() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=pass_on, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def test_an_answer_that_breaks_off_is_asked_for_again(
    s3_bucket: str, cut_twice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(250)) * 1000
    open_objects(f"s3://{s3_bucket}").write("cut", content)
    monkeypatch.setenv("AWS_ENDPOINT_URL", cut_twice)
    assert read_whole(open_objects(f"s3://{s3_bucket}"), "cut", len(content)) == content
