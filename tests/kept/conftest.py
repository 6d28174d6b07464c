"""Answers as the engine gives them, and a log of them with a clock of its own."""

from dataclasses import replace

import pytest

from footnote.app.kept.answer_log import AnswerLog
from tests.clock import Clock
from tests.kept.asked import CUP, PORT


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def answers(tmp_path, clock):
    return AnswerLog(tmp_path, 90, clock)


@pytest.fixture(scope="session")
def quoted(engine):
    """An answer of quotes."""
    answer = engine.ask(PORT)
    assert answer.citations and not answer.refused
    return answer


@pytest.fixture(scope="session")
def refusal(engine):
    answer = engine.ask(CUP)
    assert answer.refused
    return answer


@pytest.fixture(scope="session")
def asking(quoted):
    """The same answer to another question, or with another text."""
    return lambda question, **fields: replace(quoted, question=question, **fields)
