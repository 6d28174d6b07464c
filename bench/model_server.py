"""The models of this run over HTTP, for a peer that lives in another process: embeddings and reranking.

`/v1/embeddings` is OpenAI's, of texts as they are given: a prefix for questions is up to who asks. `/v1/rerank` is that
of Jina, Cohere and vLLM, with raw logits.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from footnote.app.engine.models import Models


class EmbeddingsIn(BaseModel):
    model: str
    input: str | list[str]


class RerankIn(BaseModel):
    query: str
    documents: list[str]


def model_app(models: Models) -> FastAPI:
    """An application that answers with these models."""
    app = FastAPI()

    @app.post("/v1/embeddings")
    def embeddings(given: EmbeddingsIn) -> dict[str, object]:
        texts = [given.input] if isinstance(given.input, str) else given.input
        vectors = models.embedder.embed_documents(texts)
        rows = [{"object": "embedding", "index": place, "embedding": one} for place, one in enumerate(vectors)]
        return {
            "object": "list",
            "data": rows,
            "model": given.model,
            "usage": {"prompt_tokens": 0, "total_tokens": 0},
        }

    @app.post("/v1/rerank")
    def rerank(given: RerankIn) -> dict[str, object]:
        assert models.reranker is not None
        logits = models.reranker.score([(given.query, document) for document in given.documents])
        return {"results": [{"index": place, "relevance_score": one} for place, one in enumerate(logits)]}

    return app


@contextmanager
def serving(models: Models) -> Iterator[str]:
    """The server's URL, without a path; it stops at the end of the block."""
    server = uvicorn.Server(uvicorn.Config(model_app(models), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the model server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
