"""hiding: how text begins and ends that is not there for readers, by kind."""

import re
from bisect import bisect_right
from functools import cache, cached_property
from typing import Literal, NamedTuple

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.scanning.jsx import expression_end, module_end

Reach = Literal["match", "zone", "page"]


class _Kind(NamedTuple):
    """Hidden text of one kind.

    Attributes:
        begins: what it begins with.
        ends: what it ends with; None where the match of `begins` is all of it.
        reach: how far from its beginning the end may be: to the end of the paragraph, or of the page.
        starts_block: it hides across blank lines where it begins a block.
    """

    begins: str
    ends: str | None = None
    reach: Reach = "match"
    starts_block: bool = False


_DATA = r"data:(?:[\w.+-]{1,60}/[\w.+-]{1,60})?(?:;[\w.+=-]{1,60}){0,4},"
_KINDS = {
    "comment": _Kind("<!--", "-->", "zone", True),
    "script": _Kind(r"<(?i:script)(?=[\s>])(?:(?:[^<>/]|/(?!>))*+/>)?", r"</(?i:script)\s*>", "zone", True),
    "style": _Kind(r"<(?i:style)(?=[\s>])(?:(?:[^<>/]|/(?!>))*+/>)?", r"</(?i:style)\s*>", "zone", True),
    "instruction": _Kind(r"<\?(?=\w)", r"\?>", "zone", True),
    "declaration": _Kind(r"<!(?:[A-Za-z]|\[CDATA\[)[^<>\n]*+>", None, "match", True),
    "jsx": _Kind(r"\{\s*+/\*", r"\*/\s*+\}", "page", True),
    "percent": _Kind("%%", "%%", "page", True),
    "template": _Kind(r"\{\{/\*", r"\*/\}\}", "page", True),
    "shortcode": _Kind(
        r"\{\{[<%]\s*+comment\b[^<>%{}]*+[>%]\}\}", r"\{\{[<%]\s*+/\s*+comment\s*+[>%]\}\}", "page", True
    ),
    "liquid": _Kind(r"\{%-?\s*+comment\b[^%{}]*+%\}", r"\{%-?\s*+endcomment\s*+-?%\}", "page", True),
    "liquid_line": _Kind(r"\{%-?\s*+#(?:[^%]|%(?!\}))*+%\}", None, "match", True),
    "kramdown": _Kind(r"\{::comment\}", r"\{:/(?:comment)?\}", "page", True),
    "critic": _Kind(r"\{>>", r"<<\}", "zone"),
    "line": _Kind(r"%[^\n]*$", None, "match", True),
    "definition": _Kind(r"^[ \t>]{0,6}\[(?://|#|comment|_comment_)\]:[^\n]*$"),
    # Of an abbreviation: a tooltip.
    "abbreviation": _Kind(r"^[ \t>]{0,6}\*\[[^\]\n]{1,200}\] ?:[^\n]*$"),
    "uri": _Kind(r"\]\([ \t]*<?data:[^\s)>\]]{32,}+>?[^)\n\]]{0,300}\)"),
    "attribute": _Kind(rf"=\{{?(?:\"{_DATA}[^\"\n]{{32,}}\"|'{_DATA}[^'\n]{{32,}}'|`{_DATA}[^`]{{32,}}`)\}}?"),
    "reference": _Kind(r"^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]*<?data:[^\n]*$"),
    "bare": _Kind(r"\bdata:[\w.+-]{1,60}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=_-]{64,}"),
    # An expression inside a line, the last of what begins so, hidden where there is a comment in it.
    "expression": _Kind(r"\{"),
}  # fmt: skip
_ENDS = {name: re.compile(kind.ends) for name, kind in _KINDS.items() if kind.ends}
# What is never closed hides the rest of the page where it begins a block, as in a browser; of the others nothing.
_OPEN_ENDED = ("comment", "script", "style", "jsx", "percent")
_CODE_NAMES = r"(?:highlight|codeblock|code-toggle|sourcecode)"
_BEGINS_CODE = rf"(?:\{{%-?[ \t]*|\{{\{{[<%][ \t]*){_CODE_NAMES}\b"
# Between these is code: `{% highlight sh %}`, `{{< highlight sh >}}`.
CODE_TAG = re.compile(rf"{_BEGINS_CODE}[ \t]*[\"']?(?:(?P<language>[\w+#-]++)(?!=))?[^{{}}\n]*(?<!/[>%])\}}{{1,2}}")
CODE_TAG_END = re.compile(rf"(?:\{{%-?[ \t]*end|\{{\{{[<%][ \t]*/[ \t]*){_CODE_NAMES}[ \t]*-?[>%]?\}}{{1,2}}")
_VERBATIM_TAG = re.compile(r"\{%-?\s*+(?P<end>end)?raw\s*+-?%\}")
_OF_TEMPLATES = ("liquid", "liquid_line", "code_tag")
_MAX_EXPRESSION_CHARS = 200_000
_LITERAL = re.compile(r"""\{\s*(?:"[^"]*"|'[^']*'|`[^`]*`)\s*\}""")
_ESM = re.compile(r"(?:import|export)(?=[ \t{*'\"])")
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")
_LINE_REST = re.compile(r"[ \t]*(?:\n|\Z)")


