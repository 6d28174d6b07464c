"""Generated markdown documents, with what the splitter must do with them."""

import re
from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = st.text("abcdefgXYZ0189éß漢字あ😀\u0301", min_size=1, max_size=12) | st.sampled_from(
    ["--no-cache", "UV_INDEX_URL", "pyproject.toml", "`code`", "**bold**", "[link](x.md)", "e.g.", "Stop.", "Why?"]
)
LONG_WORDS = st.integers(1, 400).map(lambda length: "ü" * length)
LINES = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: " ".join(["w", *words]))
LONG_LINES = st.lists(WORDS | LONG_WORDS, min_size=1, max_size=60).map(lambda words: " ".join(["w", *words]))
PARAGRAPHS = st.lists(LINES | LONG_LINES, min_size=1, max_size=4).map("\n".join)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@dataclass(frozen=True)
class Heading:
    offset: int
    level: int
    text: str


@dataclass(frozen=True)
class Generated:
    """`whole` holds the character spans of blocks that are never cut where they fit; `body` is where they begin."""

    text: str
    body: int
    headings: tuple[Heading, ...]
    whole: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Part:
    """A block with LF line ends; `whole` as in Generated, from the block's start; `level` is a heading's."""

    text: str
    whole: tuple[tuple[int, int], ...] = ()
    level: int = 0


def _uncut(text: str) -> _Part:
    return _Part(text, ((0, len(text)),))


def _indented(text: str) -> str:
    return "\n".join("    " + line if line else "" for line in text.split("\n"))


def _list(items: list[tuple[str, list[str]]], marker: str) -> _Part:
    text, whole = "", []
    for line, nested in items:
        item_start = len(text)
        text += f"{marker} {line}"
        for inner in nested:
            whole.append((len(text) + 1, len(text) + 1 + len(f"    - {inner}")))
            text += f"\n    - {inner}"
        whole.append((item_start, len(text)))
        text += "\n"
    return _Part(text.rstrip("\n"), tuple(whole))


def _table(rows: list[tuple[str, str]]) -> _Part:
    return _uncut("\n".join(["| a | b |", "|---|---|", *(f"| {left} | {right} |" for left, right in rows)]))


CODE = st.lists(LINES | st.just("") | st.just("    deep") | st.just("# comment"), max_size=12)
FENCES = st.builds(
    lambda lines, sign: _uncut("\n".join([sign + "py", *lines, sign])), CODE, st.sampled_from(["```", "~~~~"])
)
LISTS = st.builds(
    _list,
    st.lists(st.tuples(LINES | LONG_LINES, st.lists(LINES, max_size=3)), min_size=1, max_size=5),
    st.sampled_from(["-", "*", "1."]),
)
TABLES = st.builds(_table, st.lists(st.tuples(LINES, LINES), max_size=6))
INNER = st.one_of(PARAGRAPHS, FENCES.map(lambda part: part.text), LISTS.map(lambda part: part.text))
INNERS = st.lists(INNER, min_size=1, max_size=3).map("\n\n".join)
# Two blank lines end an admonition, even inside a fence: a rule of the parser.
ADMONITIONS = INNERS.map(lambda inner: _uncut('!!! note "Title"\n\n' + _indented(re.sub("\n{3,}", "\n\n", inner))))
CONTAINERS = INNERS.map(lambda inner: _uncut(f":::tip\n\n{inner}\n\n:::"))
TABS = INNERS.map(lambda inner: _uncut(f'=== "Linux"\n\n{_indented(inner)}'))
PLAIN = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS.map(lambda text: "\n".join("> " + line for line in text.split("\n"))),
    st.builds("[{}]: https://example.com/{}".format, st.integers(0, 9), st.integers()),
    LINES.map(lambda line: f"<details>\n{line}\n</details>"),
    LINES.map(lambda line: f"<!-- {line} -->"),
    st.just("* * *"),
).map(_Part)
HEADINGS = st.builds(
    lambda level, name: _Part(f"{'#' * level} {name}", level=level),
    st.integers(1, 6),
    st.text("abcXYZ019é漢", min_size=1, max_size=6),
)
PARTS = st.one_of(HEADINGS, PLAIN, FENCES, LISTS, TABLES, ADMONITIONS, CONTAINERS, TABS)
# These reach to the end of the document.
UNCLOSED = st.one_of(
    CODE.map(lambda lines: _Part("\n".join(["```", *lines]))),
    PARAGRAPHS.map(lambda text: _Part(":::tip\n" + text)),
    LINES.map(lambda line: _Part("<!-- " + line)),
)


@st.composite
def documents(draw: st.DrawFn) -> Generated:
    newline = draw(NEWLINES)
    text = draw(st.sampled_from(["", "\ufeff"]))
    if draw(st.booleans()):
        text += newline.join(["---", "title: Größe", "tags: [a]", "---", ""])
    body = len(text)
    text += newline * draw(st.integers(0, 1))
    parts = draw(st.lists(PARTS, max_size=8))
    if draw(st.booleans()):
        parts.append(draw(UNCLOSED))
    headings, whole = [], []
    for part in parts:
        if part.level:
            headings.append(Heading(len(text), part.level, part.text.lstrip("# ")))
        for span in part.whole:
            # Each line end before a place moves it where line ends are two characters long.
            start, end = (at + (len(newline) - 1) * part.text.count("\n", 0, at) for at in span)
            whole.append((len(text) + start, len(text) + end))
        text += part.text.replace("\n", newline) + newline * draw(st.integers(2, 3))
    return Generated(text, body, tuple(headings), tuple(whole))
