"""Whether fine-tuning is worth it here: the guide's table, answered with a team's own figures.

    index, last evaluation, kept answers, prices -> figures -> costs -> advice

Open `advice.py` first.
"""
