"""One document read under limits, in a process of its own that the network is shut to.

    source.ENDING in the working folder -> preparing, pandoc | PDF | sheets | slides -> markdown on standard output

The first line is `@title` and what the document is called; `left_out.py` tells what is not in the markdown.
`__main__.py` sets the limits of `limits.py` and those of `unpacked.py`; `preparing/` readies documents for pandoc,
`clean.lua` is what that does with them; `pdf.py`, `sheets.py` and `slides.py` (with `slide_lists.py`) read what it
cannot. Open `__main__.py` first.
"""
