"""`footnote mcp`, a process of its own, asked through standard input and output."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from mcp.client.stdio import StdioServerParameters, stdio_client

from footnote.app.core.settings import load_settings
from footnote.ingest.flow import ingest
from tests.conftest import MAIN
from tests.mcp.clients import PORT, asked, given, refused, without_times
from tests.serving import PATIENCE_S, ROOT

INITIALIZE = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def environment(**settings):
    named = {f"FOOTNOTE_{name.upper()}": str(value) for name, value in settings.items()}
    return {**os.environ, "FOOTNOTE_RERANKER": "none", "PYTHONPATH": str(ROOT / "src"), **named}


def process(**settings):
    """What starts it, for a client."""
    parameters = StdioServerParameters(
        command=sys.executable, args=["-P", "-m", "footnote.app", "mcp"], env=environment(**settings)
    )
    return stdio_client(parameters)


@contextmanager
def started(*arguments, **settings):
    """The process itself."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", MAIN, "mcp", *arguments],
        env=environment(**settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def send(running, method, params, id=None):
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    running.stdin.write(json.dumps(message if id is None else {**message, "id": id}) + "\n")
    running.stdin.flush()


def heard(running):
    assert select.select([running.stdout], [], [], PATIENCE_S)[0], "nothing was said"
    return json.loads(running.stdout.readline())


def test_it_answers_as_the_command_line_does(guide_index, make_engine):
    async def scenario(client):
        tools = await client.list_tools()
        return tools, await client.call_tool("ask", {"question": PORT})

    tools, answer = asked(process(index_dir=guide_index.index_dir), scenario)
    assert len(tools.tools) == 6
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "footnote.app", "ask", PORT, "--json"],
        env=environment(index_dir=guide_index.index_dir),
        capture_output=True,
        check=True,
    )
    assert without_times(given(answer)) == without_times(json.loads(ran.stdout))


@pytest.mark.parametrize("version", ["2025-06-18", "2025-03-26", "2024-11-05"])
def test_standard_output_is_the_protocol_alone(guide_index, version):
    with started(index_dir=guide_index.index_dir) as running:
        send(running, "initialize", {**INITIALIZE, "protocolVersion": version}, 1)
        reply = heard(running)["result"]
        assert (reply["protocolVersion"], reply["serverInfo"]["name"]) == (version, "footnote")
        send(running, "notifications/initialized", {})
        send(running, "ping", {}, 2)
        assert heard(running) == {"jsonrpc": "2.0", "id": 2, "result": {}}
        running.stdin.write("this is no JSON\n")
        send(
            running, "tools/call", {"name": "ask", "arguments": {"question": PORT}, "_meta": {"progressToken": "p"}}, 3
        )
        said = []
        while not said or said[-1].get("id") != 3:
            said.append(heard(running))
        assert [one for one in said if one.get("method") == "notifications/progress"]
        assert said[-1]["result"]["structuredContent"]["citations"]
        running.stdin.close()
        assert running.stdout.read() == ""
        assert running.wait(PATIENCE_S) == 0
        assert "serving generation 1" in running.stderr.read()


def test_it_says_that_there_is_no_index_and_answers_once_there_is(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nRelay listens on port 7070.\n"})
    flags = {"docs_dir": docs, "index_dir": tmp_path / "index"}

    async def until_answered(client, wanted):
        while True:
            result = await client.call_tool("ask", {"question": PORT})
            if not result.is_error and wanted in result.structured_content["answer"]:
                return
            await asyncio.sleep(0.05)

    def build():
        ingest(load_settings(env_file=None, **flags), lambda stage, done, total: None, embedder)

    async def scenario(client):
        missing = [
            await client.call_tool(name, given)
            for name, given in (("ask", {"question": PORT}), ("fetch", {"id": "a.md"}))
        ]
        assert (await client.list_resources()).resources == []
        await asyncio.to_thread(build)
        await asyncio.wait_for(until_answered(client, "7070"), PATIENCE_S)
        write_docs(docs, {"a.md": "# A\n\nRelay listens on port 8080.\n"})
        await asyncio.to_thread(build)
        await asyncio.wait_for(until_answered(client, "8080"), PATIENCE_S)
        return missing

    missing = asked(process(**flags), scenario)
    assert all("run `footnote ingest`" in refused(one) for one in missing)


def test_who_cancels_ends_the_request_to_the_language_model(guide_index, fake_llm):
    fake_llm.text, fake_llm.pause_at = "Relay listens on port 7070 [1]. It is fast [1]. " * 3, 8
    with started(index_dir=guide_index.index_dir, llm_base_url=fake_llm.base_url) as running:
        send(running, "initialize", INITIALIZE, 1)
        heard(running)
        send(running, "notifications/initialized", {})
        send(running, "tools/call", {"name": "ask", "arguments": {"question": PORT}, "_meta": {"progressToken": 1}}, 2)
        while "written" not in heard(running).get("params", {}).get("message", ""):
            pass
        send(running, "notifications/cancelled", {"requestId": 2})
        assert fake_llm.hung_up.wait(30)
        send(running, "ping", {}, 3)
        while heard(running).get("id") != 3:
            pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it(guide_index, number):
    with started(index_dir=guide_index.index_dir) as running:
        send(running, "initialize", INITIALIZE, 1)
        heard(running)
        running.send_signal(number)
        assert running.wait(PATIENCE_S) == -number


def test_without_the_extra_it_names_the_command(tmp_path):
    (tmp_path / "hidden.py").write_text(
        "import importlib.util, runpy, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'mcp' else find(name, *more)\n"
        "sys.argv = ['footnote', 'mcp']\n"
        "runpy.run_module('footnote.app', run_name='__main__', alter_sys=True)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-P", tmp_path / "hidden.py"], env=environment(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install -c constraints.txt -e '.[mcp]'" in ran.stderr


def test_a_wrong_setting_is_said_on_standard_error():
    with started(top_k="many") as running:
        assert running.wait(PATIENCE_S) == 2
        assert running.stdout.read() == ""
        assert "FOOTNOTE_TOP_K" in running.stderr.read()


def test_two_clients_ask_at_once(guide_index):
    async def scenario(client):
        return [await client.call_tool("ask", {"question": question}) for question in (PORT, "How do I install Relay?")]

    async def both():
        flags = {"index_dir": guide_index.index_dir}
        return await asyncio.gather(*(asyncio.to_thread(asked, process(**flags), scenario) for _ in range(2)))

    first, second = asyncio.run(both())
    assert [without_times(given(one)) for one in first] == [without_times(given(one)) for one in second]
