"""Keys: what `footnote keys create` hands out, and who shows one of them.

    NewKey -> rules -> store (keys.sqlite3) -> current (what of it counts now) -> caller

Open `store.py` first.
"""
