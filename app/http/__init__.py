"""The HTTP service.

    server (uvicorn) -> app -> body_limit -> questions | feedback | ingest | status -> problems (bodies)

A module a group of routes; `dependencies.py` is what they ask for, `problems.py` maps errors to statuses. An answer is
streamed by `streaming.py` (`slices.py` cuts it, `leaving.py` watches the client, `openapi.py` describes the events).
Open `app.py` first.
"""