def _kinds(flavour: Flavour) -> dict[str, _Kind]:
    needs = {
        "jsx": flavour.jsx,
        "expression": flavour.jsx,
        "abbreviation": not flavour.jsx,
        "percent": flavour.percent_comments,
        "line": flavour.line_comments,
    }
    return {name: kind for name, kind in _KINDS.items() if needs.get(name, True)}


@cache
def inline_signs(flavour: Flavour, is_html: bool) -> re.Pattern[str]:
    """What may begin hidden text in a paragraph, with what may keep it from that: escapes and code spans."""
    signs = (
        {}
        if is_html
        else {"escape": r"\\[!-/:-@\[-`{-~]", "ticks": "`+", "tag": r"<(?:/?[A-Za-z]|https?:)[^<>\n]*`[^<>\n]*>"}
    )
    signs["code_tag"] = rf"{_BEGINS_CODE}[^{{}}\n]*(?<!/[>%])\}}{{1,2}}"
    signs |= {name: kind.begins for name, kind in _kinds(flavour).items() if name != "line"}
    return re.compile("|".join(f"(?P<{name}>{sign})" for name, sign in signs.items()), re.M)


@cache
def _block_signs(flavour: Flavour) -> re.Pattern[str]:
    signs = {name: kind.begins for name, kind in _kinds(flavour).items() if kind.starts_block}
    return re.compile("|".join(f"(?P<{name}>{sign})" for name, sign in signs.items()), re.M)


