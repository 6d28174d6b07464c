"""Why a page, or a section of one, was not among the passages that an answer is written from.

    PATH[#HEADING] -> target -> trace (where each stage had it) -> losses (which setting would keep it) -> explain

Open `explain.py` first; `words.py` says which of the question's words a passage lacks.
"""
