"""steps: the numbers of list items that stay."""

import pytest

from footnote.app.answering.steps import Line, closed_up, with_number


def closed(text, left_out, kept=()):
    """The numbers by line; `left_out` are lines, from 0."""
    lines = [Line(place, line, place in left_out) for place, line in enumerate(text.split("\n"))]
    return closed_up(lines, kept)


@pytest.mark.parametrize(
    ("text", "left_out", "numbers"),
    [
        ("1. A\n2. B\n3. C\n4. D", {1}, {2: 2, 3: 3}),
        ("1. A\n2. B\n3. C\n4. D", {0, 2}, {1: 1, 3: 2}),
        ("1. A\n2. B", {1}, {}),
        ("3) A\n4) B\n5) C", {0}, {1: 3, 2: 4}),
        ("1. A\n1. B\n1. C", {0}, {}),
        ("1. A\n   1. a\n   2. b\n   3. c\n2. B\n   1. a\n   2. b\n3. C", {1, 4, 5, 6}, {2: 1, 3: 2, 7: 2}),
        ("1. A\n   1. a\n   2. b\n2. B\n   3. c", {1}, {2: 1}),
        ("1. A\n- x\n2. B\n3. C", {1, 2}, {3: 2}),
        ("1. A\n2. B\nThen:\n1. C\n2. D", {0}, {1: 1}),
        ("### 1. A\n1. x\n2. y\n### 2. B\n### 3. C", {1, 3}, {2: 1, 4: 2}),
        ("**1. A**\n**2. B**", {0}, {1: 1}),
        ("3.5 is a number\n4.5 is one", {0}, {}),
    ],
)
def test_items_move_up_within_their_own_list(text, left_out, numbers):
    assert closed(text, left_out) == numbers


@pytest.mark.parametrize(("said", "moves"), [("Repeat step 3.", False), ("Steps 1 and 2 differ.", False), ("A", True)])
def test_where_a_number_is_named_all_numbers_stay(said, moves):
    assert bool(closed("1. A\n2. B", {0}, [said])) == moves


def test_a_number_is_replaced_where_it_stands():
    assert with_number("**2. Run 3. times**", 1) == "**1. Run 3. times**"
    assert with_number("Run it 3. times", 1) == "Run it 3. times"
