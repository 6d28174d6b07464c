"""What was asked and the docs did not answer.

    refusals and feedback -> question_log -> gaps (linkage) -> groups by meaning

Open `question_log.py` first; `log_tables.py` has its tables and versions.
"""
