"""Service: one generation replaced by the next while questions are under way."""

import asyncio
import threading
import time

import pytest

from footnote.app.core.errors import IndexDamagedError, NotReadyError
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.index.generations import Generations
from footnote.app.index.reader import open_generation
from footnote.app.service.service import Service
from footnote.ingest.flow import ingest


@pytest.fixture
def publish(tmp_path, write_docs, embedder):
    """Ingests a page with this text; the settings of its index."""
    settings = load_settings(
        env_file=None, docs_dir=tmp_path / "docs", index_dir=tmp_path / "index", reranker="none", query_workers=1
    )

    def publish(text):
        write_docs(settings.folders.docs_dir, {"a.md": text})
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


def is_closed(engine):
    try:
        engine.search("port", 1)
    except (RuntimeError, IndexDamagedError):  # its threads are gone, or Chroma
        return True
    return False


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
        assert not is_closed(old)
        gate.set()
        assert await under_way == "Port 7070."
        await until(lambda: is_closed(old))
        assert await service.run(work) == "Port 8080."
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
        (settings.folders.index_dir / "CURRENT").write_text("none\n")
        await until(lambda: "the index in use stays: " in caplog.text)
        assert await service.run(lambda engine: engine.search("port", 1).hits[0].chunk.text) == "Port 7070."
        (settings.folders.index_dir / "CURRENT").write_text("1\n")
        await asyncio.to_thread(publish, "Port 8080.")
        await generation_is(service, 2)
        following.cancel()

    asyncio.run(scenario())
    service.close()


def test_a_generation_that_is_removed_while_it_is_opened_is_no_problem(publish, monkeypatch, caplog):
    caplog.set_level("WARNING", logger="footnote")  # whatever another test set
    settings = publish("Port 1.")
    service = Service(settings)
    asked_for = []

    def open_late(folder, lexical, store):
        asked_for.append(folder.name)
        if len(asked_for) == 2:
            for port in (3, 4, 5):
                publish(f"Port {port}.")
            assert not folder.exists()
        return open_generation(folder, lexical, store)

    monkeypatch.setattr("footnote.app.service.service.open_generation", open_late)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        await asyncio.to_thread(publish, "Port 2.")
        await generation_is(service, 5)
        following.cancel()

    asyncio.run(scenario())
    service.close()
    assert asked_for == ["1", "2", "5"]
    assert caplog.text == ""


def test_an_index_that_was_opened_too_late_is_closed(publish, monkeypatch):
    service, opened, gate = Service(publish("Port 7070.")), threading.Event(), threading.Event()
    engines = []
    warm_up = Engine.warm_up

    def warm_up_slowly(engine, with_reranker):
        warm_up(engine, with_reranker)
        engines.append(engine)
        opened.set()
        gate.wait(30)

    monkeypatch.setattr(Engine, "warm_up", warm_up_slowly)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await until(opened.is_set)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following

    asyncio.run(scenario())
    service.close()
    gate.set()
    asyncio.run(until(lambda: is_closed(engines[0])))


def test_a_generation_goes_on_being_served_when_its_number_is_written_again(publish):
    settings = publish("Port 7070.")
    service = Service(settings)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        engine = service.engine
        (settings.folders.index_dir / "CURRENT.new").write_text("1\n")
        (settings.folders.index_dir / "CURRENT.new").replace(settings.folders.index_dir / "CURRENT")
        await asyncio.sleep(1)
        assert service.engine is engine
        following.cancel()

    asyncio.run(scenario())
    service.close()


def test_a_folder_is_not_opened_while_it_is_being_closed(publish, monkeypatch):
    """Chroma counts who has a folder open, and counts wrongly otherwise."""
    settings = publish("Port 7070.")
    service = Service(settings)
    doing = []
    close = Engine.close

    def close_slowly(engine):
        doing.append(f"closing {engine.index.generation}")
        time.sleep(1)
        close(engine)
        doing.append("closed")

    def open_told(folder, lexical, store):
        doing.append(f"opening {folder.name}")
        return open_generation(folder, lexical, store)

    monkeypatch.setattr(Engine, "close", close_slowly)
    monkeypatch.setattr("footnote.app.service.service.open_generation", open_told)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        await asyncio.to_thread(publish, "Port 8080.")
        await generation_is(service, 2)
        with Generations(settings.folders.index_dir).lock():
            Generations(settings.folders.index_dir).roll_back()
        await generation_is(service, 1)
        assert await service.run(lambda engine: engine.search("port", 1).hits[0].chunk.text) == "Port 7070."
        following.cancel()

    asyncio.run(scenario())
    assert doing[:5] == ["opening 1", "opening 2", "closing 1", "closed", "opening 1"]
    service.close()


def test_a_whole_question_warms_up_the_models_once_and_files_are_read_each_time(publish, monkeypatch):
    service, warmed = Service(publish("Port 7070.")), []
    warm_up = Engine.warm_up

    def told(engine, with_reranker):
        warmed.append((engine.index.generation, with_reranker))
        warm_up(engine, with_reranker)

    monkeypatch.setattr(Engine, "warm_up", told)

    async def scenario():
        following = asyncio.create_task(service.follow())
        await generation_is(service, 1)
        await asyncio.to_thread(publish, "Port 8080.")
        await generation_is(service, 2)
        assert "files" in vars(service.engine.index)
        following.cancel()

    asyncio.run(scenario())
    service.close()
    assert warmed == [(1, True), (2, False)]
