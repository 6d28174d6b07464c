"""Answers: what is asked twice is answered once, within bounds and for equal askings alone."""

import asyncio
import pickle
from contextlib import aclosing
from dataclasses import replace

import pytest

from footnote.app.core.errors import LLMError
from footnote.app.core.events import Said
from footnote.app.index.filters import QueryFilter
from footnote.app.service.answers import Answers, Asking
from tests.serving import PATIENCE_S

EVERYWHERE = QueryFilter(None, (), ())
ASKING = Asking("Which port?", 4, EVERYWHERE)


@pytest.fixture
def answer(engine):
    return engine.ask("Which port does Relay listen on?")


class Flights:
    """Starts flights that give what they are told to; `go_on` lets those that wait end."""

    def __init__(self, answer):
        self.answer = answer
        self.started = self.ended = 0
        self.go_on = asyncio.Event()
        self.error = None

    async def start(self):
        self.started += 1
        try:
            yield Said("One.", (), ())
            await self.go_on.wait()
            if self.error:
                raise self.error
            yield self.answer
        finally:
            self.ended += 1


async def heard(asked):
    async with asyncio.timeout(PATIENCE_S), aclosing(asked.events):
        return [event async for event in asked.events]


def test_equal_askings_share_a_flight_and_later_ones_its_events(answer):
    async def scenario():
        answers, flights = Answers(2, 10**9), Flights(answer)
        asked = [answers.ask("index", ASKING, flights.start) for _ in range(3)]
        assert [one.how for one in asked] == ["miss", "collapsed", "collapsed"]
        flights.go_on.set()
        everything = await asyncio.gather(*map(heard, asked))
        later = answers.ask("index", ASKING, flights.start)
        assert later.how == "hit"
        everything.append(await heard(later))
        assert everything == [[Said("One.", (), ()), answer]] * 4
        assert flights.started == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("index", "asking"),
    [
        ("another", ASKING),
        ("index", replace(ASKING, question="which port?")),
        ("index", replace(ASKING, top_k=5)),
        ("index", replace(ASKING, query_filter=QueryFilter("guides/", (), ()))),
        ("index", replace(ASKING, query_filter=QueryFilter(None, ("a",), ()))),
    ],
)
def test_another_asking_has_an_answer_of_its_own(answer, index, asking):
    async def scenario():
        answers, flights = Answers(2, 10**9), Flights(answer)
        flights.go_on.set()
        await heard(answers.ask("index", ASKING, flights.start))
        assert answers.ask(index, asking, flights.start).how == "miss"

    asyncio.run(scenario())


def test_the_last_listener_to_leave_ends_the_flight_and_the_next_one_starts_another(answer):
    async def scenario():
        answers, flights = Answers(2, 10**9), Flights(answer)
        one, other = (answers.ask("index", ASKING, flights.start).events for _ in range(2))
        assert [await anext(one), await anext(other)] == [Said("One.", (), ())] * 2
        await one.aclose()
        await asyncio.sleep(0)
        assert flights.ended == 0
        await other.aclose()
        asked = answers.ask("index", ASKING, flights.start)
        assert asked.how == "miss"
        flights.go_on.set()
        assert (await heard(asked))[-1] is answer
        assert (flights.started, flights.ended) == (2, 2)

    asyncio.run(scenario())


def test_a_failure_is_told_to_all_and_not_kept(answer):
    async def scenario():
        answers, flights = Answers(2, 10**9), Flights(answer)
        flights.error = LLMError("broken")
        flights.go_on.set()
        asked = [answers.ask("index", ASKING, flights.start) for _ in range(2)]
        for failed in await asyncio.gather(*map(heard, asked), return_exceptions=True):
            assert failed is flights.error
        assert answers.ask("index", ASKING, flights.start).how == "miss"

    asyncio.run(scenario())


def test_an_answer_whose_second_opinion_failed_is_not_kept(answer):
    async def scenario():
        answers, flights = Answers(2, 10**9), Flights(replace(answer, check_failed="no opinion"))
        flights.go_on.set()
        await heard(answers.ask("index", ASKING, flights.start))
        assert answers.ask("index", ASKING, flights.start).how == "miss"

    asyncio.run(scenario())


@pytest.mark.parametrize(("most", "answers_in_bytes"), [(2, 1000), (100, 2.5)])
def test_the_least_used_answers_go_first(answer, most, answers_in_bytes):
    async def scenario():
        size = len(pickle.dumps([Said("One.", (), ()), answer]))
        answers, flights = Answers(most, int(answers_in_bytes * size)), Flights(answer)
        flights.go_on.set()

        def asked(number):
            return answers.ask("index", replace(ASKING, question=str(number)), flights.start)

        for number in (1, 2, 1, 3):
            await heard(asked(number))
        assert [asked(number).how for number in (1, 2, 3)] == ["hit", "miss", "hit"]

    asyncio.run(scenario())


def test_nothing_is_kept_or_shared_when_it_is_off(answer):
    async def scenario():
        answers, flights = Answers(0, 10**9), Flights(answer)
        flights.go_on.set()
        asked = [answers.ask("index", ASKING, flights.start) for _ in range(2)]
        await asyncio.gather(*map(heard, asked))
        assert [one.how for one in asked] == ["miss", "miss"]
        assert answers.ask("index", ASKING, flights.start).how == "miss"
        assert flights.started == 2

    asyncio.run(scenario())
