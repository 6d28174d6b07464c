"""What everything speaks, and what imports nothing of the project but itself.

    environment -> setting_groups -> settings      bytes of a page -> pages/ (text/) -> types

Open `types/` first: chunk, hit, citation, answer. `setting_groups/` has every setting with its default,
`settings.py` reads them; `errors.py` has every error, `find.py` says which files are docs, `pages/` what readers
see of a page, and `text/` how text is read: lines, blocks, passages, sentences, terms.
"""
