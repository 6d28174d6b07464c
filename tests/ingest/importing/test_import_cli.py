"""`footnote import` from documents to cited answers, with the real converters."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from tests.conftest import MAIN
from tests.documents import docx, notebook, paragraph, pdf, text_cell, xlsx
from tests.documents import rows as sheet


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def imported(sources: Path, out: Path, *flags: str) -> dict[str, object]:
    result = invoke("import", sources, "--to", out, "--json", *flags)
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.stdout)
    return {name: value for name, value in report.items() if value and name not in ("folder", "left_aside")}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "manuals").mkdir(parents=True)
    pages = [["The pump moves water uphill."], ["The filter of the pump is replaced every 500 hours."]]
    (folder / "manuals" / "pump.pdf").write_bytes(pdf(pages))
    (folder / "notes.docx").write_bytes(docx(paragraph("The valve opens at 4 bar.")))
    (folder / "readme.md").write_text("no document to convert")
    return folder


@pytest.mark.scale
def test_an_answer_cites_the_page_of_the_document(sources: Path, tmp_path: Path) -> None:
    out, index = tmp_path / "docs", tmp_path / "index"
    imported(sources, out)
    assert invoke("ingest", out, "--index-dir", index).exit_code == 0
    asked = invoke("ask", "How often is the filter of the pump replaced?", "--index-dir", index, "--json")
    (citation,) = json.loads(asked.stdout)["citations"]
    assert (citation["path"], citation["source"], citation["source_place"]) == (
        "manuals/pump.pdf.md",
        "manuals/pump.pdf",
        "page 2",
    )
    raw = (out / citation["path"]).read_bytes()
    assert raw[citation["start"] : citation["end"]].decode() == citation["quote"]
    shown = invoke("ask", "How often is the filter of the pump replaced?", "--index-dir", index).stdout
    assert "    manuals/pump.pdf, page 2\n" in shown


@pytest.mark.scale
def test_only_what_changed_is_converted_again(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    assert sorted(imported(sources, out)["added"]) == ["manuals/pump.pdf.md", "notes.docx.md"]  # type: ignore[call-overload]
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*.md")}
    assert imported(sources, out) == {"unchanged": 2}
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*.md")} == before
    (sources / "notes.docx").write_bytes(docx(paragraph("The valve opens at 5 bar.")))
    (sources / "manuals" / "pump.pdf").unlink()
    planned = imported(sources, out, "--dry-run")
    assert planned.pop("dry_run") is True
    assert planned == {"changed": ["notes.docx.md"], "removed": ["manuals/pump.pdf.md"]}
    assert (out / "manuals" / "pump.pdf.md").exists()
    assert imported(sources, out) == planned
    assert sorted(file.name for file in out.rglob("*.md")) == ["notes.docx.md"]
    assert "5 bar" in (out / "notes.docx.md").read_text()


@pytest.mark.scale
def test_what_was_edited_stays_until_it_is_to_be_replaced(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    imported(sources, out)
    (out / "notes.docx.md").write_text("mine")
    assert imported(sources, out) == {"unchanged": 2}
    (sources / "notes.docx").write_bytes(docx(paragraph("The valve opens at 5 bar.")))
    kept = imported(sources, out)
    assert [one["path"] for one in kept["edited"]] == ["notes.docx.md"]  # type: ignore[attr-defined]
    assert (out / "notes.docx.md").read_text() == "mine"
    assert imported(sources, out, "--replace") == {"changed": ["notes.docx.md"], "unchanged": 1}
    assert "5 bar" in (out / "notes.docx.md").read_text()


@pytest.mark.scale
def test_what_cannot_be_read_costs_nothing_else(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    (sources / "bad.pdf").write_bytes(b"%PDF-1.4")
    (sources / "big.html").write_text("<p>word</p>" * 1_000)
    (sources / "sums.xlsx").write_bytes(xlsx(sheet(text_cell("Sum"))))
    (sources / "run.ipynb").write_bytes(notebook(("code", "run()", "done")))
    result = invoke("import", sources, "--to", out, "--max-mb", "0.01")
    assert result.exit_code == 0
    assert result.stdout.endswith("4 added, 0 changed, 0 removed, 0 unchanged, 2 documents not read\n"), result.output
    assert "not read: bad.pdf: it was cut off: the end of the file is missing\n" in result.stderr
    assert "not read: big.html: too large: 0.011 MB; --max-mb allows more" in result.stderr
    again = imported(sources, out)
    assert [one["path"] for one in again["unread"]] == ["bad.pdf"]  # type: ignore[attr-defined]
    alone = invoke("import", sources / "bad.pdf", "--to", tmp_path / "alone")
    assert (alone.exit_code, list((tmp_path / "alone").glob("*.md"))) == (1, [])


@pytest.mark.scale
def test_where_nothing_is_of_a_format_that_is_imported_the_import_fails(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for name in ("old.doc", "old.xls", "notes.txt", *(f"a.{ending}" for ending in "bcdefghij")):
        (sources / name).write_text("x")
    result = invoke("import", sources, "--to", tmp_path / "docs")
    assert (result.exit_code, result.stdout.partition(": ")[2]) == (1, "0 added, 0 changed, 0 removed, 0 unchanged\n")
    assert result.stderr == (
        "left aside: 12 files of other formats: 1 .doc, 1 .txt, 1 .xls, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f, 1 .g, 1 .h, "
        "2 of others (save text documents as .docx; rename plain text to .md; save workbooks as .xlsx)\n"
    )
    told = json.loads(invoke("import", sources, "--to", tmp_path / "docs", "--json").stdout)["left_aside"]
    assert {"ending": "doc", "files": 1} in told
    (tmp_path / "empty").mkdir()
    assert invoke("import", tmp_path / "empty", "--to", tmp_path / "docs").exit_code == 0


@pytest.mark.scale
def test_a_document_that_took_too_long_is_not_tried_again_until_told(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    (sources / "slow.html").write_text("<p>Quick.</p>")
    imported(sources, out)
    (sources / "slow.html").write_text("<div><b>" * 50_000 + "text")
    over = "it takes more than 1 s (--max-seconds)"
    first = imported(sources, out, "--max-seconds", "1")["unread"]
    assert first == [{"path": "slow.html", "reason": f"{over}; its markdown of before stays"}]
    again = f"{over}; it was not tried again, as nothing changed: --retry tries it; its markdown of before stays"
    for flags in ((), ("--dry-run",)):
        unread = imported(sources, out, "--max-seconds", "1", *flags)["unread"]
        assert unread == [{"path": "slow.html", "reason": again}]
    assert imported(sources, out, "--max-seconds", "1", "--retry")["unread"] == first
    (sources / "slow.html").write_text("<p>Quick again.</p>")
    assert imported(sources, out, "--max-seconds", "1")["changed"] == ["slow.html.md"]


@pytest.mark.scale
def test_a_dry_run_says_what_would_be_tried(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    (sources / "bad.pdf").write_bytes(b"%PDF-1.4")
    (sources / "empty.docx").write_bytes(b"")
    planned = invoke("import", sources, "--to", out, "--dry-run")
    assert planned.stdout == (
        "+ bad.pdf.md\n+ manuals/pump.pdf.md\n+ notes.docx.md\n"
        f"{out}: 3 to be tried (3 new, 0 changed), 0 to be removed, 0 unchanged, 1 document not read\n"
    )
    assert "not read: empty.docx: it is empty\n" in planned.stderr
    imported(sources, out)
    planned = invoke("import", sources, "--to", out, "--dry-run")
    assert "1 to be tried (1 new, 0 changed), 0 to be removed, 2 unchanged" in planned.stdout
    assert "failed before, with the same bytes: bad.pdf: it was cut off: the end of" in planned.stderr


@pytest.mark.scale
def test_of_a_document_that_broke_the_line_says_that_its_markdown_stays(sources: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "docs", sources / "manuals" / "pump.pdf"
    imported(sources, out)
    file.write_bytes(file.read_bytes()[:300])
    result = invoke("import", sources, "--to", out)
    assert "end of the file is missing; its markdown of before stays\n" in result.stderr
    assert (out / "manuals" / "pump.pdf.md").exists()
    limited = invoke("import", sources, "--to", out, "--max-mb", "0.001", "--exclude", "*.pdf")
    assert limited.exit_code == 0
    file.write_bytes(b"")
    assert "it is empty; its markdown of before stays\n" in invoke("import", sources, "--to", out).stderr
    file.write_bytes(b"x" * 2_000)
    result = invoke("import", sources, "--to", out, "--max-mb", "0.001")
    assert "pump.pdf: too large: 0.002 MB; --max-mb allows more; its markdown of before stays\n" in result.stderr


@pytest.mark.scale
def test_what_is_hidden_in_a_document_is_told_when_it_is_converted(sources: Path, tmp_path: Path) -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret</w:t></w:r></w:p>"
    (sources / "notes.docx").write_bytes(docx(paragraph("The valve opens at 4 bar.") + hidden))
    result = invoke("import", sources, "--to", tmp_path / "docs")
    aside = "left aside: 1 file of other formats: 1 .md (an ingest reads markdown as it is: copy it to the docs)\n"
    assert (result.exit_code, result.stderr) == (0, f"left out: notes.docx: 1 hidden text\n{aside}")
    (sources / "notes.docx").write_bytes(docx(paragraph("The valve opens at 5 bar.") + hidden))
    told = imported(sources, tmp_path / "docs")
    assert told["left_out"] == [{"path": "notes.docx", "reason": "1 hidden text"}]
    assert invoke("import", sources, "--to", tmp_path / "docs").stderr == aside


@pytest.mark.scale
def test_the_markdown_may_lie_beside_its_documents(sources: Path) -> None:
    before = sorted(sources.rglob("*"))
    assert sorted(imported(sources, sources)["added"]) == ["manuals/pump.pdf.md", "notes.docx.md"]  # type: ignore[call-overload]
    assert imported(sources, sources) == {"unchanged": 2}
    added = {one.name for one in sources.rglob("*") if one not in before and not one.name.startswith(".")}
    assert added == {"pump.pdf.md", "notes.docx.md"}


@pytest.mark.scale
def test_many_sources_that_are_gone_remove_nothing_until_told(tmp_path: Path) -> None:
    sources, out = tmp_path / "sources", tmp_path / "docs"
    sources.mkdir()
    for number in range(12):
        (sources / f"{number}.html").write_text(f"<p>Page {number}</p>")
    imported(sources, out)
    for file in sources.iterdir():
        file.unlink()
    assert "--allow-deletes" in str(imported(sources, out, "--dry-run")["held"])
    result = invoke("import", sources, "--to", out)
    assert (result.exit_code, len(list(out.glob("*.md")))) == (2, 12)
    assert "12 of the 12 imported files would be removed" in result.stderr
    assert len(imported(sources, out, "--allow-deletes")["removed"]) == 12  # type: ignore[arg-type]


@pytest.mark.scale
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_ended_leaves_no_process_and_no_half_file(
    sources: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    out = tmp_path / "docs"
    (sources / "slow.html").write_text("<div><b>" * 90_000 + "text")
    with subprocess.Popen([sys.executable, "-c", MAIN, "import", sources, "--to", out], stderr=subprocess.PIPE) as run:
        while not (converting := _children_of(run.pid, "source.html")):
            time.sleep(0.02)
        run.send_signal(sent)
        run.wait(30)
    assert run.returncode == (130 if sent == signal.SIGINT else -signal.SIGKILL)
    while any(Path(f"/proc/{child}/cmdline").exists() and _command_of(child) for child in converting):
        time.sleep(0.02)
    assert not list(out.rglob("*.new"))
    (sources / "slow.html").unlink()
    done = invoke("import", sources, "--to", out, "--replace", "--json")
    assert done.exit_code == 0
    assert sorted(file.name for file in out.rglob("*.md")) == ["notes.docx.md", "pump.pdf.md"]


def _children_of(parent: int, named: str) -> list[int]:
    """The processes below one whose command names this."""
    try:
        below = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        below += [
            pid for task in Path(f"/proc/{parent}/task").iterdir() for pid in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [int(pid) for pid in below if named in _command_of(int(pid))]


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    except OSError:
        return ""


def test_without_the_extra_one_error_names_it(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footnote.ingest.importing.flow.missing_extra", lambda: "pypandoc")
    result = invoke("import", sources, "--to", tmp_path / "docs")
    assert (result.exit_code, (tmp_path / "docs").exists()) == (2, False)
    assert "pip install -c constraints.txt -e '.[import]'" in result.stderr
    assert invoke("import", sources, "--to", tmp_path / "docs", "--dry-run").exit_code == 0


def test_two_imports_do_not_write_one_folder(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footnote.ingest.importing.flow.missing_extra", lambda: None)
    out = tmp_path / "docs"
    out.mkdir()
    with FileLock(out / ".footnote-import.lock"):
        result = invoke("import", sources, "--to", out)
    assert (result.exit_code, "another import" in result.stderr) == (1, True)


def test_help_shows_examples() -> None:
    shown = invoke("import", "--help").stdout
    assert "footnote import ~/handbooks --to docs/handbooks" in shown
