"""What a language model writes to be searched beside the question.

    question -> language model -> text -> queries (bounded) -> retrieval, beside the question itself

Open `rewriter.py` first; `written.py` makes queries of what the model says, which is data and never shown as an answer.
"""
