"""haiku.rag as a peer, in a process and an environment of its own; it needs Python 3.12.

    python3.12 -m venv HAIKU
    HAIKU/bin/pip install haiku.rag-slim==0.101.1 'transformers<6' \
        'docling-slim[convert-core,extract-core,feat-chunking,format-html,format-markdown]==2.142.0'

The whole `haiku.rag` takes torch for its PDF models; markdown needs none. Everything is its default but the models,
which bench/model_server.py serves to it. It stores rewritten markdown: where its chunks stand in the file is found by
their words (`located`), before any question.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from judgments import Found, located
from peers import DEPTH, pages_of

from footnote.app.engine.models import Models
from footnote.app.models.embedder import BUNDLED, BUNDLED_QUERY_PREFIX
from footnote.app.models.onnx_model import bundled_folder


class Haiku:
    """haiku.rag's hybrid search, as it comes: no reranker."""

    def __init__(self, python: Path, models: Models, url: str) -> None:
        self._python = python
        self._models = models
        self._url = url

    def build(self, docs: Path, work: Path) -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        # -P: a script's folder is on its path otherwise, and this one has modules of its own.
        command = [str(self._python), "-P", str(Path(__file__).with_name("haiku_driver.py"))]
        env = {**os.environ, "HF_HUB_OFFLINE": "1", "LOGFIRE_IGNORE_NO_CONFIG": "1", "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        pages = pages_of(docs)
        built = self._ask(
            pages=pages,
            database=str(work.resolve() / "index.lancedb"),
            url=self._url,
            query_prefix=BUNDLED_QUERY_PREFIX,
            dimensions=len(self._models.embedder.embed_query("")),
            tokenizer=str(bundled_folder(BUNDLED)),
        )
        self._found: dict[str, Found] = {}
        lost = 0
        for path, page in pages.items():
            here = [chunk for chunk in built["chunks"] if chunk["path"] == path]
            spans = located([chunk["text"] for chunk in here], page)
            for chunk, span in zip(here, spans, strict=True):
                lost += span is None
                self._found[chunk["id"]] = Found(path, *(span or (0, 0)))
        print(f"{len(self._found)} chunks, {lost} of them not located", file=sys.stderr)

    def search(self, question: str) -> list[Found]:
        return self.ranked(question, reranked=False)

    def ranked(self, question: str, *, reranked: bool) -> list[Found]:
        """At most ten chunks, best first."""
        ids = self._ask(question=question, limit=DEPTH, reranked=reranked)["ids"]
        return [self._found[one] for one in ids]

    def close(self) -> None:
        self._process.communicate()

    def _ask(self, **fields: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(fields) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"haiku.rag ended with exit code {self._process.wait()}: see what it printed above")
        answer: dict[str, Any] = json.loads(line)
        return answer


class HaikuReranked:
    """The same index searched with the reranker, which reads ten times as many chunks as are asked for."""

    def __init__(self, haiku: Haiku) -> None:
        self._haiku = haiku

    def build(self, docs: Path, work: Path) -> None:
        pass

    def search(self, question: str) -> list[Found]:
        return self._haiku.ranked(question, reranked=True)

    def close(self) -> None:
        pass
