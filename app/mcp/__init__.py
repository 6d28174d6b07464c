"""Footnote for clients of the Model Context Protocol: assistants and IDEs.

    client -> stdio | app/http/mcp -> server -> tools, resources -> door -> Service, Library -> shapes

The tools call the flows that the command line and HTTP call; `pages.py` is how a page is named and read. Needs the
extra `mcp`. Open `server.py` first.
"""
