"""questions: what a paragraph asks or names on its first lines, and where the text begins that this is about."""

import re
from typing import NamedTuple

from footnote.app.core.text.offsets import LINE_END

MAX_LABEL_CHARS = 200
_MAX_QUESTION_CHARS = 600  # a longer one stays in the text
_MAX_NAME_SPACES = 4  # a guess: `**Before you start.**` names, a longer one with a stop says something
_EMPHASIS = r"(?:\*{1,3}|_{1,3})?"
_SPEAKER = rf"[ \t]*\d*{_EMPHASIS}[:.)]{_EMPHASIS}[ \t]+"  # behind `Q` or `A`
_ASKS = re.compile(rf"[ \t>]*{_EMPHASIS}(?:Q|Question){_SPEAKER}")
_REPLIES = re.compile(rf"[ \t>]*{_EMPHASIS}(?:A|Answer){_SPEAKER}")
_REPLIES_BELOW = re.compile(rf"(?:(?<=[\r\n])[ \t>]*|(?<=[?.!*_])[ \t]+){_EMPHASIS}(?:A|Answer){_SPEAKER}")
_QUESTION_END = re.compile(r"\?+[*_)\"'”]*(?=[\s\\]|\Z)")
_BREAK = re.compile(r"(?:\\|[ \t]+)?(?=[\r\n]|\Z)")
# Lines of nothing but emphasis.
_EMPHASIZED = re.compile(
    r"(?P<signs>[ \t>]*)(?P<mark>\*{1,3}|_{1,3})(?P<said>(?:(?!(?P=mark)).)+)(?P=mark)[ \t:]*\\?(?=[\r\n]|\Z)", re.S
)
_LINE_SIGNS = re.compile(r"[\r\n]+[ \t>]*")


class Asked(NamedTuple):
    """What is asked or named, and the character behind it."""

    text: str
    end: int
    is_question: bool


def asked(text: str, start: int, end: int) -> Asked | None:
    """What the first lines of `[start, end)` ask or name, in emphasis or behind `Q:`; None where they do neither.

    A question may be written over several lines, a name in bold stands on one; a bold sentence is neither.
    """
    label = _ASKS.match(text, start, end)
    if label:
        return _labelled(text, label.end(), end)
    line = _EMPHASIZED.match(text, start, end)
    if not line:
        return None
    said = _flat(line["said"])
    is_question = said.endswith("?")
    if not is_question:
        is_line = len(line["mark"]) == 2 and not LINE_END.search(line["said"]) and ">" not in line["signs"]
        is_sentence = said.endswith((".", "!")) and said.count(" ") > _MAX_NAME_SPACES
        if not is_line or is_sentence or len(said) > MAX_LABEL_CHARS:
            return None
    return Asked(said[:MAX_LABEL_CHARS], line.end(), is_question)


def reply_start(text: str, start: int, end: int) -> int:
    """Where a reply says something that begins in `[start, end)`, behind `A:`; `start` where there is none."""
    filled = start + len(text[start:end]) - len(text[start:end].lstrip())
    reply = _REPLIES.match(text, filled, end)
    return reply.end() if reply else start


def _labelled(text: str, start: int, end: int) -> Asked | None:
    """The question from `start` on: up to its reply, or else to the end of its line, the first that ends a question."""
    if reply := _REPLIES_BELOW.search(text, start, end):
        stop = reply.start()
    else:
        stop = first = _line_end(text, start, end)
        if found := _QUESTION_END.search(text, start, end):
            stop = max(
                one.end() for one in _QUESTION_END.finditer(text, start, max(first, _line_end(text, found.end(), end)))
            )
    said = _flat(text[start:stop])
    closing = said[len(said.rstrip("*_")) :]
    said = said.removesuffix(closing) if said.count(closing) == 1 else said
    if not said or len(said) > _MAX_QUESTION_CHARS:
        return None
    broken = _BREAK.match(text, stop, end)
    return Asked(said[:MAX_LABEL_CHARS], broken.end() if broken else stop, True)


def _flat(said: str) -> str:
    return " ".join(_LINE_SIGNS.sub(" ", said).split())


def _line_end(text: str, start: int, end: int) -> int:
    found = LINE_END.search(text, start, end)
    return found.start() if found else end
