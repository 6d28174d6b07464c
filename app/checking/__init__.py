"""A written answer against the passages that it cites.

    draft -> sentences -> (facts, polarity, quantities | support) -> checker -> verdicts -> quotes

Rules first (`facts.py`, `polarity.py`, `quantities.py`), a model second (`support.py`); `quotes.py` narrows each
citation to what supports its sentence. Open `verdicts.py` first: it applies the checker to a draft.
"""
