"""The answers that were given, kept whole where the settings ask for it: what a language model can be tuned on.

    answer -> rows -> answer_log <- a reader's word
    answer_log, Selection -> kept answers -> messages (the prompt, and what should have been written)

Open `rows.py` first. The tables are in `app/index/kept_file.py`, as a purge of the index takes answers out.
"""
