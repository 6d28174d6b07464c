"""Average linkage without a matrix of all pairs, against the plain way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.questions.linkage import _pairs, clusters


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def plain_way(vectors, least_similarity):
    """Merge the most similar two of all, as long as they are similar enough."""
    found = [[row] for row in range(len(vectors))]
    similar = (vectors @ vectors.T).astype(float)
    while len(found) > 1:
        pairs = [
            (similar[np.ix_(first, second)].mean(), i, j)
            for i, first in enumerate(found)
            for j, second in enumerate(found)
            if i < j
        ]
        best, i, j = max(pairs)
        if best < least_similarity:
            break
        found[i] += found.pop(j)
    return sorted(sorted(rows) for rows in found)


@given(seed=st.integers(0, 10_000), count=st.integers(1, 24), dimension=st.integers(2, 6), limit=st.floats(-0.9, 0.99))
def test_it_is_the_plain_way(seed, count, dimension, limit):
    vectors = unit(np.random.default_rng(seed).normal(size=(count, dimension)))
    assert clusters(vectors, limit) == plain_way(vectors, limit)


@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(seed):
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(30, 4)))
    order = random.permutation(30)
    shuffled = [sorted(int(order[row]) for row in rows) for rows in clusters(vectors[order], 0.6)]
    assert sorted(shuffled) == clusters(vectors, 0.6)


def test_a_chain_of_neighbours_is_cut_where_the_average_is_too_low():
    angles = np.radians([0, 9, 19, 30, 42, 55, 69])
    vectors = unit(np.column_stack([np.cos(angles), np.sin(angles)]))
    found = clusters(vectors, 0.95)
    assert found == plain_way(vectors, 0.95) == [[0, 1], [2, 3], [4, 5], [6]]
    assert all(vectors[first] @ vectors[first + 1] > 0.95 for first in range(6))


def test_no_rows_are_no_clusters():
    assert clusters(np.zeros((0, 3), np.float32), 0.5) == []


@pytest.mark.parametrize("count", [1, 2, 700])
def test_equal_rows_are_one_cluster(count):
    assert clusters(unit([[1, 2, 3]] * count), 0.99) == [list(range(count))]


def test_three_that_are_equally_near_do_not_go_in_circles():
    thirds = np.radians([0, 120, 240])
    vectors = unit(np.column_stack([np.cos(thirds), np.sin(thirds), np.full(3, 2)]))
    assert clusters(vectors, 0.5) == [[0, 1, 2]]
    assert clusters(vectors, 0.75) == [[0], [1], [2]]


def test_where_rounding_makes_a_circle_the_most_similar_two_are_merged():
    similarity = np.array([0.5, 0.50001, 0.5], np.float32)
    assert _pairs(np.array([1, 2, 0]), similarity, np.zeros(3, bool)) == [(1, 2)]


def test_rows_apart_are_told_of_as_done():
    told = []
    clusters(unit(np.eye(600)), 0.5, told.append)
    assert told == [600]
