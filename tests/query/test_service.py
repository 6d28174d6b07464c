"""Service: one generation replaced by the next while questions are under way."""

import asyncio
import threading

import pytest

from app.core.settings import load_settings
from app.problems import NotReadyError
from app.service import Service
from ingest.flow import ingest


@pytest.fixture
def publish(tmp_path, write_docs, embedder):
    """Ingests a page with this text; the settings of its index."""
    settings = load_settings(
        env_file=None, docs_dir=tmp_path / "docs", index_dir=tmp_path / "index", reranker="none", query_workers=1
    )

    def publish(text):
        write_docs(settings.docs_dir, {"a.md": text})
        ingest(settings, lambda *_: None, embedder)
        return settings

    return publish


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def generation_is(service, number):
    def serves():
        try:
            return service.engine.index.generation == number
        except NotReadyError:
            return False

    await until(serves)


def test_a_question_keeps_its_generation_open_until_it_is_answered(publish):
    service, started, gate = Service(publish("Port 7070.")), threading.Event(), threading.Event()

    def work(engine):
        started.set()
        gate.wait(30)
        return engine.search("port", 1).hits[0].chunk.text

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        old = service.engine
        under_way = asyncio.create_task(service.run(work))
        await until(started.is_set)
        await asyncio.to_thread(publish, "Port 8080.")
        await generation_is(service, 2)
        gate.set()
        assert await under_way == "Port 7070."
        assert await service.run(work) == "Port 8080."
        # One worker: the old engine's last user was gone before the second question began.
        with pytest.raises(RuntimeError, match="shutdown"):
            old.search("port", 1)
        following.cancel()

    try:
        asyncio.run(scenario())
    finally:
        gate.set()
        service.close()


def test_an_index_that_cannot_be_read_leaves_the_one_in_use(publish, caplog):
    settings = publish("Port 7070.")
    service = Service(settings)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        (settings.index_dir / "CURRENT").write_text("none\n")
        await until(lambda: "the index in use stays: " in caplog.text)
        assert await service.run(lambda engine: engine.search("port", 1).hits[0].chunk.text) == "Port 7070."
        (settings.index_dir / "CURRENT").write_text("1\n")
        await asyncio.to_thread(publish, "Port 8080.")
        await generation_is(service, 2)
        following.cancel()

    asyncio.run(scenario())
    service.close()
