"""Answers scored by a language model.

    answer -> judge -> score      samples -> ragas <-> ragas_worker (another environment) -> scores

Open `judge.py` first.
"""
