"""Questions drafted from the docs, for a person to review.

    passages -> by_llm | by_rule -> draft -> generate (no copies, no questions that exist) -> JSONL

Open `generate.py` first.
"""
