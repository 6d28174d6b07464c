"""The HTTP service.

    server (uvicorn, browser) -> app -> body_limit
                              -> page | questions | openai/ | reading | sharing | feedback | gaps | ingest | generations
                                 | status
                              -> problems (bodies)

A module a group of routes; `dependencies.py` is what they ask for, `keys.py` keeps some to those who have the admin
key, `problems.py` maps errors to statuses. `asking.py` asks the service, `streaming.py` tells the answer as it comes
(`leaving.py` watches the client, `openapi.py` describes the events). Open `app.py` first.
"""
