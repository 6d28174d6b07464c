"""A run, shown.

    run + comparison -> report -> table | html | junit | saved (JSON)

Open `report.py` first.
"""
