"""A store whose server is stopped and started again, whichever it is."""

from collections.abc import Callable
from contextlib import closing
from typing import Protocol

import pytest

from footnote.app.core.errors import StoreUnreachableError
from footnote.app.core.settings import Settings
from footnote.app.index.reader import open_index
from footnote.app.index.store import make_store
from footnote.ingest.flow import preview
from tests.ingest.contents import Memoised, quiet_ingest


class Server(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


def assert_goes_on_once_its_server_is_back(
    settings: Settings, server: Server, memoised: Memoised, edit: Callable[[], None], said: str
) -> None:
    """Of an index of one generation: without the server each use says so, nothing is rebuilt, and then all goes on."""
    question = memoised.embed_query("Which port?")
    with closing(open_index(settings.folders.index_dir, store=make_store(settings.store))) as index:
        before = index.vectors.search(question, 5)
        assert before
        edit()
        server.stop()
        try:
            for use in (
                lambda: index.vectors.search(question, 5),
                lambda: open_index(settings.folders.index_dir, store=make_store(settings.store)),
                lambda: preview(settings, lambda *_: None, memoised.fingerprint),
                lambda: quiet_ingest(settings, memoised),
                lambda: quiet_ingest(settings, memoised, rebuild=True),
            ):
                with pytest.raises(StoreUnreachableError, match=said):
                    use()
        finally:
            server.start()
        assert index.vectors.search(question, 5) == before
        server.stop()
        server.start()  # the connection that was kept is dead
        assert index.vectors.search(question, 5) == before
    report = quiet_ingest(settings, memoised)
    assert report.rebuilt_because is None and report.manifest.generation == 2
