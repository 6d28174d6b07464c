"""numbering: how generators of sites tell equal slugs of a page apart. Each takes and gives what the headings have."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.S)


class NamedHeading(NamedTuple):
    """`given` is the id that the page gives, or ""; `slug` is None where the generator makes none."""

    given: str
    slug: str | None


def first_free(named: Sequence[NamedHeading], spares_given: bool = False) -> Iterator[str]:
    """`slug`, `slug-1`, `slug-2`, the first that is free; with `spares_given` no id that the page gave before."""
    used: set[str] = set()
    reached: dict[str, int] = {}  # the last number that a slug was given: all before it are used
    for given, slug in named:
        if given or slug is None:
            if spares_given and given:
                used.add(given)
            yield given
            continue
        anchor, number = slug, reached.get(slug, 0)
        while anchor in used:
            number += 1
            anchor = f"{slug}-{number}"
        reached[slug] = number
        used.add(anchor)
        yield anchor


def first_but_given(named: Sequence[NamedHeading]) -> Iterator[str]:
    """The same, with `spares_given`."""
    return first_free(named, spares_given=True)


def mkdocs(named: Sequence[NamedHeading]) -> Iterator[str]:
    """`slug`, `slug_1`, `slug_2`; all ids that the page gives are used before."""
    used = {"", *(one.given for one in named)}
    reached: dict[str, int] = {}
    for given, slug in named:
        anchor = given or slug
        if anchor is None:
            yield ""
            continue
        if not given and anchor in used:
            numbered = _NUMBERED.fullmatch(anchor)
            name, number = (numbered[1], int(numbered[2])) if numbered else (anchor, 0)
            number = reached.get(anchor, number) + 1
            while f"{name}_{number}" in used:
                number += 1
            reached[anchor] = number
            anchor = f"{name}_{number}"
        used.add(anchor)
        yield anchor


def kramdown(named: Sequence[NamedHeading]) -> Iterator[str]:
    """`slug`, `slug-1`, `slug-2`, whatever is used."""
    counts: Counter[str] = Counter()
    for given, slug in named:
        if given or slug is None:
            yield given
            continue
        yield f"{slug}-{counts[slug]}" if counts[slug] else slug
        counts[slug] += 1


def docutils(named: Sequence[NamedHeading]) -> Iterator[str]:
    """`slug`, and `id1`, `id2`, ... through the page for those that are used or empty."""
    used = {""}
    number = 0
    for given, slug in named:
        anchor = given or slug
        if anchor is None:
            yield ""
            continue
        while not given and anchor in used:
            number += 1
            anchor = f"id{number}"
        used.update((anchor, slug or ""))
        yield anchor


def unnumbered(named: Sequence[NamedHeading]) -> Iterator[str]:
    """Equal ones stay equal."""
    return (given or slug or "" for given, slug in named)
