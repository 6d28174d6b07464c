"""The query flow, and the one place where its parts are put together.

    models (loaded once) + index -> engine: question -> retrieval -> gate -> written (checked piece by piece) -> answer

Open `engine.py` first.
"""
