"""A question and the turns before it -> a question that stands alone.

    turns, question -> rules | language model -> asked as

Open `standalone.py` first: it chooses; `rules.py` needs no model.
"""
