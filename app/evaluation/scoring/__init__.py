"""The scores of one question.

    labels -> targets -> relevance -> ranking        answer -> answers
                              measure puts both together

Open `measure.py` first.
"""
