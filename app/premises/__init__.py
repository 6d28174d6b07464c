"""What a question takes for granted, against the docs.

    question -> (names -> named) + (claims -> denials) -> premises -> note

`names.py` and `claims.py` read the question alone, `named.py` and `denials.py` hold that against the docs, `note.py`
says in the answer what is wrong. Open `find.py` first.
"""
