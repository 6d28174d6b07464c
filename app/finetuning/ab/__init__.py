"""Two language models that shared the questions of a service, by what became of their answers.

kept answers -> experiment (what both models answered) -> measures (a question at a time) -> compare -> verdict

Open `compare.py` first.
"""
