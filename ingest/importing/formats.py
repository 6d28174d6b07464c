"""formats: which documents are imported, by the ending of their names, and who converts them."""

from dataclasses import dataclass
from typing import Literal

Converter = Literal["pandoc", "pdf", "sheets", "slides"]

# Counts what would make another page of the same document: raise it with a change of `converters/` or `page_file.py`.
REVISION = 3


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of document is read.

    Attributes:
        reader: what pandoc calls it; "" where another one reads it.
        part: what its citations are counted by; "" where it has no pages that it knows of itself.
    """

    converter: Converter
    reader: str = ""
    part: Literal["page", "slide", "sheet", ""] = ""


_HTML = Format("pandoc", "html")
_RST = Format("pandoc", "rst")
_ASCIIDOC = Format("pandoc", "asciidoc")
FORMATS = {
    "pdf": Format("pdf", part="page"),
    "docx": Format("pandoc", "docx"),
    "pptx": Format("slides", part="slide"),
    "xlsx": Format("sheets", part="sheet"),
    "html": _HTML,
    "htm": _HTML,
    "xhtml": _HTML,
    "ipynb": Format("pandoc", "ipynb"),
    "rst": _RST,
    "adoc": _ASCIIDOC,
    "asciidoc": _ASCIIDOC,
    "odt": Format("pandoc", "odt"),
    "epub": Format("pandoc", "epub"),
    "rtf": Format("pandoc", "rtf"),
}
# Archives of files.
PACKED = ("docx", "pptx", "xlsx", "odt", "epub")