class Ends:
    """Finds where hidden text of one page ends, without reading the same text twice."""

    def __init__(self, text: str, flavour: Flavour) -> None:
        self._text = text
        self._flavour = flavour
        self._known: dict[str, tuple[int, re.Match[str] | None]] = {}
        self._no_expression_before = 0
        self._last_expression: tuple[int, int | None] = (-1, None)
        self._no_module_code_before = 0
        self._no_comment_before = 0

    def in_paragraph(self, sign: re.Match[str], end: int, is_html: bool) -> int | None:
        """Where what begins with the sign ends; None where it is text after all. In HTML it may leave `[.., end)`."""
        name = sign.lastgroup or ""
        kind = _KINDS[name]
        if self._is_verbatim(sign):
            return None
        if name == "expression":
            return self._commented(sign.start(), end)
        if kind.ends is None:
            return sign.end()
        if self._is_closed_itself(sign):
            return None
        found = self._next(name, sign)
        if is_html and name in _OPEN_ENDED:
            return found.end() if found else len(self._text)
        return found.end() if found and (kind.reach == "page" or found.end() <= end) else None

    def of_block(self, at: int) -> int | None:
        """Where the hidden text ends that begins a block at `at`; None where none does."""
        if self._text[at : at + 1] not in ("<", "{", "%"):
            return None
        sign = _block_signs(self._flavour).match(self._text, at)
        name = sign.lastgroup if sign else None
        if sign and name and not self._is_verbatim(sign):
            if _KINDS[name].ends is None:
                return sign.end()
            if not self._is_closed_itself(sign):
                found = self._next(name, sign)
                if found or name in _OPEN_ENDED:
                    return found.end() if found else len(self._text)
        return self._expression(at) if self._flavour.jsx and self._text[at] == "{" else None

    def of_module_code(self, at: int) -> int | None:
        """Where the imports or exports of MDX end that begin a block at `at`: before a blank line outside brackets."""
        if not (self._flavour.jsx and _ESM.match(self._text, at)):
            return None
        first = _BLANK_LINE.search(self._text, at)
        if at < self._no_module_code_before or first is None:
            return first.start() if first else len(self._text)
        limit = min(len(self._text), at + _MAX_EXPRESSION_CHARS)
        end = module_end(self._text, at, limit)
        if end is None:
            self._no_module_code_before = limit
        return first.start() if end is None else end

    @cached_property
    def verbatim(self) -> list[tuple[int, int]]:
        """What stands between tags that make those of templates text, in order."""
        found, opened = [], None
        for tag in _VERBATIM_TAG.finditer(self._text):
            if tag["end"] and opened is not None:
                found.append((opened, tag.start()))
            opened = None if tag["end"] else opened if opened is not None else tag.end()
        return found

    def _is_verbatim(self, sign: re.Match[str]) -> bool:
        """Whether it is a tag of templates that is text."""
        if sign.lastgroup not in _OF_TEMPLATES:
            return False
        place = bisect_right(self.verbatim, (sign.start(), len(self._text)))
        return place > 0 and sign.start() < self.verbatim[place - 1][1]

    def _is_closed_itself(self, sign: re.Match[str]) -> bool:
        """Whether it is a tag of MDX that stands alone, or one of a component."""
        tag = sign.group()
        return self._flavour.jsx and sign.lastgroup in ("script", "style") and (tag.endswith("/>") or tag[1].isupper())

    def _next(self, name: str, sign: re.Match[str]) -> re.Match[str] | None:
        # `<!-->` is a comment already.
        at = sign.end() - 2 if name == "comment" else sign.end()
        known = self._known.get(name)
        if known and known[0] <= at and (known[1] is None or known[1].start() >= at):
            return known[1]
        found = _ENDS[name].search(self._text, at)
        self._known[name] = (at, found)
        return found

    def _expression(self, at: int) -> int | None:
        """Where an expression of MDX ends that stands on lines of its own."""
        if at == self._last_expression[0]:  # a list asks whether it ends there, then the page
            return self._last_expression[1]
        if at < self._no_expression_before or self._text.startswith(("{{<", "{{%", "{%"), at):
            return None
        limit = min(len(self._text), at + _MAX_EXPRESSION_CHARS)
        end, _ = expression_end(self._text, at, limit)
        self._no_expression_before = end or limit
        is_text = end is not None and _LITERAL.fullmatch(self._text, at, end)
        hidden_end = end if end is not None and not is_text and _LINE_REST.match(self._text, end) else None
        self._last_expression = (at, hidden_end)
        return hidden_end

    def _commented(self, at: int, end: int) -> int | None:
        """Where an expression of MDX inside a line ends that holds a comment."""
        if at < self._no_comment_before:
            return None
        found, has_comment = expression_end(self._text, at, min(end, at + _MAX_EXPRESSION_CHARS))
        self._no_comment_before = found or end
        return found if has_comment else None
