"""What everything speaks, and what imports nothing of the project but itself.

    environment -> settings      bytes of a page -> text/ -> types

Open `types.py` first: chunk, hit, citation, answer. `settings/` has every setting, `errors.py` every error, `find.py`
which files are docs, and `text/` how a page is read: lines, blocks, passages, sentences, terms.
"""
