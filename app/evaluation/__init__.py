"""Retrieval, refusals and answers measured on questions whose answers are known.

    questions -> labels -> asking (engine) -> run (verify, judging/) -> measure -> estimate -> compare | against
              -> reports/

`drafting/` proposes questions, `judging/` lets a language model or RAGAS score answers. Open `run.py` first.
"""
