"""Backups: all that an index folder holds in one checked archive, and back.

    index folder -> snapshot -> contents -> pack -> (encryption) -> file | parts in a store of objects
    file | parts -> (encryption) -> unpack -> restoring/ -> place -> index folder

`backup.py` and `restore.py` are the two flows, `contents.py` says what an archive holds and what of it is believed.
Open `backup.py` first.
"""
