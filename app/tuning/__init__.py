"""Weights of the ranking fitted to a team's own questions, and written only where they are better beyond noise.

    questions with labels -> asked (both searches, every logit) -> fit (cross-validated) -> weights beside the index

Open `fit.py` first.
"""
