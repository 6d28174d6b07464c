"""Who did what: a line for each question and each other act that the service was asked for.

    request -> acts: what it is -> noting: what became of it -> entry: one line of JSON -> audit_file: appended, rotated

Open `audit.py` first.
"""
