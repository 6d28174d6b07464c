"""Small documents of other formats, made of nothing but the standard library."""

import io
import json
import zipfile

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


def notebook(*cells: tuple[str, str, str]) -> bytes:
    """A notebook of cells: kind, source, and of code its output."""
    made = []
    for kind, source, output in cells:
        cell = {"cell_type": kind, "metadata": {}, "source": [source]}
        if kind == "code":
            stream = {"output_type": "stream", "name": "stdout", "text": [output]}
            cell |= {"execution_count": 1, "outputs": [stream]}
        made.append(cell)
    about = {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 5}).encode()


def heading(text: str, level: int = 1) -> str:
    """A heading of a DOCX, whose styles are those of `STYLES`."""
    return f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def table(rows: list[list[str]]) -> str:
    """A table of a DOCX."""
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


STYLES = (
    f"<w:styles {_WORD}>"
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2, 3)
    )
    + "</w:styles>"
)


def rows(*lines: str) -> bytes:
    """A sheet of rows that are XML."""
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{''.join(f'<row>{line}</row>' for line in lines)}</sheetData></worksheet>"
    ).encode()


def text_cell(text: str) -> str:
    """A cell of a sheet that holds text."""
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def pptx(slides: list[tuple[str, str]], more: str = "", shown: str = "1", before: str = "") -> bytes:
    """Slides, each with a title, a text and more shapes."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    spaces = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{kind}"'
    )
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(1, len(slides) + 1))
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _TO_DOCUMENT.format("ppt/presentation.xml"),
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        + 'relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{kind}/slide" Target="slides/slide{n}.xml"/>'
            for n in range(1, len(slides) + 1)
        )
        + "</Relationships>",
    }
    for number, (title, text) in enumerate(slides, 1):
        shapes = "".join(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{place}" name="s{place}"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
            f"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{said}</a:t></a:r></a:p></p:txBody></p:sp>"
            for place, said, holder in ((2, title, '<p:ph type="title"/>'), (3, text, '<p:ph idx="1"/>'))
        )
        files[f"ppt/slides/slide{number}.xml"] = (
            f'{before}<p:sld {spaces} show="{shown}"><p:cSld><p:spTree>{shapes}{more}</p:spTree></p:cSld></p:sld>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
