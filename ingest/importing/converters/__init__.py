"""One document read under limits, in a process of its own that the network is shut to.

    source.ENDING in the working folder -> pandoc | PDF | sheets | slides -> markdown on standard output

The first line is `@title` and what the document is called. `__main__.py` sets the limits of `limits.py`; `texts.py`
readies text for pandoc, `clean.lua` is what that does with a document; `pdf.py`, `sheets.py` and `slides.py` read what
it cannot. Open `__main__.py` first.
"""
