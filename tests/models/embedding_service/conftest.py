"""A fake server and embedders that ask it."""

from collections.abc import Callable, Iterator

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.models.embedder import make_embedder
from footnote.app.models.embedding_service import waiting
from footnote.app.models.embedding_service.embedder import ServiceEmbedder
from tests.fake_embeddings import FakeEmbeddings, run_fake_embeddings

MakeService = Callable[..., ServiceEmbedder]


@pytest.fixture
def fake() -> Iterator[FakeEmbeddings]:
    with run_fake_embeddings() as running:
        yield running


@pytest.fixture(autouse=True)
def _tries_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_S", 0.001)
    monkeypatch.setattr(waiting, "LONGEST_S", 0.01)


@pytest.fixture
def make_service(fake: FakeEmbeddings) -> MakeService:
    """Makes an embedder of the fake server, with settings of its own."""

    def make(**flags: object) -> ServiceEmbedder:
        given = {"embedder": "openai:m", "embedder_base_url": fake.base_url, **flags}
        settings = load_settings(env_file=None, **given)
        made = make_embedder(settings.models, settings.llm, settings.embedding_service)
        assert isinstance(made, ServiceEmbedder)
        return made

    return make
