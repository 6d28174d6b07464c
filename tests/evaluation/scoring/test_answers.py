"""Answer metrics: words against a reference, citations against labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.evaluation.scoring.answers import is_of_label, token_f1, token_recall
from footnote.app.evaluation.scoring.labels import Target
from tests.builders import make_sources

WORDS = st.text("abc -.", max_size=20)


@pytest.mark.parametrize(
    ("answer", "reference", "f1", "recall"),
    [
        ("The port is 7070.", "port 7070", 0.8, 1.0),  # precision 2/3
        ("7070", "It listens on port 7070.", 2 / 6, 1 / 5),
        ("Run `acme-relay stop`.", "acme-relay stop", 6 / 7, 1.0),
        ("[ports](reference/ports.md#default) ports", "ports", 2 / 3, 1.0),  # repeats count, targets of links do not
        ("no idea", "7070", 0.0, 0.0),
        ("", "7070", 0.0, 0.0),
        ("The", "an", 0.0, 0.0),
    ],
)
def test_words_shared_with_the_reference(answer, reference, f1, recall):
    assert token_f1(answer, reference) == pytest.approx(f1)
    assert token_recall(answer, reference) == pytest.approx(recall)


@given(WORDS, WORDS)
def test_f1_is_symmetric_and_one_for_equals(one, other):
    assert token_f1(one, other) == pytest.approx(token_f1(other, one))
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one + " word", one + " word") == 1


def test_a_citation_is_of_a_label_where_they_overlap_on_the_same_page():
    (source,) = make_sources(1)  # bytes 0 to 9 of a.md
    empty = frozenset()

    def target(path, *spans):
        return Target(path, empty, None, None, spans)

    assert is_of_label(source, [target("b.md", (0, 9)), target("a.md", (50, 60), (4, 40))])
    assert not is_of_label(source, [target("b.md", (0, 9)), target("a.md", (7, 40))])
