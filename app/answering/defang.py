"""defang: an answer's text before anyone renders it. What the docs or a model put into it never becomes markup.

Pure functions over markdown. Code stays as it is, and a markdown parser has the last word on whether anything is live.
"""

import html
import re
from collections.abc import Callable, Collection, Sequence

from footnote.app.answering.untrusted import BREAK, visible
from footnote.app.core.text.prose import markdown_parsers, markdown_tokens, rewrite_prose

_NUMBERS = r"\s*\^?[0-9]+(?:\s*[,;–-]\s*\^?[0-9]+)*\s*"
_MARKER = re.compile(rf"\[(?P<inner>{_NUMBERS})\]")
_COPIED_MARKER = re.compile(rf"[\[【]{BREAK}(?P<inner>\^?[0-9][^\]】\n]*)[\]】]")
_LABEL = r"\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]"
_ACTIVE = re.compile(
    rf"(?P<image>(?<!!)!+(?={_LABEL}\())"
    # Possessive, so that no run of white space takes longer than it is long.
    r"|(?P<target>(?<=\])\(\s*+(?:<(?P<angled>[^<>\n]*+)>|(?P<bare>(?:[^\s()]|\([^\s()]*+\))*+))(?:\s++[^()]*+)?\))"
    r"|(?P<url>\b(?:(?:https?|ftp)://|www\.)[^\s<>\"`|]*[^\s<>\"`|.,;:!?)\]'*_])"
    r"|(?P<tag><(?!(?:https?://|mailto:)[^\s<>]*>)(?=[A-Za-z/!?]))"
    r"|(?P<definition>(?<![^\s>])\[(?=(?:\\.|[^\[\]\\])++\]:))",
    re.I | re.S,
)
_CONTAINER_SIGNS = re.compile(r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*+")
_MAX_SIGNS = 200
_SCHEME = re.compile(r"(?P<name>[a-z][a-z0-9+.-]*):|//|\\", re.I)
_HARMLESS_SCHEMES = ("http", "https", "mailto")
_REMOVED = "(link removed)"


def without_markup(text: str) -> str:
    """The text as markdown that renders to no HTML, no image and no link that runs something.

    A tag's `<` becomes `&lt;`, an image a link, and of a link that runs something the label is left; code is kept.
    """
    return _defanged(text, lambda url: True)


def without_foreign_links(text: str, passages: Sequence[str]) -> str:
    r"""A model's answer `without_markup`, and without addresses of other hosts that no passage holds.

    A model that was talked into it could carry the question or its instructions out in the address of a link.
    Characters that nobody sees are removed, among them the breaks of `disarmed`; a `[n]` that was copied from the docs
    with its break becomes `\[n\]`, which is no marker.
    """
    copied = rewrite_prose(text, _COPIED_MARKER, lambda match: rf"\[{match['inner']}\]")
    known = "\n".join(map(visible, passages))
    return _defanged(visible(copied), lambda url: url in known)


def with_escaped_markers(text: str, own: Collection[int]) -> str:
    r"""The text with each `[n]` outside code as `\[n\]`, but for those that begin at the positions `own`."""

    def escaped(match: re.Match[str]) -> str:
        return match.group() if match.start() in own else rf"\[{match['inner']}\]"

    return rewrite_prose(text, _MARKER, escaped)


def can_act(text: str) -> bool:
    """Whether the text has a sign without which nothing in it is a tag, an image or a link."""
    return "<" in text or "](" in text or "]:" in text


def harmless_behind(text: str, piece: str) -> str:
    """The piece as it may stand behind the text: both are `without_markup`, and put together they must be, too.

    A piece that ends something that the text began is spelled letter by letter.
    """
    if not can_act(text) and not can_act(text[-1:] + piece):
        return piece
    for harmless in (piece, _escaped(piece)):
        if without_markup(text + harmless) == text + harmless:
            return harmless
    return re.sub(r"[^\w\s.,;:-]", lambda sign: f"&#{ord(sign.group())};", piece)


def _defanged(text: str, is_known: Callable[[str], bool]) -> str:
    def is_allowed(url: str) -> bool:
        # Browsers skip white space and control characters inside an address.
        scheme = _SCHEME.match(re.sub(r"[\x00-\x20\x7f-\xa0]", "", url))
        if not scheme:
            return True
        return (scheme["name"] or "http").lower() in _HARMLESS_SCHEMES and is_known(url)

    def harmless(match: re.Match[str]) -> str:
        kind, whole = match.lastgroup, match.group()
        if kind == "image":
            return ""
        if kind == "tag":
            return "&lt;"
        if kind == "definition":
            return r"\[" if _begins_block(text, match.start()) else whole
        if kind == "url":
            return whole if is_known(whole) else _REMOVED
        return whole if is_allowed(html.unescape(match["angled"] or match["bare"] or "")) else ""

    defanged = rewrite_prose(text, _ACTIVE, harmless)
    if not _is_live(defanged, is_allowed):
        return defanged
    # Code to one parser and live to another: then nothing is left that could begin markup, in code or not.
    urls = re.sub(_ACTIVE, lambda match: harmless(match) if match["url"] else match.group(), text)
    return _escaped(urls)


def _escaped(text: str) -> str:
    """The text with nothing that could begin a tag or a link; markers stay."""
    return re.sub(r"\[(?![0-9]+\](?![:(\[]))", "&#91;", text.replace("<", "&lt;"))


def _begins_block(text: str, place: int) -> bool:
    """Whether only signs of quotations and lists stand before a place on its line: elsewhere nothing is defined."""
    line = text.rfind("\n", max(0, place - _MAX_SIGNS), place) + 1
    return (line > 0 or place <= _MAX_SIGNS) and _CONTAINER_SIGNS.fullmatch(text, line, place) is not None


def _is_live(text: str, is_allowed: Callable[[str], bool]) -> bool:
    """Whether any parser finds HTML, an image, a link definition or a link that is not allowed."""
    for parser in markdown_parsers():
        env: dict[str, object] = {}
        for token in markdown_tokens(parser, text, env):
            if token.type in ("html_block", "html_inline", "image"):
                return True
            if token.type == "link_open" and not is_allowed(str(token.attrGet("href") or "")):
                return True
        if env.get("references"):
            return True
    return False
