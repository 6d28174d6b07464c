"""packed_xml: parts of an archive that are XML, copied without some of their elements."""

import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from footnote.ingest.importing.converters.limits import RefusedError

Attributes = dict[str, str]


def write_anew(file: Path, written: Callable[[ZipFile], tuple[dict[str, str], Counter[str]]]) -> Counter[str]:
    """Write the archive with other parts in place of some, if anything was left out of them; what that was.

    Raises:
        RefusedError: a part of it is not XML.
    """
    try:
        with ZipFile(file) as archive:
            parts, counts = written(archive)
            if counts:
                anew = file.with_name("anew.zip")
                _write(archive, parts, anew)
                anew.replace(file)
            return counts
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return Counter()  # pandoc says what is wrong with it
    except expat.ExpatError as error:
        raise RefusedError(f"cannot be read: {error}") from error


def _write(archive: ZipFile, parts: dict[str, str], anew: Path) -> None:
    with ZipFile(anew, "w", ZIP_DEFLATED, compresslevel=1) as out:
        for name in dict.fromkeys(archive.namelist()):
            # Images are not read: no more is written than the limit on files allows.
            is_read = name.endswith((".xml", ".rels"))
            out.writestr(name, parts.get(name, archive.read(name) if is_read else b""))


def read_xml(
    archive: ZipFile,
    name: str,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object],
    text: Callable[[str], object] | None = None,
) -> None:
    """Tell the elements of a part, with names as they are written.

    Raises:
        ExpatError: it is not XML.
        RefusedError: it defines entities.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.EntityDeclHandler = _refuse_entity
    with archive.open(name) as opened:
        parser.ParseFile(opened)


def _refuse_entity(*_: object) -> None:
    raise RefusedError("cannot be read: it defines entities")


class Pieces:
    """The XML of a part as it is copied."""

    def __init__(self) -> None:
        self._pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n']

    def start(self, name: str, attributes: Attributes) -> int:
        """The place of the element, to cut it from."""
        self._pieces.append(f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>")
        return len(self._pieces) - 1

    def end(self, name: str) -> None:
        self._pieces.append(f"</{name}>")

    def text(self, text: str) -> None:
        self._pieces.append(escape(text))

    def cut(self, place: int) -> None:
        """Take the last element out, which began at this place."""
        del self._pieces[place:]

    def __str__(self) -> str:
        return "".join(self._pieces)
