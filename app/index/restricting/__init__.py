"""An index of a part of the files of another, as if only these had been ingested.

    index + paths -> restrict -> index

Whoever may read only some pages asks this one. What is not in it cannot be seen in an answer, a count, a score or the
weight of a term; a filter of the whole index would leave traces in all of these. Open `restrict.py` first.
"""
