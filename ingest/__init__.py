"""The ingest side: from a docs folder to a new index generation.

    (fetch ->) find -> diff -> read -> split -> embed -> write new generation -> publish

`flow.py` is that flow (`find` is app/core/find.py, `publish` app/index/generations.py), `plan.py` what it decides to
do (`nothing.py` where there is nothing) and `build.py` how that is done, `splitting.py` where pages are cut,
`language.py` which language a page is in, `sources/` where docs come from, `base.py` what it starts from, `cache.py`
what it need not do again; `commands/` are the ways to run it, `cluster/` is for several machines. Open `flow.py` first.
"""
