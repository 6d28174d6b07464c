"""What each door adds to the plain request: the same question through all of them, one after the other.

    python bench/doors.py INDEX QUESTIONS [QUESTIONS ...] [--count 60]

One `footnote serve` answers, and its cache of answers is warm, so that the doors are what differs: each question is
asked of every door, in an order of its own. `footnote mcp` and LangChain in process have services of their own, warm as
well. Milliseconds as the client sees them; what a door adds is the median of the differences, question by question.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import openai
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from questions import answerable
from service import serving
from tables import percentile, table

from footnote.app.client import AsyncFootnoteClient
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_manifest
from footnote.app.langchain import FootnoteChain

PLAIN = "POST /query"
Ask = Callable[[str], Awaitable[object]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, metavar="INDEX")
    parser.add_argument("questions", nargs="+", type=Path, metavar="QUESTIONS")
    parser.add_argument("--count", type=int, default=60)
    given = parser.parse_args()
    asked = answerable(given.questions)
    questions = asked[:: max(1, len(asked) // given.count)][: given.count]
    load = os.getloadavg()[0]
    docs = Path(read_manifest(Generations(given.index).folder(Generations(given.index).live())).docs_dir)
    with serving(given.index, docs) as service:
        times = asyncio.run(_measured(f"http://127.0.0.1:{service.connect().port}", given.index, questions))
    rows = []
    for door, took in times.items():
        added = [one - plain for one, plain in zip(took, times[PLAIN], strict=True)]
        low, high = _interval(added)
        more = "" if door == PLAIN else f"{statistics.median(added):+.1f} ({low:+.1f} to {high:+.1f})"
        rows.append([door, f"{percentile(took, 0.5):.1f}", f"{percentile(took, 0.95):.1f}", more])
    print(table(["door", "p50 ms", "p95 ms", "added to the plain request"], rows))
    print(f"\n{len(questions)} questions; load average before: {load:.1f}")


async def _measured(address: str, index: Path, questions: list[str]) -> dict[str, list[float]]:
    async with _doors(address, index) as doors:
        for question in questions:
            for ask in doors.values():
                await ask(question)
        times: dict[str, list[float]] = {door: [] for door in doors}
        for number, question in enumerate(questions):
            order = [*doors]
            random.Random(number).shuffle(order)
            for door in order:
                began = time.perf_counter()
                await doors[door](question)
                times[door].append((time.perf_counter() - began) * 1000)
        return times


@asynccontextmanager
async def _doors(address: str, index: Path) -> AsyncIterator[dict[str, Ask]]:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncFootnoteClient(address))
        compatible = await stack.enter_async_context(openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="any"))
        by_http = await stack.enter_async_context(Client(f"{address}/mcp"))
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "footnote.app", "mcp", "--index-dir", str(index)], env={**os.environ}
        )
        by_stdio = await stack.enter_async_context(Client(stdio_client(command)))
        over_http = FootnoteChain(url=address)
        in_process = FootnoteChain(settings=load_settings(env_file=None, index_dir=index))

        async def stream(question: str) -> object:
            return [event async for event in client.stream(question)]

        async def completion(question: str) -> object:
            return await compatible.chat.completions.create(model="footnote", messages=_messages(question))

        async def chunks(question: str) -> object:
            told = await compatible.chat.completions.create(model="footnote", messages=_messages(question), stream=True)
            return [chunk async for chunk in told]

        yield {
            PLAIN: client.ask,
            "POST /query as a stream": stream,
            "/v1/chat/completions": completion,
            "/v1/chat/completions as a stream": chunks,
            "/mcp": lambda question: by_http.call_tool("ask", {"question": question}),
            "footnote mcp": lambda question: by_stdio.call_tool("ask", {"question": question}),
            "LangChain over HTTP": over_http.ainvoke,
            "LangChain in process": in_process.ainvoke,
        }


def _messages(question: str) -> list[openai.types.chat.ChatCompletionMessageParam]:
    return [{"role": "user", "content": question}]


def _interval(added: list[float]) -> tuple[float, float]:
    """Of 95 %, of the median, by resampling the questions."""
    draw = random.Random(0)
    medians = sorted(statistics.median(draw.choices(added, k=len(added))) for _ in range(2000))
    return medians[49], medians[1949]


if __name__ == "__main__":
    main()
