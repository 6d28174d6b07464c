"""The query flow, and the one place where its parts are put together.

    models (loaded once) + index -> engine: question -> retrieval -> gate -> written (checked piece by piece) -> answer

`joining/` asks several indexes together. Open `engine.py` first.
"""
