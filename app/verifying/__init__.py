"""A saved answer against the docs of today; needs no index.

    saved -> citations -> verify -> quoted_file (resemblance) -> verdicts

Open `verify.py` first.
"""
