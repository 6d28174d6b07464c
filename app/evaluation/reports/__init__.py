"""A run, shown.

    run + comparison | against -> report -> table | html | junit | saved (JSON)

`app/cli/evaluating/run.py` chooses the format. Open `report.py` first.
"""
