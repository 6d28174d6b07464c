"""tag: what a tag looks like, and what is known of one."""

import re
from typing import NamedTuple

# Values may hold `>` and, in MDX, braces three deep. Every choice is told by its first character: no backtracking.
BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
# `href="{{< ref "a.md" >}}"`
_SHORTCODE = r"\{\{[<%][^<>%{}]{0,300}[>%]\}\}"
_SHORTCODE_VALUE = rf"""(?:"{_SHORTCODE}[^"<]{{0,300}}"|'{_SHORTCODE}[^'<]{{0,300}}')"""
_ATTRIBUTES = rf"""(?:[^<>"'{{}}]|{_SHORTCODE_VALUE}|"[^"<]{{0,1000}}"|'[^'<]{{0,1000}}'|{BRACES})*+"""
TAG = re.compile(
    rf"<(?P<close>/)?(?P<name>[A-Za-z][\w.-]*)(?P<attributes>\s{_ATTRIBUTES})?/?>"
    r"|\{%-?\s*+(?P<template>[/@]?[\w-][\w/.-]*+)(?P<arguments>(?:[^%{]|%(?!\})|\{(?!%))*+)%\}"
    r"|\{\{(?P<open>[<%])\s*+(?P<shortcode>/?\s*+\w[\w/.-]*+)(?P<parameters>(?:[^{<>%]|\{(?!\{)|[<>%](?!\}\}))*+)[>%]\}\}"
)
MAX_INDENT = 200
Place = tuple[int, int]


class Tag(NamedTuple):
    """One tag.

    Attributes:
        closes: the name that it closes, "" of one that opens or stands alone.
        label: of what stands in it.
        at: where the label is spelled, -1 without one.
        shown: characters in it that readers see, of a tag that is closed again and of one that stands alone.
        items: the labels of the tabs in it, of a tag that lists them.
        is_hidden: readers do not see what stands in it.
    """

    start: int
    end: int
    name: str
    closes: str = ""
    alone: bool = False
    label: str = ""
    at: int = -1
    shown: tuple[tuple[Place, ...], tuple[Place, ...]] = ((), ())
    items: tuple[str, ...] = ()
    is_hidden: bool = False


def stands_alone(match: re.Match[str], signs: str = "") -> bool:
    """Whether nothing else but white space, and the signs, is on its lines."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - MAX_INDENT) : start], text[end : end + MAX_INDENT]
    return not before.rpartition("\n")[2].strip(f"{signs} \t\r") and not after.partition("\n")[0].strip()


def in_heading(match: re.Match[str]) -> bool:
    """Whether its line is a heading."""
    before = match.string[max(0, match.start() - MAX_INDENT) : match.start()]
    return before.rpartition("\n")[2].startswith("#")
