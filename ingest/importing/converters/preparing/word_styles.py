"""word_styles: which styles of a Word document hide text."""

from dataclasses import dataclass
from zipfile import ZipFile

from footnote.ingest.importing.converters.preparing.packed_xml import Attributes, read_xml

_PART = "word/styles.xml"


def hiding_styles(archive: ZipFile) -> frozenset[str]:
    """The ids of the styles whose text is hidden, as they or those that they are based on say.

    Raises:
        ExpatError: the part is not XML.
    """
    if _PART not in archive.namelist():
        return frozenset()
    reader = _Reader()
    read_xml(archive, _PART, reader.start, reader.end)
    return frozenset(name for name in reader.styles if _is_hidden(name, reader.styles))


def is_on(attributes: Attributes) -> bool:
    """What a property says that may be switched on or off."""
    return attributes.get("w:val", "on") not in ("0", "false", "off")


@dataclass(slots=True)
class _Style:
    based_on: str = ""
    hidden: bool | None = None  # None where it says nothing


class _Reader:
    def __init__(self) -> None:
        self.styles: dict[str, _Style] = {}
        self._style = _Style()
        self._open: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "w:style":
            self._style = self.styles[attributes.get("w:styleId", "")] = _Style()
        elif name == "w:basedOn":
            self._style.based_on = attributes.get("w:val", "")
        elif name == "w:vanish" and self._open[-2:] == ["w:style", "w:rPr"]:
            self._style.hidden = is_on(attributes)
        self._open.append(name)

    def end(self, _: str) -> None:
        self._open.pop()


def _is_hidden(name: str, styles: dict[str, _Style]) -> bool:
    passed: set[str] = set()
    while name in styles and name not in passed:
        passed.add(name)
        hidden = styles[name].hidden
        if hidden is not None:
            return hidden
        name = styles[name].based_on
    return False
