"""What the guide says of MCP is so: its configurations name the command and the route, and it lists the tools."""

import json
import re

from footnote.app.http.mcp import PATH
from tests.mcp.clients import asked
from tests.serving import ROOT

GUIDE = (ROOT / "docs" / "mcp.md").read_text("utf-8")
CONFIGURATIONS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.S)]


def test_the_guide_lists_the_tools(server):
    tools = asked(server, lambda client: client.list_tools()).tools
    assert sorted(re.findall(r"^\| `(\w+)` \|", GUIDE, re.M)) == sorted(tool.name for tool in tools)


def test_each_client_has_a_configuration_of_both_kinds():
    servers = [next(iter(one.values()))["footnote"] for one in CONFIGURATIONS]
    by_process = [one for one in servers if "command" in one]
    by_address = [one for one in servers if "url" in one]
    assert len(by_process) == len(by_address) == 3
    assert all(one["args"] == ["mcp", "--index-dir", "/srv/handbook-index"] for one in by_process)
    assert all(one["command"].endswith("/footnote") for one in by_process)
    assert all(one["url"] == f"http://127.0.0.1:8000{PATH}" for one in by_address)
