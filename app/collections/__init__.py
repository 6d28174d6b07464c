"""The collections that a service answers from.

    footnote.toml -> hosting -> a hosted one each (service, ingests, logs, pages) -> together, where several are asked

`app/core/collections.py` makes their settings, `app/engine/joining/` asks several engines. Open `hosting.py` first.
"""
