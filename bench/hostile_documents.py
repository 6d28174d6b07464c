"""Documents that would take all of a machine, through the converters of `footnote import`: time and memory of each.

python -m bench.hostile_documents [NAME ...]
"""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from footnote.ingest.importing.convert import Limits, UnreadableError, convert
from footnote.ingest.importing.types import Source

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_TO_DOCUMENT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)


def docx(body: str, before: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A DOCX with this body; `before` stands in front of the root element."""
    document = f'<?xml version="1.0"?>{before}<w:document {_WORD}><w:body>{body}</w:body></w:document>'
    files = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _TO_DOCUMENT.format("word/document.xml").encode(),
        "word/document.xml": document.encode(),
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraph(text: str) -> str:
    """A paragraph of a DOCX."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF with these lines on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 11 Tf 50 780 Td {shown} ET"
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def laughs(depth: int = 9) -> str:
    """Entities that expand to a billion."""
    lines = ['<!ENTITY a0 "lol">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth + 1)]
    return f"<!DOCTYPE lolz [{''.join(lines)}]>"


def xlsx(sheet: bytes) -> bytes:
    """A workbook with this sheet."""
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": _TO_DOCUMENT.format("xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{spreadsheet}" xmlns:r="{relations}"><sheets><sheet name="One" '
        'sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _TO_DOCUMENT.format("worksheets/sheet1.xml").replace(
            'officeDocument" T', 'worksheet" T'
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as written:
            written.write(sheet)
    return out.getvalue()


def _rows(count: int) -> bytes:
    rows = '<row><c t="inlineStr"><is><t>x</t></is></c></row>' * count
    return (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}'
        "</sheetData></worksheet>"
    ).encode()


def _notebook(text: str) -> bytes:
    output = {"output_type": "stream", "name": "stdout", "text": [text]}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["run()"], "outputs": [output]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _many_pages() -> bytes:
    line = "Pump {} is serviced after {} hours of work, or when its red lamp burns, by trained staff alone."
    return pdf([[line.format(page, n) for n in range(40)] for page in range(5_000)])


CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PDF of 5,000 pages": ("pdf", _many_pages),
    "PDF of 20,000 empty pages": ("pdf", lambda: pdf([[]] * 20_000)),
    "PDF that was cut": ("pdf", lambda: pdf([["Some text"]] * 50)[:3_000]),
    "DOCX zip bomb, 2 GB": ("docx", lambda: docx("<w:p/>", more={"word/styles.xml": b" " * 2_000_000_000})),
    "DOCX zip bomb in its text": ("docx", lambda: docx(paragraph("lol" * 150_000_000))),
    "DOCX of a billion laughs": ("docx", lambda: docx(paragraph("&a9;"), laughs())),
    "DOCX that was cut": ("docx", lambda: docx(paragraph("text " * 1000))[:600]),
    "XLSX of a billion laughs": ("xlsx", lambda: xlsx(laughs().encode() + _rows(1).replace(b"<t>x", b"<t>&a9;"))),
    "XLSX of 3 million rows": ("xlsx", lambda: xlsx(_rows(3_000_000))),
    "HTML table of 300,000 rows": ("html", lambda: b"<table>" + b"<tr><td>a<td>b</tr>" * 300_000 + b"</table>"),
    "HTML nested 100,000 deep": ("html", lambda: b"<div><b>" * 100_000 + b"text"),
    "HTML of one cell that spans a million": (
        "html", lambda: b"<table><tr><td colspan=1000000 rowspan=1000000>a</td><td>b</td></tr><tr><td>c</table>",
    ),
    "notebook with an output of 100 MB": ("ipynb", lambda: _notebook("line\n" * 20_000_000)),
    "reST that includes itself and /etc/passwd": (
        "rst", lambda: b"Title\n=====\n\n.. include:: source.rst\n\n.. include:: /etc/passwd\n\ntext\n",
    ),
}  # fmt: skip


def main(names: list[str]) -> None:
    """Print a line for each document, each converted by a process of its own."""
    for name in names or CASES:
        done = subprocess.run([sys.executable, "-m", "bench.hostile_documents", "--one", name], stdout=subprocess.PIPE)
        sys.stdout.write(done.stdout.decode() or f"{name}: the import itself ended with {done.returncode}\n")
        sys.stdout.flush()


def _one(name: str) -> None:
    ending, make = CASES[name]
    raw = make()
    began = time.perf_counter()
    try:
        converted = convert(Source(Path("/"), f"x.{ending}", ending), raw, Limits())
        said = f"{len(converted.body.encode()) / 1e6:.1f} MB of markdown, {converted.parts} parts"
    except UnreadableError as error:
        said = f"not read: {error}"
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"| {name} | {len(raw) / 1e6:.2f} MB | {took:.1f} s | {peak:.0f} MB | {said} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one(sys.argv[2])
    else:
        main(sys.argv[1:])
