from pathlib import Path

import pytest

from footnote.ingest.importing.converters.preparing.asciidoc import readable_asciidoc
from footnote.ingest.importing.converters.preparing.restructured import readable_rst
from footnote.ingest.importing.converters.preparing.texts import prepare_text, visible_html
from footnote.ingest.importing.page_file import page_text
from footnote.ingest.importing.types import Converted, Source


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>a<script>b</script>c</p>", "<p>ac</p>"),
        ("<nav><div><nav>x</nav></div>y</nav><p>a</p>", "<p>a</p>"),
        ("<div hidden>x<div>y</div></div><p>a</p>", "<p>a</p>"),
        ('<p hidden>a <b>b</b></p>c<p style="display: none">d<p>e', "c<p>e"),
        ("<ul><li><p hidden>a</li><li>b</li></ul>", "<ul><li></li><li>b</li></ul>"),
        ('<div style="color:red; DISPLAY : none">x</div>a', "a"),
        ('<h2>Head<a class="headerlink" href="#h">¶</a></h2>', "<h2>Head</h2>"),
        ("a &amp; b &#64; <br/>c<style/>d", "a &amp; b &#64; <br/>cd"),
        ("a<div/>b</div>c", "a<div/>b</div>c"),
        ("a<!-- x -->b<?php x ?>", "ab"),
        ("<p>open <b>ended", "<p>open <b>ended"),
        (
            "<table><tr><th>A<th>B<tr><td>1<td><table><td>x</table></table>",
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><table><td>x</td></table></td></tr></table>",
        ),
        ("<table><tbody><tr><td>a</td></tr></tbody></table>",) * 2,
        ("</td><td>a</td>", "</td><td>a</td>"),
        ("<script>never closed <p>x", ""),
        ('<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "]"> ] >\n<p>a]></p>', "\n\n<p>a]></p>"),
        ("<!DOCTYPE html>\n<p>[a]></p>", "\n<p>[a]></p>"),
    ],
)
def test_of_html_what_is_around_the_text_or_hidden_goes(html: str, left: str) -> None:
    assert visible_html(html) == left


@pytest.mark.parametrize(
    "raw",
    [
        "<p>größe</p>".encode(),
        "\ufeff<p>größe</p>".encode(),
        "<p>größe</p>".encode("utf-16"),
        "<p>größe</p>".encode("cp1252"),
        b'<meta charset="koi8-r">' + "<p>größe</p>".encode("latin-1").replace(b"\xf6", "ж".encode("koi8-r")),
        b'<meta charset="no-such-code">' + "<p>größe</p>".encode("cp1252"),
    ],
)
def test_html_becomes_utf8_whatever_it_was(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "source.html"
    file.write_bytes(raw)
    prepare_text(file, "html")
    text = file.read_text("utf-8")
    assert ("größe" in text) or ("koi8" in text and "грж" not in text and "ж" in text)


def test_asciidoc_is_read_without_the_files_that_it_includes(tmp_path: Path) -> None:
    file = tmp_path / "source.adoc"
    file.write_text("= A\n\ninclude::other.adoc[tag=x]\n\n\\include::kept[]\ntext\n")
    assert prepare_text(file, "adoc") == {"included file": 1}
    assert file.read_text() == "= A\n\n\n\n\\include::kept[]\ntext\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n// gone\nb", "a\nb\n"),
        ("a\n\n////\ngone\n\n// too\n////\nb", "a\n\nb\n"),
        ("----\n// code\n////\n----\n// gone", "----\n// code\n////\n----\n"),
        ("```sh\n// code\n```\n\n....\n// so\n....", "```sh\n// code\n```\n\n....\n// so\n....\n"),
        ("[src]\n----\n// code", "[src]\n----\n// code\n"),
        ("Title\n-----\n// gone\na", "Title\n-----\na\n"),
        ("/// kept\nhttp://x", "/// kept\nhttp://x\n"),
        ("a\nifdef::x[]\nb\nifdef::y[c]\nendif::[]\nd", "a\nb\nc\nd\n"),
        ("a\n\n:x: y\n\n[[b]]\n.Title\n\n", "a\n"),
        ("a\n:x: y\n[source]", "a\n:x: y\n"),
        ("a\n[1]\nb", "a\n\\[1]\nb\n"),
        ("// gone", ""),
    ],
)
def test_of_asciidoc_what_no_reader_sees_goes(text: str, left: str) -> None:
    assert readable_asciidoc(text) == (left, 0)


@pytest.mark.parametrize(
    ("text", "left", "included"),
    [
        ("a\n\n.. csv-table:: t\n   title\n   :file: t.csv\n\n   x\n\nb", "a\n\n\n\nb", 1),
        (".. CSV-Table::\n   :header: a\n   :url: http://x", "", 1),
        (".. csv-table::\n   :header: a\n\n   :file: 2", ".. csv-table::\n   :header: a\n\n   :file: 2", 0),
        ("- .. csv-table::\n     :file: t.csv\n\n  b", "-\n\n  b", 1),
        (".. note::\n\n   .. csv-table::\n      :file: t.csv\n\n   b", ".. note::\n\n\n\n   b", 1),
        (".. |x| csv-table:: t\n   :file: t.csv\nb", "\nb", 1),
        (*("So::\n\n   .. csv-table::\n      :file: t.csv\n\nb",) * 2, 0),
        (*(".. code-block:: rst\n\n   .. include:: x\n",) * 2, 0),
        (*(".. include:: x\n.. literalinclude:: y\n",) * 2, 2),
    ],
)
def test_of_restructured_text_tables_of_other_files_go(text: str, left: str, included: int) -> None:
    assert readable_rst(text) == (left, included)


def test_a_page_holds_no_character_that_an_ingest_or_a_reader_could_not_take() -> None:
    source = Source(Path("/x"), 'a "b".pdf', "pdf")
    text = page_text(source, "0" * 64, "by", Converted("A\x00 \u2028b\nc", "one\r\ntwo\x00\x1b[31m\rthree\n\n\n", 3))
    assert text == (
        '---\ntitle: "A b c"\nsource: "a \\"b\\".pdf"\nsource_sha256: "' + "0" * 64 + '"\nimported_by: "by"\n'
        "source_parts: 3\n---\n\none\ntwo[31m\nthree\n"
    )
