"""Patterns that can match nothing are refused, with what to write instead."""

import pytest

from footnote.app.core.errors import SettingsError
from footnote.app.core.patterns import deeper, require_patterns


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[", "its [ is not closed: write \\[ for the sign itself"),
        ("drafts/[a.md", "its [ is not closed: write \\[ for the sign itself"),
        ("[z-a].md", "it is not a pattern as in .gitignore: bad character range z-a"),
        ("a\\", "it is not a pattern as in .gitignore: Invalid git pattern"),
        ("./drafts/", "paths begin at the folder that is read: leave `.` and `..` out"),
        ("../other/*.md", "paths begin at the folder that is read: leave `.` and `..` out"),
        ("#notes.md", "it is a comment: write \\#notes.md for a name that begins so"),
        ("/", "it names nothing"),
    ],
)
def test_a_pattern_that_can_match_nothing_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(SettingsError) as raised:
        require_patterns("FOOTNOTE_EXCLUDE", ("drafts/", pattern))
    assert str(raised.value).startswith(f"FOOTNOTE_EXCLUDE: {pattern!r} can match no file: {why}")


def test_what_may_match_is_taken() -> None:
    patterns = ("drafts/", "*.tmp.md", "!keep.md", "/a/**/b", "[ab].md", "\\[a", "\\#a", "**", "", " ", "..a/b", "a.")
    require_patterns("FOOTNOTE_EXCLUDE", patterns)
    require_patterns("FOOTNOTE_INCLUDE", ("#a.md", "**/*.md", "guides/*.md"), anchored=True)
    with pytest.raises(SettingsError, match=r"^FOOTNOTE_INCLUDE: '\[' can match no file"):
        require_patterns("FOOTNOTE_INCLUDE", ("[",), anchored=True)


def test_a_glob_of_any_depth() -> None:
    assert [deeper(one) for one in ("*.txt", "/a/*.md", "**/*.md", "**")] == ["**/*.txt", "**/a/*.md", None, None]
