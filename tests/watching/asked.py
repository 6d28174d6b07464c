"""What `/metrics` says, read."""

import re

_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Values by name and labels."""
    lines = [_SAMPLE.match(line) for line in text.splitlines() if not line.startswith("#")]
    return {(found[1], frozenset(_LABEL.findall(found[2] or ""))): float(found[3]) for found in lines if found}


def value(text: str, name: str, **labels: str) -> float | None:
    """The value of one sample; None where there is none."""
    return samples(text).get((name, frozenset(labels.items())))


def total(text: str, name: str) -> float:
    """The values of a name, whatever the labels, together."""
    return sum(found for (one, _), found in samples(text).items() if one == name)
