"""From passages to a draft with citations.

    hits -> prompt -> language_model | extractive -> citations

`answerer.py` is the seam between the two ways to write. `extractive.py` quotes runs of text, which `quoting/` finds and
makes readable. `untrusted.py` disarms what a model reads, `defang.py` what it wrote, `links.py` makes URLs. Open
`answerer.py` first.
"""
