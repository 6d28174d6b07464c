"""How text is read, in pure functions.

    page -> markdown (blocks) -> passages -> sentences -> analysis (terms)

`offsets.py` counts bytes and lines, `anchors.py` makes the ids of headings of `slugs.py` and `numbering.py`, `prose.py`
rewrites what is no code, `term_counts.py` says how rare a term is, `languages.py` which language a text is in. Open
`markdown.py` first.
"""
