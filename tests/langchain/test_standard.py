"""LangChain's own tests of retrievers, on both backends."""

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from footnote.app.langchain import FootnoteRetriever


# By anyio, which pytest has with httpx: LangChain's tests of asyncio want some plugin, and no certain one.
@pytest.mark.anyio
class TestStandard(RetrieversIntegrationTests):
    @pytest.fixture
    def anyio_backend(self):
        return "asyncio"

    @pytest.fixture(autouse=True)
    def _connect(self, connection):
        self._connection = connection

    @property
    def retriever_constructor(self):
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self):
        return self._connection

    @property
    def retriever_query_example(self):
        return "How do I restore a backup?"
