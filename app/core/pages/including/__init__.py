"""Files that a page shows parts of, as the tools of docs sites include them.

    page -> find (a module of `forms/` a tool) -> places -> roots (what may be read) -> files -> select (which lines)

A page names a file in its tool's words, and each tool has rules of its own: where a path begins, which lines are
meant, how a name is only shown. No markdown is parsed for it. Open `find.py` first.
"""
