"""quantities: numbers with units, dates, times and versions, in whatever notation. Pure functions."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

# Unit words and signs to one name and its size in the base unit of its dimension.
_SCALES: dict[str, dict[str, float]] = {
    "second": {
        "ns nanosecond nanoseconds": 1e-9,
        "us µs microsecond microseconds": 1e-6,
        "ms millisecond milliseconds millis": 1e-3,
        "s sec secs second seconds": 1,
        "m min mins minute minutes": 60,
        "h hr hrs hour hours": 3600,
        "d day days": 86_400,
        "w week weeks": 604_800,
    },
    "month": {"month months": 1, "y yr yrs year years": 12},
    "byte": {
        "byte bytes": 1,
        "kb kilobyte kilobytes": 1e3,
        "mb megabyte megabytes": 1e6,
        "gb gigabyte gigabytes": 1e9,
        "tb terabyte terabytes": 1e12,
        "kib kibibyte kibibytes": 2**10,
        "mib mebibyte mebibytes": 2**20,
        "gib gibibyte gibibytes": 2**30,
        "tib tebibyte tebibytes": 2**40,
    },
    "percent": {"% percent": 1},
}
_UNITS = {
    word: (dimension, size)
    for dimension, scale in _SCALES.items()
    for words, size in scale.items()
    for word in words.split()
}
# "In two ways" counts what the answer itself lists.
_SELF_COUNTED = frozenset(("ways", "steps", "things"))
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_MULTIPLIERS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_UP_TO_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "twice": 2, "dozen": 12}
NUMBER_WORDS = {word: value for value, word in enumerate(_UP_TO_TWENTY.split())} | _TENS
_MONTH_NAMES = """
january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct
|november nov|december dec
"""
_MONTHS = {name: f"{number:02}" for number, names in enumerate(_MONTH_NAMES.split("|"), 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?<![\w.-])(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d-]|\.\d)"),
    re.compile(r"(?<![\w.-])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<n>{_MONTH})\.?,? (?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<n>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<n>{_MONTH})\.?,? (?P<y>\d{{4}})\b", re.I),
)
_TIME = re.compile(
    r"(?<![\w:.])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])\.?m\.?)?(?![\w:])|\b(\d{1,2})\s?([ap])\.?m\b", re.I
)
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.)\]-])-)?(?<![\d.])(?P<digits>\d{1,3}(?:[,_ ]\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?(?![\d]*\.\d)"
    r"(?:(?P<glued>%|[a-zµ]{1,4})(?![\w])|[ -](?P<word>[A-Za-zµ%]+))?",
    re.I,
)
_NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})(?:[ -]([a-z%]+))?\b", re.I)


class Quantity(NamedTuple):
    """A number in the base unit of its dimension; `unit` is "" for a bare number.

    `written` is the number before its unit was applied, for passages that state the unit elsewhere.
    """

    value: float
    unit: str
    written: float

    def agrees_with(self, other: "Quantity") -> bool:
        """Equal, or one of them names no unit and the bare numbers are equal."""
        if self.unit and other.unit:
            return self.unit == other.unit and _close(self.value, other.value)
        return _close(self.written, other.written)


class Written(NamedTuple):
    """A quantity as a text writes it, and where."""

    text: str
    start: int
    quantity: Quantity


def quantities(text: str) -> Iterator[Written]:
    """Each number in digits; parts of versions and identifiers are none."""
    for match in _NUMBER.finditer(text):
        before = text[: match.start()][-1:]
        glued, word = (match["glued"] or "").casefold(), (match["word"] or "").casefold()
        known = glued in _UNITS or glued in _ORDINALS or glued in ("", "k")
        # A number stands right behind a letter in Chinese or Japanese, elsewhere it is a part of a name.
        if (before.isalpha() and before < "\u2e80") or before in ("_", "$") or not known:
            continue
        number = float(re.sub(r"[,_ ]", "", match["digits"]) + (match["fraction"] or ""))
        number = (-number if match["sign"] else number) * (1000 if glued == "k" else 1)
        # One letter behind a space is a name: "Table 2 s".
        unit = glued or (word if len(word) > 1 or word == "%" else "")
        bare = text[match.start() : match.end("fraction") if match["fraction"] else match.end("digits")]
        written = match.group() if unit in _UNITS or glued else bare
        yield Written(written, match.start(), _quantity(number * _MULTIPLIERS.get(unit, 1), unit))


def number_words(text: str) -> Iterator[Written]:
    """Numbers in words from two up to a hundred; "one" and "zero" are mostly no numbers."""
    for match in _NUMBER_WORD.finditer(text):
        unit = (match[2] or "").casefold()
        value = float(NUMBER_WORDS[match[1].casefold()]) * _MULTIPLIERS.get(unit, 1)
        if value > 1 and unit not in _SELF_COUNTED:
            yield Written(match[1], match.start(), _quantity(value, unit))


def dates(text: str) -> list[tuple[str, str]]:
    """Each date as written and as `2026-07-31`, or `2026-07` where no day is given."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = parts.get("m") or _MONTHS[parts["n"].casefold()]
            day = f"-{int(parts['d']):02}" if parts.get("d") else ""
            found.append((match.group(), f"{parts['y']}-{int(month):02}{day}"))
        text = pattern.sub(" ", text)
    return found


def times(text: str) -> list[tuple[str, str]]:
    """Each time of day as written and as `14:05`."""
    found = []
    for match in _TIME.finditer(text):
        hour, minute, half = int(match[1] or match[4]), match[2] or "00", (match[3] or match[5] or "").casefold()
        if hour < 24 and int(minute) < 60:
            hour = hour % 12 + 12 * (half == "p") if half else hour
            found.append((match.group(), f"{hour:02}:{minute}"))
    return found


def same_version(claimed: str, stated: str) -> bool:
    """Whether a version is the stated one or its release line: 3.10 is said of 3.10.8, not of 3.1 or 3.100."""
    return claimed == stated or (claimed.count(".") > 0 and stated.startswith(f"{claimed}."))


def _quantity(number: float, unit: str) -> Quantity:
    dimension, size = _UNITS.get(unit, ("", 1.0))
    return Quantity(number * size, dimension, number)


def _close(one: float, other: float) -> bool:
    largest = max(abs(one), abs(other))
    # What is too long to be a number is close to nothing, least of all to every other.
    return math.isfinite(largest) and abs(one - other) <= 1e-9 * largest
