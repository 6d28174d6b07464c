"""`footnote mcp`."""

from footnote.app.cli.options import CollectionName, IndexDir, Llm
from footnote.app.core.collections import served_settings
from footnote.app.core.console import command
from footnote.app.core.errors import SettingsError

EPILOG = """\
Examples:

  footnote mcp                                 what a client starts; it needs no terminal

  claude mcp add footnote -- footnote mcp --index-dir /path/to/chroma_db

A running `footnote serve` answers clients at /mcp as well.
"""


def mcp_command(llm: Llm = None, collection: CollectionName = None, index_dir: IndexDir = None) -> None:
    """Answer an assistant or an IDE over the Model Context Protocol, on standard input and output."""
    with command(as_json=False):
        settings = served_settings(collection, llm=llm, index_dir=index_dir)
        from footnote.app.mcp.extra import MISSING, is_installed

        if not is_installed():
            raise SettingsError(MISSING)
        from footnote.app.mcp.stdio import serve_stdio

        serve_stdio(settings)
