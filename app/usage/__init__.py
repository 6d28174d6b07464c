"""How much a service is asked, and what that takes.

    answers -> sums of the day, in memory -> usage_log (tables in app/index/usage_file.py) -> report -> `footnote usage`

No question, no answer and nobody who asked: sums of each day. Open `usage_log.py` first.
"""
