"""A page of the docs as it was ingested, for somebody who checks a citation.

    generation, path -> library -> page's bytes -> (markup | lines) -> view -> HTML

`library.py` finds pages in the generations that are kept, `markup.py` renders markdown, `lines.py` cuts raw lines,
`addresses.py` knows where pages are shown, `shell.py` what is around every view. Open `view.py` first.
"""
