"""Replicas: a published generation, taken up by services that have no docs.

    publish: generation -> snapshot -> blocks -> missing parts -> release -> pointer -> what nobody names any more
    follow:  pointer -> release -> blocks that are here, parts -> check -> generation -> publish here -> tidy

`release.py` says what lies where in a target; `follower.py` is the process that a service has beside it.
Open `release.py` first.
"""
