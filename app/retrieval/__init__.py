"""From a question to the passages that may answer it.

    question -> retrieve: (lexical + vector) -> fuse -> rerank -> gate (answerability) -> repeats

Open `retrieve.py` first; `gate.py` refuses what does not seem to answer, `excerpt.py` cuts what is shown of a hit.
"""
