"""A file of examples, checked before anybody pays for training on it.

file -> lines -> rules, tokens, cost, repeats -> report

Open `check.py` first.
"""
