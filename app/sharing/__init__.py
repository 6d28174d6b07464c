"""Answers that were saved on the service, and whether the docs of today still hold them.

    answer that was given -> store -> saved answer -> recheck (verifying) -> page

`store.py` keeps them, `digest.py` knows an answer again, `page.py` shows one to a browser. Open `recheck.py` first.
"""
