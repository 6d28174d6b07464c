"""Documents that would take all of a machine, through the converters of `footnote import`: time and memory of each.

python -m bench.hostile_documents [NAME ...]
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from footnote.app.core.stop import Stop
from footnote.ingest.importing.convert import Limits, UnreadableError, convert
from footnote.ingest.importing.types import Source
from tests.documents import docx, laughs, notebook, paragraph, pdf, pptx, rows, text_cell, xlsx


def _many_rows(count: int) -> bytes:
    return rows(*[text_cell("x")] * count)


def _many_pages() -> bytes:
    line = "Pump {} is serviced after {} hours of work, or when its red lamp burns, by trained staff alone."
    return pdf([[line.format(page, n) for n in range(40)] for page in range(5_000)])


CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PDF of 5,000 pages": ("pdf", _many_pages),
    "PDF of 20,000 empty pages": ("pdf", lambda: pdf([[]] * 20_000)),
    "PDF that was cut": ("pdf", lambda: pdf([["Some text"]] * 50)[:3_000]),
    "DOCX zip bomb, 1 GB": ("docx", lambda: docx("<w:p/>", more={"word/styles.xml": b" " * 1_000_000_000})),
    "DOCX zip bomb in its text": ("docx", lambda: docx(paragraph("lol" * 150_000_000))),
    "DOCX of a billion laughs": ("docx", lambda: docx(paragraph("&a9;"), laughs())),
    "DOCX that was cut": ("docx", lambda: docx(paragraph("text " * 1000))[:600]),
    "PPTX zip bomb in its text": ("pptx", lambda: pptx([("lol" * 150_000_000, "x")])),
    "XLSX of a billion laughs": ("xlsx", lambda: xlsx(laughs().encode() + rows(text_cell("&a9;")))),
    "XLSX of 3 million rows": ("xlsx", lambda: xlsx(_many_rows(3_000_000))),
    "HTML table of 300,000 rows": ("html", lambda: b"<table>" + b"<tr><td>a<td>b</tr>" * 300_000 + b"</table>"),
    "HTML nested 100,000 deep": ("html", lambda: b"<div><b>" * 100_000 + b"text"),
    "HTML of one cell that spans a million": (
        "html", lambda: b"<table><tr><td colspan=1000000 rowspan=1000000>a</td><td>b</td></tr><tr><td>c</table>",
    ),
    "notebook with an output of 100 MB": ("ipynb", lambda: notebook(("code", "run()", "line\n" * 20_000_000))),
    "reST that includes itself and /etc/passwd": (
        "rst", lambda: b"Title\n=====\n\n.. include:: source.rst\n\n.. include:: /etc/passwd\n\ntext\n",
    ),
}  # fmt: skip


def main(names: list[str]) -> None:
    """Print a line for each document, which one process makes and another one converts."""
    for name in names or CASES:
        with tempfile.NamedTemporaryFile() as file:
            _run("--make", name, file.name)
            _run("--one", name, file.name)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "bench.hostile_documents", *arguments], check=True)


def _one(name: str, file: Path) -> None:
    ending, _ = CASES[name]
    raw = file.read_bytes()
    began = time.perf_counter()
    try:
        converted = convert(Source(Path("/"), f"x.{ending}", ending), raw, Limits(), Stop())
        said = f"{len(converted.body.encode()) / 1e6:.1f} MB of markdown, {converted.parts} parts"
    except UnreadableError as error:
        said = f"not read: {error}"
    took = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime
    print(
        f"| {name} | {len(raw) / 1e6:.2f} MB | {took:.1f} s | {busy:.1f} s | {used.ru_maxrss / 1000:.0f} MB | {said} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        Path(sys.argv[3]).write_bytes(CASES[sys.argv[2]][1]())
    elif sys.argv[1:2] == ["--one"]:
        _one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(sys.argv[1:])
