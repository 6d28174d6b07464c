"""What `footnote eval` does: options -> checked -> questions -> run | drafts | gate -> reports.

`app/cli/evaluate.py` has the options themselves. Open `run.py` first.
"""
