"""A run, shown.

    run + comparison -> report -> table | html | junit | saved (JSON)

`app/cli/evaluate.py` chooses the format. Open `report.py` first.
"""
