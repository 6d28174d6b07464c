"""RAGAS' metrics, run by the Python of an environment that has RAGAS: `python -I ragas_worker.py`.

It imports nothing of Footnote and asks no server: for a reply of the judge, or for vectors, it asks the process that
started it. That one writes one JSON document a line to standard input and reads such lines from standard output:

    out  {"ready": "0.4.3"}                                         RAGAS is imported
    in   {"concurrency": 4, "samples": [{"metrics": ["faithfulness"], "question": ..., "answer": ...,
          "contexts": [...], "reference": ...}, ...]}
    out  {"id": 1, "prompt": "..."}      in  {"id": 1, "value": "the reply"}
    out  {"id": 2, "questions": [...]}   in  {"id": 2, "value": [[0.1, ...], ...]}
                                         or  {"id": 2, "error": "why there is none"}
    out  {"sample": 0, "metric": "faithfulness", "value": 0.5, "problem": ""}      value null: not scored, and why

It ends after the last metric, and at once when standard input closes.
"""

import asyncio
import itertools
import json
import math
import os
import sys
import threading
from collections.abc import Awaitable
from typing import Any

# Before RAGAS is imported: no telemetry, no network, and nothing that it prints gets between the lines.
os.environ["RAGAS_DO_NOT_TRACK"] = "true"
os.environ["HF_HUB_OFFLINE"] = "1"
_LINES = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from pydantic import ValidationError  # noqa: E402
from ragas import __version__  # noqa: E402
from ragas.embeddings.base import BaseRagasEmbedding  # noqa: E402
from ragas.llms.base import InstructorBaseRagasLLM  # noqa: E402
from ragas.metrics.collections import (  # noqa: E402
    AnswerRelevancy,
    ContextPrecisionWithoutReference,
    ContextPrecisionWithReference,
    Faithfulness,
)

REPLIES = 2  # an unusable one is asked for again, with what was wrong with it
_ROUNDING = 1e-6


class Unusable(Exception):
    """A metric cannot be computed; the message says why."""


class Parent:
    """The process that started this one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    def tell(self, **fields: Any) -> None:
        _LINES.write(json.dumps(fields) + "\n")
        _LINES.flush()

    async def ask(self, **fields: Any) -> Any:
        """The value that comes back.

        Raises:
            Unusable: there is none.
        """
        number = next(self._numbers)
        reply = self._waiting[number] = self._loop.create_future()
        self.tell(id=number, **fields)
        found = await reply
        del self._waiting[number]
        if "error" in found:
            raise Unusable(found["error"])
        return found["value"]

    def listen(self) -> None:
        """Hand out what comes back; ends this process when the other one is gone."""
        try:
            for line in sys.stdin:
                found = json.loads(line)
                self._loop.call_soon_threadsafe(self._waiting[found["id"]].set_result, found)
        finally:
            os._exit(1)  # also when this fails: the other thread would wait for ever


class Judge(InstructorBaseRagasLLM):  # type: ignore[misc]
    """The language model, by way of the parent."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent

    async def agenerate(self, prompt: str, response_model: Any) -> Any:
        asked = prompt
        for _ in range(REPLIES):
            reply = await self._parent.ask(prompt=asked)
            try:
                return _valid(reply, response_model)
            except ValidationError as error:
                wrong = "; ".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}".strip() for one in error.errors())
                asked = f"{prompt}\n{reply}\n\nThat is no output of the schema ({wrong}). Output the JSON alone: "
        raise Unusable("the judge's reply is not of the form that was asked for")

    def generate(self, prompt: str, response_model: Any) -> Any:
        raise NotImplementedError


class Embeddings(BaseRagasEmbedding):  # type: ignore[misc]
    """Footnote's embedder, by way of the parent; `asked` tells whether there was anything to compare."""

    def __init__(self, parent: Parent) -> None:
        super().__init__()
        self._parent = parent
        self.asked = False

    async def aembed_text(self, text: str, **options: Any) -> list[float]:
        (vector,) = await self.aembed_texts([text])
        return vector

    async def aembed_texts(self, texts: list[str], **options: Any) -> list[list[float]]:
        self.asked = True
        vectors: list[list[float]] = await self._parent.ask(questions=texts)
        return vectors

    def embed_text(self, text: str, **options: Any) -> list[float]:
        raise NotImplementedError


def _valid(reply: str, response_model: Any) -> Any:
    """The first JSON object of the reply that fits the model; small models put words and fences around it.

    Raises:
        ValidationError: there is none; it says what is wrong with the first one.
    """
    decoder = json.JSONDecoder()
    first: ValidationError | None = None
    place = reply.find("{")
    while place >= 0:
        try:
            found, _ = decoder.raw_decode(reply, place)
            return response_model.model_validate(found)
        except ValidationError as error:
            first = first or error
        except (ValueError, RecursionError):
            pass
        place = reply.find("{", place + 1)
    if first:
        raise first
    return response_model.model_validate_json(reply)  # which raises


def _metric(name: str, sample: dict[str, Any], judge: Judge, parent: Parent) -> Awaitable[float]:
    question, answer, reference = (sample[field] for field in ("question", "answer", "reference"))
    passages = {"user_input": question, "retrieved_contexts": sample["contexts"]}
    if name == "faithfulness":
        return _value(Faithfulness(llm=judge).ascore(response=answer, **passages))
    if name == "answer_relevancy":
        return _relevancy(question, answer, judge, Embeddings(parent))
    if name == "context_precision":
        return _value(ContextPrecisionWithReference(llm=judge).ascore(reference=reference, **passages))
    return _value(ContextPrecisionWithoutReference(llm=judge).ascore(response=answer, **passages))


async def _relevancy(question: str, answer: str, judge: Judge, embeddings: Embeddings) -> float:
    value = await _value(AnswerRelevancy(llm=judge, embeddings=embeddings).ascore(user_input=question, response=answer))
    if not embeddings.asked:
        raise Unusable("the judge wrote no question that the answer answers")  # RAGAS says 0 then
    return max(value, 0.0)  # a cosine


async def _value(result: Awaitable[Any]) -> float:
    value = (await result).value
    return float("nan") if value is None else float(value)


async def _score(parent: Parent, free: asyncio.Semaphore, place: int, name: str, value: Awaitable[float]) -> None:
    # The calls of one metric follow each other, so as many metrics at a time are as many calls.
    async with free:
        problem = ""
        found: float | None = None
        try:
            found = await value
            if not math.isfinite(found):
                found, problem = None, "RAGAS returned NaN"
            elif not -_ROUNDING <= found <= 1 + _ROUNDING:
                found, problem = None, f"RAGAS returned {found:g}, which is not from 0 to 1"
        except Unusable as error:
            problem = str(error)
        except Exception as error:  # of RAGAS: one metric of one question must not end the others
            problem = f"RAGAS failed ({type(error).__name__}: {error})"
        found = found if found is None else min(max(found, 0.0), 1.0)
        parent.tell(sample=place, metric=name, value=found, problem=problem)


async def main() -> None:
    """Score what the parent sends."""
    parent = Parent(asyncio.get_running_loop())
    parent.tell(ready=__version__)
    job = json.loads(sys.stdin.readline() or "{}")
    threading.Thread(target=parent.listen, daemon=True).start()
    judge, free = Judge(parent), asyncio.Semaphore(job.get("concurrency", 1))
    scores = [
        _score(parent, free, place, name, _metric(name, sample, judge, parent))
        for place, sample in enumerate(job.get("samples", ()))
        for name in sample["metrics"]
    ]
    await asyncio.gather(*scores)


if __name__ == "__main__":
    asyncio.run(main())
