"""How a page of a docs site is read: what is there for readers, what is a label, what is content.

    folder -> flavour      page -> scanning -> markup -> masks -> blocks -> parts -> reading

The one place that knows MkDocs Material, Docusaurus, VitePress, Hugo, Jekyll, Sphinx-MyST, GitBook, mdBook and
Obsidian. `scanning/` tells code and hidden text, `markup/` tags and labels, `parts/` what can be quoted. Open
`reading.py` first; `emptiness.py` says of what it cuts whether there is anything to read.
"""
