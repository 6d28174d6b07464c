"""One run against another: paired bootstrap over the questions that both have.

    scores of a run, of an earlier one -> compare -> what rose, what fell
    answers of two language models, what they used (use.py) -> against, differing

Open `compare.py` first.
"""
