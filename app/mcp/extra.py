"""extra: whether the SDK is installed. Nothing here imports it."""

import importlib.util

MISSING = "MCP needs a package that is not installed: run `pip install -c constraints.txt -e '.[mcp]'`"


def is_installed() -> bool:
    """Whether the extra `mcp` is there."""
    return importlib.util.find_spec("mcp") is not None
