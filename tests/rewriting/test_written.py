"""What is made of a language model's reply: queries and passages, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.rewriting.written import PASSAGE_CHARS, QUERY_CHARS, written_passage, written_queries

QUESTION = "How do I restore a backup?"


@pytest.mark.parametrize(
    ("reply", "queries"),
    [
        ("restore backup queue folder", ("restore backup queue folder",)),
        (
            "1. restore a queue\n2) copy the folder\n- `RLY-014` lock\n4. too many",
            ("restore a queue", "copy the folder", "RLY-014` lock"),
        ),
        ('Here are three queries:\n\n"restore queue"\n\n**backup copy**', ("restore queue", "backup copy")),
        ("Query: restore queue\nSearch query 2: copy it back", ("restore queue", "copy it back")),
        ("how do I restore a backup?\nrestore queue\nRestore queue", ("restore queue",)),
        ("<think>\nThey want to restore.\n</think>\nrestore queue", ("restore queue",)),
        ("restore step 2. copy, search query: x", ("restore step 2. copy, search query: x",)),
        ("--no-cache meaning", ("--no-cache meaning",)),
        ("42 is the answer", ("42 is the answer",)),
        ("\n \n...\n---\n", ()),
        ("", ()),
    ],
)
def test_a_line_is_a_query(reply, queries):
    assert written_queries(reply, QUESTION, 3) == queries


def test_no_more_queries_than_wanted():
    assert written_queries("one\ntwo\nthree", QUESTION, 1) == ("one",)


@pytest.mark.parametrize(
    ("reply", "passage"),
    [
        ("Stop the service.\n\nThen copy\tthe folder.", "Stop the service. Then copy the folder."),
        ("<think>Hm.</think> Stop it.", "Stop it."),
        (" \n... ", ""),
    ],
)
def test_a_passage_is_one_line(reply, passage):
    assert written_passage(reply) == passage


@given(st.text(max_size=3000) | st.text("a -1.:`\n", max_size=9000))
def test_whatever_is_said_is_bounded(reply):
    queries = written_queries(reply, QUESTION, 3)
    assert len(queries) <= 3
    for query in queries:
        assert 0 < len(query) <= QUERY_CHARS
        assert "\n" not in query
    assert len(written_passage(reply)) <= PASSAGE_CHARS
