"""Cases split by page, put into prompts, balanced, and searched for personal data."""

from collections import Counter

import pytest

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.prompt import filled, prompt_template
from footnote.app.checking.checker import Checker
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.finetuning.examples.make import (
    HAS_PERSONAL_DATA,
    NO_SIDE,
    TOO_MANY_REFUSALS,
    Shares,
    make_examples,
)
from footnote.app.finetuning.examples.prompts import Prompting
from footnote.app.finetuning.examples.sources.types import Case
from footnote.app.finetuning.examples.split import split_by_page
from tests.builders import make_hit

PAGES = [f"p{number}.md" for number in range(12)]
TOPICS = [
    "oven",
    "cat",
    "train",
    "rain",
    "violin",
    "bread",
    "ocean",
    "clock",
    "garden",
    "bridge",
    "candle",
    "falcon",
]
HITS = {
    page: make_hit(f"The {topic} is kept in room {number}.", path=page, logit=-5.0)
    for number, (page, topic) in enumerate(zip(PAGES, TOPICS, strict=True), 20)
}


class Words:
    """An embedder to which questions with other words are unlike."""

    def embed_query(self, text):
        return [float(topic in text.lower()) for topic in TOPICS] + [0.01]


def case_of(*pages, **fields):
    topics = [TOPICS[PAGES.index(page)] for page in pages]
    numbers = [20 + PAGES.index(page) for page in pages]
    answer = " ".join(
        f"The {topic} is kept in room {number} [{place}]."
        for place, (topic, number) in enumerate(zip(topics, numbers, strict=True), 1)
    )
    given = {
        "question": f"Where is the {' and the '.join(topics)}?",
        "oracle": tuple(HITS[page] for page in pages),
        "distractors": tuple(hit for page, hit in HITS.items() if page not in pages),
        "answer": answer,
        "written_by": "reference",
        "source": "question files",
        "origin": "q.jsonl:1",
    }
    return Case(**{**given, **fields})


def silent(topic):
    return case_of(question=f"What does a {topic} cost?", answer="", written_by="", origin="q.jsonl:9")


@pytest.fixture
def checker():
    return Checker(None, TermCounts(100, lambda term: 1))


@pytest.fixture
def prompting(checker):
    return Prompting(compact=True, passages=3, seed=1, checker=checker)


@pytest.fixture
def make(prompting):
    def run(cases, held_out=0.0, without_oracle=0.0, refusals=0.5, never=(), drops=False):
        def source(left_out, on_progress):
            yield from cases

        shares = Shares(held_out, without_oracle, refusals)
        return make_examples([source], prompting, Words(), shares, never, drops, lambda stage, done, total: None)

    return run


@pytest.mark.parametrize("compact", [True, False])
def test_the_prompt_is_the_one_that_footnote_sends(compact, checker):
    made = Prompting(compact, 3, 1, checker).answered(case_of("p3.md"), ())
    sent = filled(prompt_template(compact), made.case.question, made.hits).to_messages()
    assert [one.content for one in made.example.prompt] == [one.content for one in sent]
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    assert [one.role for one in made.example.prompt] == [roles[one.type] for one in sent]
    # Replies of the worked examples are not learned.
    assert [one.weight for one in made.example.messages if one.role == "assistant"] == [0, 0, None][-1 - 2 * compact :]


def test_the_answer_cites_the_oracle_wherever_it_stands(make):
    made = make([case_of(page) for page in PAGES]).train
    places = Counter()
    for one in made:
        (place,) = [number for number, hit in enumerate(one.hits, 1) if hit is one.case.oracle[0]]
        assert one.example.reply.endswith(f"[{place}].")
        assert f'<source n="{place}" from="{one.case.oracle[0].chunk.path}">' in one.example.prompt[-1].content
        assert len(one.hits) == 3
        places[place] += 1
    assert set(places) == {1, 2, 3}


def test_two_oracles_keep_their_own_markers(prompting):
    made = prompting.answered(case_of("p1.md", "p2.md"), ())
    one, other = (made.hits.index(HITS[page]) + 1 for page in ("p1.md", "p2.md"))
    assert made.example.reply == (f"The cat is kept in room 21 [{one}]. The train is kept in room 22 [{other}].")


