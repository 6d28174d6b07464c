"""How often somebody may ask.

    settings -> rates -> limiter: caller -> counts of their windows -> standing -> a request goes on, or 429

Open `limiter.py` first.
"""
