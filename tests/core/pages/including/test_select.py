"""Which lines are shown."""

import pytest

from footnote.app.core.pages.including.select import NotThereError, lines_of, selected
from footnote.app.core.types import Selection

TEN = "".join(f"{number}\n" for number in range(1, 11))
SNIPPETS = "a\n# --8<-- [start:one]\nb\n# --8<-- [start:two]\nc\n# --8<-- [end:two]\n# --8<-- [end:one]\nd\n"
ANCHORS = "a\n// ANCHOR: one\nb\n// ANCHOR: two\nc\n// ANCHOR_END: two\nd\n// ANCHOR_END: one\ne\n"
REGIONS = "a\n// #region one\nb\n// #region\nc\n// #endregion\nd\n// #endregion one\ne\n"
TAGS = "a\n# tag::one[]\nb\n# end::one[]\nc\n# tag::two[]\nd\n# end::two[]\n"
PYTHON = (
    "import relay\n\n@relay.once\ndef first():\n    return 1\n\nclass Second:\n    def third(self):\n        return 3\n"
)


def shown(text: str, *selection: tuple[str, str]) -> str:
    lines = lines_of(text)
    return " ".join(" ".join(lines[first:end]) for first, end in selected(lines, selection))


@pytest.mark.parametrize(
    ("text", "selection", "expected"),
    [
        (TEN, (), "1 2 3 4 5 6 7 8 9 10"),
        (TEN, (("lines", "2:3,5:5"),), "2 3 5"),
        (TEN, (("lines", ":2,9:"),), "1 2 9 10"),
        (TEN, (("lines", "-2:-1"),), "9 10"),
        (TEN, (("lines", "8:99"),), "8 9 10"),
        (TEN, (("start-after", "4"), ("lines", "2:3")), "6 7"),
        (TEN, (("start-at", "4"), ("end-before", "7")), "4 5 6"),
        (TEN, (("start-after", "4"), ("end-at", "7")), "5 6 7"),
        ("1\r\n2\r3\n", (("lines", "2:3"),), "2 3"),
        (SNIPPETS, (("pymdownx", "one"),), "b c"),
        (SNIPPETS, (("pymdownx", "two"),), "c"),
        (SNIPPETS, (("markers", "pymdownx"),), "a b c d"),
        (ANCHORS, (("anchor", "one"),), "b c d"),
        (ANCHORS, (("anchor", "two"),), "c"),
        (REGIONS, (("region", "one"),), "b c d"),
        (TAGS, (("tags", "one,two"),), "b d"),
        (TAGS, (("tags", "**"),), "a b c d"),
        (TAGS, (("tags", "*,!two"),), "a b c"),
        (PYTHON, (("pyobject", "first"),), "@relay.once def first():     return 1"),
        (PYTHON, (("pyobject", "Second.third"),), "    def third(self):         return 3"),
    ],
)
def test_lines(text: str, selection: Selection, expected: str) -> None:
    assert shown(text, *selection) == expected


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        (TEN, (("lines", "11:12"),)),
        (TEN, (("lines", "x:y"),)),
        (TEN, (("start-at", "eleven"),)),
        (SNIPPETS, (("pymdownx", "three"),)),
        (ANCHORS, (("anchor", "three"),)),
        (REGIONS, (("region", "three"),)),
        (TAGS, (("tags", "three"),)),
        (PYTHON, (("pyobject", "Second.fourth"),)),
        ("def broken(:\n", (("pyobject", "broken"),)),
    ],
)
def test_what_is_not_there_is_said(text: str, selection: Selection) -> None:
    with pytest.raises(NotThereError):
        selected(lines_of(text), selection)
