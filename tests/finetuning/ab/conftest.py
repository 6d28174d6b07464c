"""Kept answers of two arms, made of one that the engine gave."""

from dataclasses import replace

import pytest

from footnote.app.core.types import Sentence
from footnote.app.kept.rows import Feedback, kept_answer
from tests.clock import NOW
from tests.kept.asked import PORT

SAID = {"+": "supported", "?": "unverified", "-": "unsupported", "n": "not checkable"}


def sentences(verdicts, cited=True):
    return tuple(Sentence(sign, (1,) if cited else (), SAID[sign]) for sign in verdicts)


@pytest.fixture(scope="session")
def kept(engine):
    """One answer of an arm; `said` are the signs of its sentences, `liked` a reader's word."""
    answer = engine.ask(PORT)

    def make(arm, question, said="+", dropped="", liked=None, at_s=0, cited=True, **fields):
        given = {"mode": "llm", "model": f"model {arm}", "text": "x", **fields}
        made = kept_answer(replace(answer, arm=arm, question=question), NOW + at_s, "full", False)
        word = None if liked is None else Feedback(liked, None, NOW)
        return replace(made, sentences=sentences(said, cited), dropped=sentences(dropped), feedback=word, **given)

    return make
