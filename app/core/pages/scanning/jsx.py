"""jsx: where an expression or a module of MDX ends, by its JavaScript, and the templates and elements in that."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What each context is made of. All else in it is passed over as text.
_CODE = re.compile(
    r"(?P<lines>\n\s*+)|(?P<plain>[^\"'`/<{}()\[\]\n]++)"
    r"|(?P<comment>//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\[\s\S])*+\"?|'(?:[^'\\\n]|\\[\s\S])*+'?)"
    r"|(?P<regex>/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,500}+\]){1,500}+/)|(?P<tag><(?=[A-Za-z_$>]))"
    r"|(?P<opens>[{(\[`])|(?P<closes>[})\]])|(?P<sign>[/<])"
)
_TEMPLATE = re.compile(r"(?P<plain>(?:[^`\\$]|\\[\s\S]|\$(?!\{)|\\\Z)++)|(?P<opens>\$\{)|(?P<closes>`)")
_TAG = re.compile(
    r"(?P<plain>(?:[^\"'{}/<>]|/(?!>))++)|(?P<string>\"[^\"]*+\"?|'[^']*+'?)|(?P<opens>\{)|(?P<tag><)"
    r"|(?P<closes>/>)|(?P<content>>)|(?P<sign>\})"
)
_CONTENT = re.compile(
    r"(?P<plain>[^<{]++)|(?P<opens>\{)|(?P<closes></[^<>{}]*+>?)|(?P<tag><(?=[A-Za-z_$>]))|(?P<sign><)"
)
_CONTEXTS = {"{": _CODE, "(": _CODE, "[": _CODE, "${": _CODE, "`": _TEMPLATE, "<": _TAG, ">": _CONTENT}
# Behind these a value comes: a slash begins a regular expression there, `<` a tag, and the code goes on.
_EXPECTS_VALUE = re.compile(
    r"(?:[^\w$\s)\]}'\"`.;]|(?<![\w$.])(?:await|case|const|default|export|extends|from|import|in|let|new|of|return|typeof"
    r"|var|yield))\Z"
)
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")
_LONGEST_WORD = len("default") + 1


class _Token(NamedTuple):
    """One token, with the number of contexts that are open behind it, and what of the code stands before it."""

    kind: str
    start: int
    end: int
    depth: int
    before: str


def expression_end(text: str, at: int, limit: int) -> tuple[int | None, bool]:
    """Where the braces end that open at `at`, None if not before `limit`; and whether there is a comment in them."""
    has_comment = False
    for token in _tokens(text, at, limit):
        has_comment = has_comment or token.kind == "comment"
        if token.depth == 0:
            return token.end, has_comment
    return None, has_comment


def module_end(text: str, at: int, limit: int) -> int | None:
    """Where the imports or exports end that begin at `at`: before the first blank line where they are complete.

    They end with the text as well. None where they are not complete before `limit`.
    """
    depth = 0
    for token in _tokens(text, at, limit):
        depth = token.depth
        is_blank = token.kind == "lines" and _BLANK_LINE.match(text, token.start)
        if is_blank and depth == 0 and not _EXPECTS_VALUE.search(token.before):
            return token.start
    return limit if depth == 0 and limit == len(text) else None


def _tokens(text: str, at: int, limit: int) -> Iterator[_Token]:
    contexts: list[str] = []
    before = ""
    while at < limit:
        pattern = _CONTEXTS[contexts[-1]] if contexts else _CODE
        token = pattern.match(text, at, limit)
        assert token is not None
        kind, said = token.lastgroup or "", token.group()
        if pattern is _CODE and kind in ("regex", "tag") and not _EXPECTS_VALUE.search(before):
            kind, said = "sign", said[0]
        if kind in ("opens", "tag"):
            contexts.append(said)
            before = "("
        elif kind in ("closes", "string", "regex"):
            if kind == "closes" and contexts:
                contexts.pop()
            before = ")"
        elif kind == "content":
            contexts[-1] = ">"
        elif kind in ("plain", "sign"):
            before = said.rstrip()[-_LONGEST_WORD:] or before
        yield _Token(kind, at, at + len(said), len(contexts), before)
        at += len(said)
