"""sheets: a workbook as markdown: a mark, a heading and a table for each sheet that readers see."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Protocol
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from footnote.app.core.pages.source_marks import mark
from footnote.ingest.importing.converters.limits import RefusedError
from footnote.ingest.importing.page_file import plain_line

_MAX_COLUMNS = 200
_MAX_CELLS = 1_000_000


class _Cell(Protocol):
    @property
    def value(self) -> object: ...
    @property
    def number_format(self) -> str: ...


def write_sheets(source: str, out: IO[str]) -> None:
    """Write the workbook's markdown.

    Raises:
        RefusedError: it cannot be read as one, or has more cells than a page could show.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        _write(workbook, out)
    except (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError) as error:
        raise RefusedError(f"it is no workbook that can be read: {error}") from error


def _write(workbook: Any, out: IO[str]) -> None:
    out.write(f"@title {plain_line(str(workbook.properties.title or ''))}\n")
    cells = 0
    for number, sheet in enumerate(workbook.worksheets, 1):
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what a sheet says of its size need not be true
        out.write(f"\n{mark('sheet', number)}\n\n## {_escaped(plain_line(sheet.title))}\n")
        for rows in _tables(sheet.iter_rows()):
            out.write("\n")
            for place, row in enumerate(rows):
                cells += len(row)
                if cells > _MAX_CELLS:
                    raise RefusedError(f"it has more than {_MAX_CELLS:,} cells")
                out.write(f"| {' | '.join(row)} |\n")
                if place == 0:
                    out.write("|" + "---|" * len(row) + "\n")


def _tables(rows: Iterable[Sequence[_Cell]]) -> Iterator[list[list[str]]]:
    """Blocks of rows between empty ones, without the columns that are empty in all of a block."""
    block: list[list[str]] = []
    for row in rows:
        line = [_text(cell) for cell in row[:_MAX_COLUMNS]]
        if any(line):
            block.append(line)
        elif block:
            yield _narrowed(block)
            block = []
    if block:
        yield _narrowed(block)


def _narrowed(block: list[list[str]]) -> list[list[str]]:
    width = max(map(len, block))
    filled = [column for column in range(width) if any(line[column : column + 1] not in ([], [""]) for line in block)]
    return [[line[column] if column < len(line) else "" for column in filled] for line in block]


def _text(cell: _Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    return _escaped(plain_line(str(value)))


def _number(value: int | float, number_format: str) -> str:
    if "%" in (number_format or ""):
        return f"{round(value * 100, 6):g}%"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def _escaped(text: str) -> str:
    """As text of a cell: no markup, no second cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "\\<").replace("`", "\\`")
