"""How a page of a docs site is read: what is there for readers, what is a label, what is content.

    folder -> flavour      page -> masks (hidden, markup, labels) -> blocks -> parts (sentences, items, rows, code)

The one place that knows MkDocs Material, Docusaurus, VitePress, Hugo, Jekyll, Sphinx-MyST, GitBook, mdBook and
Obsidian. Open `reading.py` first; `emptiness.py` says of what it cuts whether there is anything to read.
"""
