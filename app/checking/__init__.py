"""A written answer against the passages that it cites.

    draft -> claims -> (facts, names, code, misplaced, polarity | support) -> checker -> second opinion -> verdicts
          -> quotes

`claims.py` tells what states something from what only holds an answer together, `alignment.py` takes the passages
apart, the checker compares them by rules; an entailment model, where there is one, decides what these cannot refute
(`support.py`), and a language model can be asked about the whole answer (`second_opinion.py`). `quotes.py` narrows
each citation to what supports its sentence.
Open `verdicts.py` first: it applies the checker to a draft; `piecewise.py` does while the draft is being written.
"""
