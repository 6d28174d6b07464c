"""The SDK's client, asked from tests that are not async."""

import asyncio
import json

from mcp.client import Client

PORT = "Which port does Relay listen on?"
NOWHERE = "What is the airspeed of an unladen swallow?"


def asked(target, scenario, **options):
    """What `scenario(client)` returns, with a client of a server, of a process or of an address."""

    async def run():
        async with Client(target, **options) as client:
            return await scenario(client)

    return asyncio.run(run())


def called(target, tool, arguments=None, **options):
    """The result of one call of a tool."""
    return asked(target, lambda client: client.call_tool(tool, arguments or {}), **options)


def given(result):
    """The structured content of a call that went well, which is its text as well."""
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def refused(result):
    """What the client is told of a call that failed."""
    assert result.is_error, result.structured_content
    return result.content[0].text


def without_times(answer):
    """An answer without what differs from one asking to the next."""
    return {name: value for name, value in answer.items() if name != "timings_ms"}
