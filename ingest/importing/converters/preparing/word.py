"""word: a Word document without the text that its readers do not see, which pandoc would write as any other."""

from collections import Counter
from pathlib import Path
from xml.parsers import expat
from zipfile import ZipFile

from footnote.ingest.importing.converters.preparing.packed_xml import Attributes, Pieces, read_xml, write_anew
from footnote.ingest.importing.converters.preparing.word_styles import hiding_styles, is_on

_ROOTS = ("w:document", "w:footnotes", "w:endnotes")
# These stay of a hidden run: pandoc would not find the end of a field.
_OF_FIELDS = ("w:rPr", "w:fldChar", "w:instrText")
_SEEN = {"w:t", "w:sym", "w:drawing", "w:pict", "w:object", "w:fldChar", "m:oMath"}
_SEEN |= {"w:footnoteReference", "w:endnoteReference"}


def seen_of_word(file: Path) -> Counter[str]:
    """Write the document anew without hidden text and rows, if it has some; in how many paragraphs, how many rows.

    Raises:
        RefusedError: a part of it is not XML.
    """
    return write_anew(file, _parts)


def _parts(archive: ZipFile) -> tuple[dict[str, str], Counter[str]]:
    hiding = hiding_styles(archive)
    written: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name in archive.namelist():
        if name.endswith(".xml") and not name.startswith("customXml/"):
            part = _Part(hiding)
            part.read(archive, name)
            if part.counts:
                written[name] = str(part.pieces)
                counts += part.counts
    return written, counts


class _OtherPartError(Exception):
    """A part holds no text that is read."""


class _Element:
    __slots__ = ("has_hidden", "hidden", "is_seen", "name", "place", "style")

    def __init__(self, name: str, place: int) -> None:
        self.name, self.place = name, place
        self.style = ""
        self.hidden: bool | None = None  # what it says itself
        self.has_hidden = self.is_seen = False


class _Part:
    """A part of the document as it is written anew, and counts of what was left out."""

    def __init__(self, hiding: frozenset[str]) -> None:
        self.pieces = Pieces()
        self.counts: Counter[str] = Counter()
        self._hiding = hiding
        self._open: list[_Element] = []
        self._paragraphs: list[_Element] = []
        self._cut_depth = 0  # within what is being left out

    def read(self, archive: ZipFile, name: str) -> None:
        try:
            read_xml(archive, name, self._start, self._end, self._text)
        except _OtherPartError:
            return
        except expat.ExpatError:
            if self._open:  # else it is none of the parts with text
                raise

    def _start(self, name: str, attributes: Attributes) -> None:
        if self._cut_depth:
            self._cut_depth += 1
            return
        parent = self._open[-1] if self._open else None
        if parent is None and name not in _ROOTS:
            raise _OtherPartError
        if parent and parent.name == "w:r" and name not in _OF_FIELDS and self._is_hidden(parent):
            self._cut_depth = 1
            if self._paragraphs:
                self._paragraphs[-1].has_hidden = True
            return
        if len(self._open) > 1:
            self._note(name, attributes)
        element = _Element(name, self.pieces.start(name, attributes))
        self._open.append(element)
        if name == "w:p":
            self._paragraphs.append(element)
        elif name in _SEEN and self._paragraphs:
            self._paragraphs[-1].is_seen = True

    def _note(self, name: str, attributes: Attributes) -> None:
        """Keep what an element says of the one that is around the properties it stands in."""
        of, within = self._open[-2], (self._open[-2].name, self._open[-1].name)
        if (name, *within) in (("w:pStyle", "w:p", "w:pPr"), ("w:rStyle", "w:r", "w:rPr")):
            of.style = attributes.get("w:val", "")
        elif (name, *within) in (("w:vanish", "w:r", "w:rPr"), ("w:hidden", "w:tr", "w:trPr")):
            of.hidden = is_on(attributes)

    def _is_hidden(self, run: _Element) -> bool:
        if run.hidden is not None:
            return run.hidden
        of_paragraph = bool(self._paragraphs) and self._paragraphs[-1].style in self._hiding
        # Source: ECMA-376 part 1, 17.7.3: what both styles switch on is off.
        return of_paragraph != (run.style in self._hiding)

    def _end(self, name: str) -> None:
        if self._cut_depth:
            self._cut_depth -= 1
            return
        element = self._open.pop()
        self.pieces.end(name)
        if name == "w:p":
            self._paragraphs.pop()
            if element.has_hidden:
                self.counts["hidden text"] += 1
            if element.is_seen and self._paragraphs:
                self._paragraphs[-1].is_seen = True
            if element.has_hidden and not element.is_seen:
                self.pieces.cut(element.place)
        elif name == "w:tr" and element.hidden:
            self.counts["hidden row"] += 1
            self.pieces.cut(element.place)

    def _text(self, text: str) -> None:
        if not self._cut_depth:
            self.pieces.text(text)
