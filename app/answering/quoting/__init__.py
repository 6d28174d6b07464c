"""From hits to the runs of text that an extractive answer quotes, and to what a reader sees of them.

    hits -> stretches (long_code) -> choose (scored passages) -> extend (readable runs) -> render (left_out) -> markdown

A *stretch* is what the hits and the chunks beside them hold of a section in one piece; a *run* is the part of it that
is quoted, with one citation. The quote is the bytes of the file; `render.py` makes of it what any renderer of markdown
shows right.
It is made of `inline.py`, `nested.py`, `fences.py` and `escaping.py`.
`extractive.py` beside this folder puts them together: open it first, then `extend.py`.
"""
