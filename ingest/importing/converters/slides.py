"""slides: a presentation as markdown: a mark, a heading and the texts of each slide, groups and notes among them."""

from collections.abc import Iterator
from itertools import groupby
from posixpath import join, normpath
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from footnote.app.core.pages.source_marks import mark
from footnote.ingest.importing.converters.limits import RefusedError
from footnote.ingest.importing.converters.slide_lists import as_list, entry_of, styles_of
from footnote.ingest.importing.page_file import plain_line

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = ("title", "ctrTitle")
_NO_TEXT = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_NO, _YES = ("0", "false"), ("1", "true")


def write_slides(source: str, out: IO[str]) -> dict[str, int]:
    """Write the presentation's markdown, without slides and shapes that are not shown; how many those are.

    Raises:
        RefusedError: it cannot be read as one.
    """
    slides = shapes = 0
    try:
        with ZipFile(source) as archive:
            out.write(f"@title {_title(archive)}\n")
            for number, name in enumerate(_slides(archive), 1):
                slide = _xml(archive, name)
                if slide.get("show") in _NO:
                    slides += 1
                    continue
                shapes += _remove_hidden(slide)
                out.write(f"\n{mark('slide', number)}\n")
                out.write("".join(f"\n{block}\n" for block in _blocks(slide)))
                out.write("".join(f"\n{block}\n" for block in _notes(archive, name)))
    except (BadZipFile, ParseError, KeyError, ValueError, EOFError, NotImplementedError) as error:
        raise RefusedError(f"it is no presentation that can be read: {error}") from error
    return {"hidden slide": slides, "hidden shape": shapes}


def _remove_hidden(slide: Any) -> int:
    """Take the shapes, groups and tables out that are not shown; how many."""
    removed = 0
    for one in list(slide.iter()):
        for shape in list(one):
            about = shape.find("*/" + f"{_P}cNvPr")
            if about is not None and about.get("hidden") in _YES:
                one.remove(shape)
                removed += 1
    return removed


def _xml(archive: ZipFile, name: str) -> Any:
    from defusedxml.ElementTree import parse

    with archive.open(name) as opened:
        return parse(opened).getroot()


def _title(archive: ZipFile) -> str:
    if "docProps/core.xml" not in archive.namelist():
        return ""
    found = _xml(archive, "docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
    title = plain_line(found.text or "") if found is not None else ""
    return "" if title in ("PowerPoint Presentation", "PowerPoint-Präsentation") else title


def _slides(archive: ZipFile) -> Iterator[str]:
    """The names of the slides in their order."""
    targets = {one.get("Id"): one.get("Target") for one in _relations(archive, "ppt/presentation.xml")}
    for one in _xml(archive, "ppt/presentation.xml").iter(f"{_P}sldId"):
        yield _within("ppt/presentation.xml", targets[one.get(f"{_R}id")])


def _relations(archive: ZipFile, name: str) -> list[Any]:
    folder, _, file = name.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    return list(_xml(archive, relations)) if relations in archive.namelist() else []


def _within(name: str, target: str) -> str:
    """A name within the archive that is looked up there alone."""
    return normpath(join(name.rpartition("/")[0], target)).lstrip("/")


def _notes(archive: ZipFile, slide: str) -> Iterator[str]:
    for one in _relations(archive, slide):
        if str(one.get("Type", "")).endswith("/notesSlide"):
            blocks = list(_blocks(_xml(archive, _within(slide, str(one.get("Target"))))))
            if blocks:
                yield "**Notes**"
                yield from blocks


def _blocks(slide: Any) -> Iterator[str]:
    """The title first, then the texts and tables as they are drawn."""
    shapes = [one for one in slide.iter() if one.tag in (f"{_P}sp", f"{_P}pic", f"{_A}tbl")]
    titles = [one for one in shapes if _kind(one) in _TITLES]
    for one in titles:
        heading = " ".join(filter(None, (_text(paragraph) for paragraph in one.iter(f"{_A}p"))))
        if heading:
            yield f"## {heading}"
    for one in shapes:
        if one.tag == f"{_A}tbl":
            yield from _table(one)
        elif one.tag == f"{_P}pic":
            about = one.find(f"{_P}nvPicPr/{_P}cNvPr")
            if about is not None and about.get("descr"):
                yield escaped(plain_line(about.get("descr")))
        elif one not in titles and _kind(one) not in _NO_TEXT:
            yield from _paragraphs(one)


def _kind(shape: Any) -> str:
    place = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return str(place.get("type", "")) if place is not None else "none"


def _paragraphs(shape: Any) -> Iterator[str]:
    """A list where a placeholder has several paragraphs, as slides show them with bullets; else paragraphs.

    What is numbered is a list anywhere.
    """
    styles = styles_of(shape)
    said = [entry_of(one, text, styles) for one in shape.iter(f"{_A}p") if (text := _text(one))]
    is_list = len(said) > 1 and _kind(shape) in ("", "body", "obj")
    for is_entry, entries in groupby(said, lambda entry: is_list or entry.numbering is not None):
        if is_entry:
            yield as_list(entries)
        else:
            yield from (entry.text for entry in entries)


def _table(table: Any) -> Iterator[str]:
    rows = [
        [" ".join(filter(None, (_text(one) for one in cell.iter(f"{_A}p")))) for cell in row.iter(f"{_A}tc")]
        for row in table.iter(f"{_A}tr")
    ]
    width = max(map(len, rows), default=0)
    if width:
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
        yield "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _text(paragraph: Any) -> str:
    pieces = [
        " " if one.tag == f"{_A}br" else one.text or "" for one in paragraph.iter() if one.tag in (f"{_A}t", f"{_A}br")
    ]
    return escaped(plain_line("".join(pieces)))


def escaped(text: str) -> str:
    """The text of a slide or cell as markdown: no markup, no second cell, no heading or list."""
    for sign in "\\|<`*_[":
        text = text.replace(sign, f"\\{sign}")
    return f"\\{text}" if text[:1] in ("#", ">", "-", "+", "~", "=") else text
