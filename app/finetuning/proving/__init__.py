"""Whether a tuned model answers better than its base, on docs that it was tuned on and on docs that it never saw.

    questions -> base and tuned, in turn -> answers and what the models wrote -> measures -> intervals -> verdict

Open `prove.py` first.
"""
