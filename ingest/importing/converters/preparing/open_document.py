"""open_document: an OpenDocument text without what its readers do not see, which pandoc would write."""

from collections import Counter
from pathlib import Path
from zipfile import ZipFile

from footnote.ingest.importing.converters.preparing.packed_xml import Attributes, Pieces, read_xml, write_anew

_CONTENT, _STYLES = "content.xml", "styles.xml"
_TEXTS = ("text:span", "text:p", "text:h", "text:a")


def seen_of_open_document(file: Path) -> Counter[str]:
    """Write the document anew without hidden texts, sections and rows, if it has some; how many.

    Raises:
        RefusedError: a part of it is not XML.
    """
    return write_anew(file, _parts)


def _parts(archive: ZipFile) -> tuple[dict[str, str], Counter[str]]:
    styles = _Styles()
    for name in (_STYLES, _CONTENT):
        if name in archive.namelist():
            read_xml(archive, name, styles.start, styles.end)
    if _CONTENT not in archive.namelist():
        return {}, Counter()
    content = _Content(styles)
    read_xml(archive, _CONTENT, content.start, content.end, content.text)
    return {_CONTENT: str(content.pieces)}, content.counts


class _Styles:
    """What styles of text say of being shown, theirs before that of their parents."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._hidden: dict[str, bool] = {}
        self._style = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "style:style":
            self._style = attributes.get("style:name", "")
            self._parents[self._style] = attributes.get("style:parent-style-name", "")
        elif name == "style:text-properties" and self._style and "text:display" in attributes:
            self._hidden[self._style] = attributes["text:display"] == "none"

    def end(self, name: str) -> None:
        if name == "style:style":
            self._style = ""

    def hide(self, name: str) -> bool:
        """Whether text of this style is not shown."""
        passed: set[str] = set()
        while name and name not in passed and name not in self._hidden:
            passed.add(name)
            name = self._parents.get(name, "")
        return self._hidden.get(name, False)


class _Content:
    """The content as it is written anew, and counts of what was left out."""

    def __init__(self, styles: _Styles) -> None:
        self.pieces = Pieces()
        self.counts: Counter[str] = Counter()
        self._styles = styles
        self._cut_depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        left_out = "" if self._cut_depth else self._hidden_as(name, attributes)
        if left_out:
            self.counts[left_out] += 1
        if left_out or self._cut_depth:
            self._cut_depth += 1
        else:
            self.pieces.start(name, attributes)

    def end(self, name: str) -> None:
        if self._cut_depth:
            self._cut_depth -= 1
        else:
            self.pieces.end(name)

    def text(self, text: str) -> None:
        if not self._cut_depth:
            self.pieces.text(text)

    def _hidden_as(self, name: str, attributes: Attributes) -> str:
        """What is counted of it; "" where readers see it."""
        if name == "text:section" and attributes.get("text:display") == "none":
            return "hidden section"
        if name == "table:table-row" and attributes.get("table:visibility") in ("collapse", "filter"):
            return "hidden row"
        return "hidden text" if name in _TEXTS and self._styles.hide(attributes.get("text:style-name", "")) else ""
