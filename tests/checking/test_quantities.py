"""Quantities: a number agrees with what is as large, in whatever notation."""

from footnote.app.checking.quantities import quantities


def test_a_number_too_long_to_be_one_agrees_with_none():
    (endless,) = quantities("6" * 600)
    for other in ("7070", "6" * 601, "6" * 600):
        (stated,) = quantities(other)
        assert not endless.quantity.agrees_with(stated.quantity)
