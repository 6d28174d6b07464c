"""The public shapes: what `--json` prints and what HTTP takes and returns, a module a group of routes.

    internal type -> Shape (by attribute name) -> JSON

There is one shape for `footnote ask --json` and `POST /query`, one for `footnote search --json` and `GET /search`.
`telling.py` makes the events of a stream. Open `answers.py` first.
"""
