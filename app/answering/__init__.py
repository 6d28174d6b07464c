"""From passages to a draft with citations.

    hits -> prompt -> language_model (-> pieces) | extractive -> citations

`answerer.py` is the seam between the two ways to write; `pieces.py` cuts what is still being written, where
`structure.py` lets it. `extractive.py` quotes runs of text, which `quoting/` finds and makes readable. `untrusted.py`
disarms what a model reads, `defang.py` what it wrote, `links.py` makes URLs; `markers.py` and `slices.py` find again
what of the text is whose. Open `answerer.py` first.
"""
