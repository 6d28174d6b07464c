"""haiku.rag on standard input and output, for bench/haiku_peer.py; run by an interpreter that has it.

The first line of input has `pages`, their markdown by path, `database`, `url` of bench/model_server.py,
`query_prefix`, `dimensions` and `tokenizer`, a folder; it is answered by `chunks`: of each its `id`, `path` and
`text`. Every further line has `question`, `limit` and `reranked`; it is answered by `ids`, best first.

Pages are given as text, not as files: of a file it refuses all if a picture lies outside the file's folder.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from haiku.rag.client import HaikuRAG
from haiku.rag.config import AppConfig


async def main() -> None:
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    given = json.loads(sys.stdin.readline())
    database = Path(given["database"])
    chunks = []
    async with HaikuRAG(database, config=config(given, reranked=False), create=True) as writing:
        for path, text in given["pages"].items():
            document = await writing.create_document(text, uri=path, format="md")
            stored = await writing.chunk_repository.get_by_document_id(document.id)
            chunks += [{"id": chunk.id, "path": path, "text": chunk.content} for chunk in stored]
        await writing.vacuum()  # until then its full-text index covers the first page alone
    async with (
        HaikuRAG(database, config=config(given, reranked=False)) as plain,
        HaikuRAG(database, config=config(given, reranked=True)) as reranked,
    ):
        print(json.dumps({"chunks": chunks}), file=answers, flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            client = reranked if asked["reranked"] else plain
            results = await client.search(asked["question"], limit=asked["limit"])
            print(json.dumps({"ids": [result.chunk_id for result in results]}), file=answers, flush=True)


def config(given: dict[str, Any], reranked: bool) -> AppConfig:
    """Its defaults, but for the models; the tokenizer by which it counts is the embedder's, as its docs say."""
    url = given["url"] + "/v1"
    embedder = {
        "provider": "openai",
        "name": "bundled",
        "vector_dim": given["dimensions"],
        "base_url": url,
        "api_key": "none",
        "query_prefix": given["query_prefix"],
    }
    reranker = {"provider": "vllm", "name": "bundled", "base_url": url}
    return AppConfig.model_validate(
        {
            "embeddings": {"model": embedder},
            "processing": {"chunking_tokenizer": given["tokenizer"]},
            "reranking": {"model": reranker if reranked else None},
        }
    )


if __name__ == "__main__":
    asyncio.run(main())
