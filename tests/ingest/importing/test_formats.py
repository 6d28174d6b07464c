"""Each format as markdown, by the real converters."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from footnote.app.core.stop import Stop
from footnote.ingest.importing.convert import Limits, UnreadableError, convert
from footnote.ingest.importing.formats import FORMATS
from footnote.ingest.importing.types import Converted, Source
from tests.documents import STYLES, docx, heading, laughs, notebook, paragraph, pdf, pptx, rows, table, text_cell, xlsx

if TYPE_CHECKING:
    from openpyxl import Workbook

pytestmark = pytest.mark.scale


def converted(ending: str, raw: bytes, **limits: int) -> Converted:
    return convert(Source(Path("/nowhere"), f"odd name; -o x.{ending}", ending), raw, Limits(**limits), Stop())


def refusal(ending: str, raw: bytes, **limits: int) -> str:
    with pytest.raises(UnreadableError) as caught:
        converted(ending, raw, **limits)
    return str(caught.value)


def test_a_pdf_has_a_mark_for_each_page_and_no_live_html() -> None:
    lines = [["The pump moves water."], ["Write <b> or <!-- so --> as text."], []]
    result = converted("pdf", pdf(lines))
    assert result == Converted(
        "",
        "\n<!-- page 1 -->\n\nThe pump moves water.\n\n\n<!-- page 2 -->\n\nWrite \\<b> or \\<!-- so --> as text.\n\n\n"
        "<!-- page 3 -->\n\n\n",
        3,
    )


def test_a_docx_keeps_headings_and_tables() -> None:
    body = heading("Service") + paragraph("Every 500 hours.") + heading("Parts", 2)
    body += table([["Part", "Price | net"], ["Filter", "12 &lt;b&gt;"]]) + paragraph("End of # it")
    result = converted("docx", docx(body, more={"word/styles.xml": STYLES.encode(), "word/_rels/document.xml.rels": (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        b"</Relationships>"
    )}))  # fmt: skip
    assert (result.title, result.parts) == ("Service", None)
    assert result.body.strip().split("\n\n") == [
        "# Service",
        "Every 500 hours.",
        "## Parts",
        "| Part | Price \\| net |\n|---|---|\n| Filter | 12 \\<b\\> |",
        "End of \\# it",
    ]


def test_slides_have_a_mark_each() -> None:
    result = converted("pptx", pptx([("Goals", "More pumps."), ("Costs", "12 million.")]))
    words = "<!-- slide 1 --> ## Goals More pumps. <!-- slide 2 --> ## Costs 12 million."
    assert " ".join(result.body.split()) == words
    assert result.parts == 2


def test_of_a_slide_groups_lists_tables_and_descriptions_are_read() -> None:
    def said(text: str, level: int = 0) -> str:
        return f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{text}</a:t></a:r></a:p>'

    def shape(body: str, holder: str = "") -> str:
        about = f'<p:nvSpPr><p:cNvPr id="9" name="n"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
        return f"<p:sp>{about}<p:txBody>{body}</p:txBody></p:sp>"

    def cell(text: str) -> str:
        return f"<a:tc><a:txBody>{said(text)}</a:txBody></a:tc>"

    more = f"<p:grpSp><p:grpSp>{shape(said('Deep # &lt;!-- slide 9 --&gt;'))}</p:grpSp></p:grpSp>"
    more += shape(said("First") + said("Below", 1), '<p:ph type="body" idx="2"/>') + shape(
        said("7"), '<p:ph type="sldNum"/>'
    )
    more += (
        f"<p:graphicFrame><a:tbl><a:tr>{cell('A|B')}{cell('C')}</a:tr><a:tr>{cell('1')}</a:tr></a:tbl></p:graphicFrame>"
    )
    more += '<p:pic><p:nvPicPr><p:cNvPr id="8" name="x" descr="A red pump"/></p:nvPicPr></p:pic>'
    result = converted("pptx", pptx([("Goals", "More pumps.")], more))
    assert result.body.strip().split("\n\n") == [
        "<!-- slide 1 -->",
        "## Goals",
        "More pumps.",
        "Deep # \\<!-- slide 9 -->",
        "- First\n  - Below",
        "| A\\|B | C |\n|---|---|\n| 1 |  |",
        "A red pump",
    ]


def test_numbered_lists_of_slides_keep_their_numbers() -> None:
    def said(text: str, level: int = 0, numbered: str = "") -> str:
        return f'<a:p><a:pPr lvl="{level}">{numbered}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'

    def shape(body: str, holder: str = "", styles: str = "") -> str:
        about = f'<p:nvSpPr><p:cNvPr id="9" name="n"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
        return f"<p:sp>{about}<p:txBody><a:lstStyle>{styles}</a:lstStyle>{body}</p:txBody></p:sp>"

    body, step = '<p:ph type="body" idx="2"/>', '<a:buAutoNum type="arabicPeriod"/>'
    steps = said("Drain the oil.", 0, step) + said("All of it.", 1) + said("Fill 3 litres.", 0, step) + said("Done.")
    steps += said("Again.", 0, step)
    later = '<a:buAutoNum type="arabicParenR" startAt="9"/>'
    nested = said("Open", 0, later) + said("Close", 0, later) + said("Fifth", 1, '<a:buAutoNum type="x" startAt="5"/>')
    nested += said("Deep", 4)
    nested += said("Up", 0, later) + said("Anew", 1, '<a:buAutoNum type="x" startAt="1"/>')
    more = shape(steps, body) + shape(nested, body)
    more += shape(said("A text box:") + said("One", 0, step) + said("Two", 0, step) + said("Its end."))
    style = '<a:lvl1pPr><a:buAutoNum type="romanUcPeriod" startAt="3"/></a:lvl1pPr>'
    more += shape(said("Third") + said("Fourth") + said("No number", 0, "<a:buNone/>"), body, style)
    result = converted("pptx", pptx([("Oil", "Steps")], more))
    assert result.body.strip().split("\n\n", 3)[-1] == "\n\n".join(
        [
            "1. Drain the oil.\n   - All of it.\n2. Fill 3 litres.\n- Done.\n1. Again.",
            "9) Open\n10) Close\n\n    5. Fifth\n       - Deep\n11) Up\n    1. Anew",
            "A text box:",
            "1. One\n2. Two",
            "Its end.",
            "3. Third\n4. Fourth\n- No number",
        ]
    )


def test_a_sheet_has_a_mark_and_its_numbers_as_they_are() -> None:
    head = text_cell("Part") + text_cell("Hours &lt;b&gt;|")
    result = converted("xlsx", xlsx(rows(head, text_cell("Filter") + "<c><v>500</v></c>", "", "<c><v>0.5</v></c>")))
    assert result.body.strip().split("\n\n") == [
        "<!-- sheet 1 -->",
        "## One",
        "| Part | Hours \\<b>\\| |\n|---|---|\n| Filter | 500 |",
        "| 0.5 |\n|---|",
    ]
    assert result.parts == 1


def test_html_gives_its_text_alone() -> None:
    page = """<html><head><title>Pump | Site</title><style>p{}</style></head><body><nav><a href="/">Menu</a></nav>
    <h1 id="x">The pump</h1><p onclick="x()">It <b>moves</b> water<script>alert(1)</script>, see
    <a href="javascript:x()">here</a> or <a href="https://example.org">there</a>.</p><img src="http://127.0.0.1:9/x.png">
    <pre><code class="language-sh">pump --on\n&lt;!-- page 3 --&gt;</code></pre>
    <table><tr><th>A<th>B<tr><td rowspan=2>1<td>2<tr><td>3</table><dl><dt>Term<dd>Said of it</dl></body></html>"""
    result = converted("html", page.encode())
    assert result.title == "The pump"
    assert result.body.strip().split("\n\n") == [
        "# The pump",
        "It **moves** water, see here or [there](https://example.org).",
        "``` sh\npump --on\n<!--page 3-->\n```",
        "| A | B |\n|---|---|\n| 1 | 2 |\n| 1 | 3 |",
        "**Term**",
        "Said of it",
    ]


def test_a_notebook_gives_code_with_its_language_and_what_it_printed() -> None:
    many = "".join(f"line {n}\n" for n in range(100))
    raw = notebook(
        ("markdown", "# Analysis\n\n<table><tr><td>a</td><td>b</td></tr></table>\n", ""),
        ("code", "x = 1\nprint(x)", many),
    )
    result = converted("ipynb", raw)
    assert result.title == "Analysis"
    assert "``` python\nx = 1\nprint(x)\n```" in result.body
    assert "line 39\n    ...\n" in result.body and "line 40" not in result.body


def test_restructured_text_and_asciidoc_keep_code_and_headings() -> None:
    rst = "Title\n=====\n\nSee :ref:`the part <p>` and :py:func:`~a.b.run`.\n\nPart\n----\n\n"
    rst += ".. code-block:: sh\n\n   pump --on\n"
    adoc = "= Title\n\ninclude::x.adoc[]\n\n== Part\n\nSome *text*.\n\n[source,sh]\n----\npump --on\n----\n"
    for ending, raw in (("rst", rst), ("adoc", adoc)):
        result = converted(ending, raw.encode())
        assert result.title == "Title"
        assert "# Part" in result.body and "``` sh\npump --on\n```" in result.body
    assert "See the part and `run`." in converted("rst", rst.encode()).body


def test_what_a_document_names_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    rst = f"Text\n\n.. include:: {secret}\n\n.. csv-table:: x\n   :file: {secret}\n\n.. literalinclude:: {secret}\n"
    html = f'<p>Text<iframe src="file://{secret}"></iframe><object data="{secret}"></object><img src="{secret}"></p>'
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    for ending, raw in (("rst", rst.encode()), ("html", html.encode()), ("docx", docx(paragraph("Text &e;"), entity))):
        try:
            assert "secret word" not in converted(ending, raw).body
        except UnreadableError as error:
            assert "secret word" not in str(error)


def test_what_cannot_be_read_says_why() -> None:
    assert refusal("pdf", b" ") == "it is empty"
    assert refusal("pdf", pdf([["Text"]] * 9)[:900]) == "it was cut off: the end of the file is missing"
    assert refusal("pdf", b"no PDF %%EOF").startswith("it is no PDF that can be read: ")
    assert refusal("pdf", pdf([[], []])) == "it holds no text (a scan? its pages are images)"
    assert refusal("docx", docx(paragraph("text " * 1000))[:600]).startswith("cannot be read: couldn't unpack docx")
    assert refusal("docx", docx("")) == "it holds no text"
    assert refusal("xlsx", b"no workbook").startswith("it is no workbook that can be read: ")
    assert refusal("ipynb", b"{}").startswith("cannot be read: ")


def test_a_document_takes_no_more_than_its_share() -> None:
    bomb = docx(paragraph("lol" * 8_000_000))
    assert refusal("docx", bomb, memory_mb=256) == "it takes more than 256 MB of memory (--max-memory-mb)"
    slides = pptx([("Goals", "x")], "<p:x/>" * 9_000_000)
    assert refusal("pptx", slides, memory_mb=256) == "it takes more than 256 MB of memory (--max-memory-mb)"
    assert refusal("html", b"<div><b>" * 50_000 + b"x", seconds=1) == "it takes more than 1 s (--max-seconds)"
    assert refusal("html", b"<p>word</p>" * 120_000, output_mb=1) == "it becomes more than 1 MB of markdown"


@pytest.mark.parametrize(
    ("ending", "raw", "most_mb"),
    [
        ("docx", docx(paragraph("A" * 30_000_000)), 25),
        ("pptx", pptx([("Title", "A" * 40_000_000), ("Title", "A" * 30_000_000)]), 64),
        ("xlsx", xlsx(rows(text_cell("A" * 70_000_000))), 64),
    ],
    ids=["docx", "pptx", "xlsx"],
)
def test_what_would_unpack_to_too_much_is_refused_before_it_is_read(ending: str, raw: bytes, most_mb: int) -> None:
    # One second is not enough to read any of them.
    reason = refusal(ending, raw, memory_mb=256, seconds=1)
    size = 30 if ending == "docx" else 70
    assert reason == (f"its text unpacks to {size} MB, {most_mb} MB are read with 256 MB of memory (--max-memory-mb)")


def test_images_do_not_count_as_what_is_read() -> None:
    more = {"word/media/image1.emf": b"A" * 30_000_000}
    assert converted("docx", docx(paragraph("The pump."), more=more), memory_mb=256).body.strip() == "The pump."


def test_a_billion_laughs_are_none() -> None:
    assert refusal("docx", docx(paragraph("&a9;"), laughs())).startswith("cannot be read: ")
    laughing = pptx([("Title", "&a9;")], before=laughs())
    assert refusal("pptx", laughing).startswith("it is no presentation that can be read: EntitiesForbidden")
    assert refusal("xlsx", xlsx(laughs().encode() + rows(text_cell("&a9;")))).startswith("it is no workbook")


def test_every_format_names_a_converter() -> None:
    assert {"pdf", "docx", "pptx", "xlsx", "html", "ipynb", "rst", "adoc"} <= FORMATS.keys()


def test_what_a_workbook_hides_is_left_out_and_told() -> None:
    from openpyxl import Workbook  # of an extra

    workbook = Workbook()
    sheet = workbook.active
    for row in (["Part", "Hours", "Cost"], ["Filter", 500, 12], ["Valve", 900, 13], ["Seal", 700, 14]):
        sheet.append(row)
    sheet["C6"] = "seen by none"
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["C"].hidden = True
    for state in ("hidden", "veryHidden"):
        hidden = workbook.create_sheet(state)
        hidden["A1"], hidden.sheet_state = "Salary", state
    result = converted("xlsx", saved(workbook))
    assert result.body.strip().split("\n\n") == [
        "<!-- sheet 1 -->",
        "## Sheet",
        "| Part | Hours |\n|---|---|\n| Filter | 500 |\n| Seal | 700 |",
    ]
    assert result.left_out == "1 hidden row, 1 hidden column, 2 hidden sheets"


def test_columns_that_are_hidden_together_and_rows_without_numbers_are_known() -> None:
    sheet = rows(*(text_cell("a") + text_cell("b") + text_cell("c") + text_cell("d") for _ in range(2)))
    sheet = sheet.replace(b"<sheetData>", b'<cols><col min="2" max="3" width="0"/></cols><sheetData>')
    sheet = sheet.replace(b"<row>", b'<row hidden="true">', 1)
    result = converted("xlsx", xlsx(sheet))
    assert result.body.endswith("\n| a | d |\n|---|---|\n")
    assert result.left_out == "1 hidden row, 2 hidden columns"


def test_hidden_text_of_word_is_left_out_and_told() -> None:
    def run(text: str, properties: str = "") -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    def style(name: str, about: str, kind: str) -> str:
        return f'<w:style w:type="{kind}" w:styleId="{name}">{about}</w:style>'

    hidden = "<w:rPr><w:vanish/></w:rPr>"
    styles = STYLES.replace(
        "</w:styles>",
        style("Note", hidden, "paragraph")
        + style("Aside", '<w:basedOn w:val="Note"/>', "paragraph")
        + style("Whisper", hidden, "character")
        + "</w:styles>",
    )
    shown, whisper = '<w:vanish w:val="0"/>', '<w:rStyle w:val="Whisper"/>'
    body = f"<w:p>{run('Seen ')}{run('GONE', '<w:vanish/>')}{run('&amp; kept', shown)}</w:p>"
    body += f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run("GONE", "<w:vanish/>")}</w:p>'
    body += f'<w:p><w:pPr><w:pStyle w:val="Aside"/></w:pPr>{run("GONE")}</w:p>'
    body += f"<w:p>{run('By')}{run('GONE', whisper)}</w:p>"
    body += f"<w:tbl><w:tr><w:tc>{paragraph('Cell')}</w:tc><w:tc>{paragraph('Other')}</w:tc></w:tr>"
    body += f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph('GONE')}</w:tc></w:tr></w:tbl>"
    result = converted("docx", docx(body, more={"word/styles.xml": styles.encode(), "customXml/item.xml": b""}))
    assert result.body.strip().split("\n\n") == ["Seen & kept", "By", "| Cell | Other |\n|---|---|"]
    assert result.left_out == "4 hidden texts, 1 hidden row"
    alone = docx(f"<w:p>{run('GONE', '<w:vanish/>')}</w:p>")
    assert refusal("docx", alone) == "it holds no text but what was left out: 1 hidden text"


def test_hidden_text_of_open_document_is_left_out_and_told() -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "text", "table")
    )
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>"
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="T2" style:family="text" style:parent-style-name="T1"/>'
        "</office:automatic-styles><office:body><office:text><text:p>Seen"
        '<text:span text:style-name="T1">GONE</text:span><text:span text:style-name="T2">GONE</text:span>.</text:p>'
        '<text:section text:name="x" text:display="none"><text:p>GONE</text:p></text:section>'
        "</office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"<office:document-styles{spaces}/>")
    result = converted("odt", out.getvalue())
    assert (result.body.strip(), result.left_out) == ("Seen.", "2 hidden texts, 1 hidden section")


def test_hidden_text_of_rtf_is_left_out() -> None:
    assert converted("rtf", rb"{\rtf1 Seen {\v GONE}text\par}").body.strip() == "Seen text"


def test_hidden_slides_and_shapes_are_left_out_and_told() -> None:
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="9" name="n" hidden="1"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        "<p:txBody><a:p><a:r><a:t>GONE</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    result = converted("pptx", pptx([("Goals", "More pumps.")], f"<p:grpSp>{shape}</p:grpSp>"))
    assert result.body.strip().split("\n\n") == ["<!-- slide 1 -->", "## Goals", "More pumps."]
    assert result.left_out == "1 hidden shape"
    alone = pptx([("Goals", "More pumps.")], shown="0")
    assert refusal("pptx", alone) == "it holds no text but what was left out: 1 hidden slide"


@pytest.mark.parametrize(
    "end",
    ["// end of file\n", "// a\n// b", ":name: x\n", "[[anchor]]\n", ".Title\n[source]\n", "endif::[]\n", "[1]\n"],
)
def test_asciidoc_may_end_with_what_no_reader_sees(end: str) -> None:
    result = converted("adoc", f"= A\n\nText is 2.\n\n{end}".encode())
    assert result.body.strip() == ("Text is 2.\n\n\\[1\\]" if end == "[1]\n" else "Text is 2.")


def test_a_table_of_another_file_costs_no_more_than_itself() -> None:
    rst = (
        "R\n=\n\nThe text is 2.\n\n.. csv-table:: t\n   :file: t.csv\n\nMore.\n\n"
        ".. csv-table:: Own\n   :header: a,b\n\n   1,2\n"
    )
    result = converted("rst", rst.encode())
    assert result.body.strip().split("\n\n") == [
        "# R",
        "The text is 2.",
        "More.",
        "Own\n| a | b |\n|---|---|\n| 1 | 2 |",
    ]
    assert result.left_out == "1 included file"


def saved(workbook: "Workbook") -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
