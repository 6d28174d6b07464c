"""texts: documents that are text, made ready for pandoc: as UTF-8, and of HTML what is on the page."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from footnote.ingest.importing.converters.preparing.asciidoc import readable_asciidoc
from footnote.ingest.importing.converters.preparing.restructured import readable_rst

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,40})|<\?xml[^>]{0,100}?encoding=["']([\w-]{1,40})""", re.I
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD_BYTES = 4096
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What is around a text, or is never seen.
_LEFT_OUT = {"script", "style", "template", "noscript", "nav", "svg", "iframe", "object", "button", "select", "dialog"}
_BLOCKS = {"address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "ol", "pre", "section", "table", "ul"}
# Of these an end tag is wanted, but for `p`, which ends with the next block as well.
_HIDEABLE = {*_BLOCKS, "a", "b", "code", "em", "i", "p", "small", "span", "strong"}
_ENDS_P = {*_BLOCKS, "p", "hr", "nav", "li", "td", "th", "dd", "dt", "body"}
_OF_TABLES = {"td", "th", "tr", "thead", "tbody", "tfoot", "table"}
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_OF_HEADINGS = re.compile(r"\b(?:headerlink|hash-link|anchor-link)\b")
# HTML knows no such part, so that its end would be text.
_INTERNAL_SUBSET = re.compile(r"(\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE[^>\[]*)\[.*?\]\s*>", re.I | re.S)


def prepare_text(file: Path, ending: str) -> dict[str, int]:
    """Write the file anew, as pandoc can read it; how many files it includes, which are not put into it."""
    raw = file.read_bytes()
    included = 0
    text = _decoded(raw, ending in ("html", "htm", "xhtml"))
    if ending in ("html", "htm", "xhtml"):
        text = visible_html(text)
    else:
        readable = readable_rst if ending == "rst" else readable_asciidoc
        text, included = readable(text.replace("\r\n", "\n").replace("\r", "\n"))
    file.write_text(text, "utf-8", "replace")
    return {"included file": included}


def visible_html(text: str) -> str:
    """The HTML without menus, scripts and what is hidden."""
    parser = _Visible()
    subset = _INTERNAL_SUBSET.match(text)
    parser.feed(f"{subset[1]}>{text[subset.end() :]}" if subset else text)
    parser.close()
    return "".join(parser.pieces)


def _decoded(raw: bytes, is_html: bool) -> str:
    for bom, encoding in _MARKS:
        if raw.startswith(bom):
            return raw.decode(encoding, "replace")
    named = _CHARSET.search(raw[:_HEAD_BYTES]) if is_html else None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # As browsers do: what names nothing else is Western European.
        encoding = (named[1] or named[2]).decode() if named else "cp1252"
    try:
        return raw.decode(encoding, "replace")
    except LookupError:
        return raw.decode("cp1252", "replace")


class _Visible(HTMLParser):
    """Gives back what it reads, but for elements that are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._within = ""  # the name of the element that is being left out
        self._depth = 0
        self._open: list[list[str]] = []  # of each table around, its row and its cell that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._within == "p" and tag in _ENDS_P:
            self._within = ""
        if self._within:
            self._depth += tag == self._within
        elif tag in _LEFT_OUT or (tag in _HIDEABLE and _is_hidden(dict(attrs))):
            self._within, self._depth = tag, 1
        else:
            self._end_open(tag, is_end=False)
            self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._say(self.get_starttag_text() or "")
        elif tag not in _LEFT_OUT:  # HTML knows no other element that ends with its beginning
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._within == "p" and tag != "p" and tag in _ENDS_P:
            self._within = ""
        if not self._within:
            self._end_open(tag, is_end=True)
            self.pieces.append(f"</{tag}>")
        elif tag == self._within:
            self._depth -= 1
            self._within = self._within if self._depth else ""

    def _end_open(self, tag: str, is_end: bool) -> None:
        """End the cell and the row that the tag ends, as HTML has it and pandoc does not."""
        if not is_end and tag == "table":
            self._open.append([])
        elif self._open and tag in _OF_TABLES:
            is_open = self._open[-1]
            ended = is_open.index(tag) if tag in is_open else (1 if tag in ("td", "th") else 0)
            for one in reversed(is_open[ended:]):
                if not (is_end and one == tag):
                    self.pieces.append(f"</{one}>")
            del is_open[ended:]
            if tag in ("td", "th", "tr") and not is_end:
                is_open.append(tag)
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        self._say(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._say(f"&#{name};")

    def _say(self, piece: str) -> None:
        if not self._within:
            self.pieces.append(piece)


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in ("navigation", "search")
        or bool(_INVISIBLE.search(attributes.get("style") or ""))
        or bool(_OF_HEADINGS.search(attributes.get("class") or ""))
    )
