"""Retrieval, refusals and answers measured on questions whose answers are known.

    questions -> asking (engine) -> run (verify, judging/) -> scoring/ -> estimate -> comparing/ -> reports/

`drafting/` proposes questions, `judging/` lets a language model or RAGAS score answers. Open `run.py` first.
"""
