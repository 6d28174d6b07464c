"""Files that pages show parts of, as files of the index: their lines are searched, and cited as bytes of their file.

    records of pages -> gather (which files, which lines, on which pages) -> cut -> records and chunks

It is done anew at each ingest from what the records say, so that it does not matter which pages changed; what is shown
as before is taken over. How tools name such files is in `app/core/pages/including/`. Open `gather.py` first.
"""