def test_one_seed_makes_one_set_and_another_another(make, prompting):
    cases = [case_of(page) for page in PAGES]
    one, other = (make(cases, held_out=0.3, without_oracle=0.3) for _ in range(2))
    assert one.train == other.train and one.held_out == other.held_out
    other_seed = split_by_page(cases, 0.3, (), 2)
    assert other_seed.held_out != one.split.held_out


def test_no_page_that_is_held_out_is_in_training(make):
    made = make([case_of(page) for page in PAGES], held_out=0.3)
    assert len(made.held_out) in (3, 4) and len(made.train) + len(made.held_out) == len(PAGES)
    held_out = {page for one in made.held_out for page in one.case.pages}
    assert held_out == made.split.held_out
    assert not any(one.pages & held_out for one in made.train)


def test_a_case_on_both_sides_is_left_out(make):
    singles = [case_of(page) for page in PAGES]
    held_out = sorted(make(singles, held_out=0.3).split.held_out)
    learned = sorted(set(PAGES) - set(held_out))
    made = make([*singles, case_of(held_out[0], learned[0], question="Both oven cat train rain?")], held_out=0.3)
    assert made.left_out[NO_SIDE] == 1


def test_pages_of_test_questions_are_in_no_example(make):
    made = make([case_of(page) for page in PAGES], held_out=0.3, never=["p0.md", "p1.md"])
    assert made.left_out[NO_SIDE] == 2
    assert not any(one.pages & {"p0.md", "p1.md"} for one in (*made.train, *made.held_out))


def test_some_prompts_lack_what_answers_and_are_refused(make):
    made = make([case_of(page) for page in PAGES], without_oracle=0.25, refusals=0.25).train
    refused = [one for one in made if one.is_refusal]
    assert (len(refused), len(made)) == (3, 12)
    for one in refused:
        assert one.example.reply == REFUSAL_TEXT
        assert not one.pages & one.case.pages


def test_what_might_answer_stands_in_no_refusal(prompting):
    said_again = make_hit("As was said, the cat is kept in room 21.", path="other.md", logit=-5.0)
    close = make_hit("Cats like rooms.", path="close.md", logit=3.0)
    same_page = make_hit("A cat purrs.", path="p1.md", logit=-5.0)
    case = case_of("p1.md", distractors=(said_again, close, same_page, HITS["p2.md"]))
    assert prompting.refused(case, ()).hits == (HITS["p2.md"],)
    assert prompting.refused(case_of("p1.md", distractors=(said_again, close, same_page)), ()) is None


def test_refusals_are_a_share_at_most(make):
    cases = [*(case_of(page) for page in PAGES[:6]), *(silent(topic) for topic in TOPICS[6:])]
    made = make(cases, without_oracle=0.5, refusals=0.25)
    assert Counter(one.is_refusal for one in made.train) == {False: 6, True: 2}
    assert made.left_out[TOO_MANY_REFUSALS] == 4


def test_a_question_that_asks_the_same_comes_once(make):
    made = make([case_of("p1.md"), case_of("p1.md"), case_of("p1.md", question="where IS the cat")])
    assert len(made.train) == 1 and made.left_out == {"a question that is there already": 2}


def test_personal_data_is_counted_where_it_stands_or_left_out(make):
    mail = make_hit("Ask ada@acme-relay.io for the cat.", path="people.md", logit=-5.0)
    cases = [case_of("p1.md", distractors=(mail,)), case_of("p2.md", answer="Ask ben@acme-relay.io [1].")]
    kept = make(cases)
    assert kept.personal_data == {"e-mail address": {"people.md:1-1": 1, "q.jsonl:1": 1}}
    assert "acme-relay.io" not in str(kept.personal_data)
    dropped = make(cases, drops=True)
    assert (len(kept.train), len(dropped.train)) == (2, 0)
    assert dropped.left_out == {HAS_PERSONAL_DATA: 2}
