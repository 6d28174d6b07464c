"""The HTTP service.

    server (uvicorn) -> app -> body_limit -> questions | reading | sharing | feedback | ingest | status
                                          -> problems (bodies)

A module a group of routes; `dependencies.py` is what they ask for, `problems.py` maps errors to statuses. Open `app.py`
first.
"""
