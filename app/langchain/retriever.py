"""retriever: the passages that an answer would be written from, as LangChain's documents."""

from typing import Annotated, Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from footnote.app.core.errors import QuestionError
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.langchain.connected import Connected
from footnote.app.langchain.documents import documents
from footnote.app.langchain.own_loop import started, waited
from footnote.app.service.answers import Asking

_MOST = 200  # that `GET /search` gives


class FootnoteRetriever(Connected, BaseRetriever):
    """Finds passages; `k` and `filters` can be given with each question too.

    A document's text is the exact text of its passage, its metadata says where that stands (`path`, lines, bytes,
    `sha256`, `generation`) and what each stage of the search thought of it.
    """

    model_config = ConfigDict(extra="forbid")

    k: Annotated[int, Field(ge=1, le=_MOST, description="Passages to find.")] = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, filters: Any = None
    ) -> list[Document]:
        return waited(self._found(self._asking(query, k, filters)))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None, filters: Any = None
    ) -> list[Document]:
        return await started(self._found(self._asking(query, k, filters)))

    def _asking(self, query: str, k: int | None, filters: Any) -> Asking:
        wanted = self.k if k is None else k
        if not 1 <= wanted <= _MOST:
            raise QuestionError(f"`k` is {wanted}: ask for 1 to {_MOST} passages")
        return Asking(without_surrogates(query), wanted, self._query_filter(filters))

    async def _found(self, asking: Asking) -> list[Document]:
        return documents(await self._backend.search(asking), self._backend.base_url)
