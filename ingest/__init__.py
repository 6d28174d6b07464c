"""The ingest side: from a docs folder to a new index generation.

    find -> diff -> read -> split -> embed -> write new generation -> publish

`flow.py` is that flow, `plan.py` what it decides to do, `cache.py` what it need not do again; `check.py` compares an
index with its folder, `watch.py` follows a folder. Open `flow.py` first.
"""
