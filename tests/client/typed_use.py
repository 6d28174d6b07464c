"""What type checkers see of the clients: `make lint` runs mypy over it, and nothing imports it."""

from collections.abc import AsyncGenerator, Generator
from typing import assert_type

from footnote.app.client import AsyncFootnoteClient, FootnoteClient, Turn
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.events import QueryEvent
from footnote.app.schemas.index import GenerationOut
from footnote.app.schemas.search import SearchOut


def at_once(client: FootnoteClient) -> None:
    assert_type(client.ask("a", top_k=3, fields={"team": "docs"}, history=[Turn("b")]), AnswerOut)
    assert_type(client.stream("a"), Generator[QueryEvent, None, None])
    assert_type(client.search("a"), SearchOut)
    assert_type(client.generations(), list[GenerationOut])
    assert_type(client.file(1, "a.md"), bytes)
    client.ask()  # type: ignore[call-arg]
    client.ask("a", top_k="3")  # type: ignore[arg-type]
    client.ask("a", topk=3)  # type: ignore[call-arg]


async def asynchronously(client: AsyncFootnoteClient) -> None:
    assert_type(await client.ask("a", path="guides/"), AnswerOut)
    assert_type(client.stream("a"), AsyncGenerator[QueryEvent, None])
    await client.search("a", k=3)  # type: ignore[call-arg]
