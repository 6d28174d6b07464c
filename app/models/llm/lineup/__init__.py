"""The line-up: which models there are, until when, and at what price.

    settings -> what the server lists, what is known -> choice (of `auto`), outlook (for status and log), prices

`known.py` reads `known_models.toml`, which is kept by hand. Open `choice.py` first.
"""
