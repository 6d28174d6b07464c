"""sheets: a workbook as markdown: a mark, a heading and a table for each sheet that readers see."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Protocol
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from footnote.app.core.pages.source_marks import mark
from footnote.ingest.importing.converters.limits import OverLimitError, RefusedError
from footnote.ingest.importing.page_file import plain_line

_MAX_COLUMNS = 200
_MAX_CELLS = 1_000_000


class _Cell(Protocol):
    @property
    def value(self) -> object: ...
    @property
    def number_format(self) -> str: ...


def write_sheets(source: str, out: IO[str]) -> Counter[str]:
    """Write the workbook's markdown; how many sheets, rows and columns are hidden and were left out.

    Raises:
        RefusedError: it cannot be read as one, or has more cells than a page could show.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        return _write(workbook, out)
    except (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError) as error:
        raise RefusedError(f"it is no workbook that can be read: {error}") from error


def _write(workbook: Any, out: IO[str]) -> Counter[str]:
    out.write(f"@title {plain_line(str(workbook.properties.title or ''))}\n")
    cells = 0
    left_out: Counter[str] = Counter()
    for number, sheet in enumerate(workbook.worksheets, 1):
        if sheet.sheet_state != "visible":
            left_out["hidden sheet"] += 1
            continue
        out.write(f"\n{mark('sheet', number)}\n\n## {_escaped(plain_line(sheet.title))}\n")
        for rows in _tables(_rows_seen(sheet, left_out)):
            out.write("\n")
            for place, row in enumerate(rows):
                cells += len(row)
                if cells > _MAX_CELLS:
                    raise OverLimitError(f"it has more than {_MAX_CELLS:,} cells")
                out.write(f"| {' | '.join(row)} |\n")
                if place == 0:
                    out.write("|" + "---|" * len(row) + "\n")
    return left_out


def _rows_seen(sheet: Any, left_out: Counter[str]) -> Iterator[list[str]]:
    """The texts of the rows that are shown, with "" in columns that are not; an empty row for any that are missing."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import WorkSheetParser

    book, next_row = sheet.parent, 1
    hidden_columns: set[int] | None = None
    columns: set[int] = set()  # those of them that hold something
    with sheet._get_source() as opened:
        # As openpyxl's own sheet, which keeps what the parser knows of rows and columns to itself.
        parser = WorkSheetParser(
            opened, sheet._shared_strings, book.data_only, book.epoch, book._date_formats, book._timedelta_formats
        )
        for number, cells in parser.parse():
            about = parser.row_dimensions.pop(str(number), {})
            if number < next_row:
                continue
            if number > next_row:
                yield []
            next_row = number + 1
            if hidden_columns is None:  # columns are described before the first row
                hidden_columns = _hidden_columns(parser.column_dimensions)
            row = {
                cell["column"]: _text(ReadOnlyCell(sheet, **cell)) for cell in cells if cell["column"] <= _MAX_COLUMNS
            }
            if _is_hidden(about, "ht"):
                left_out["hidden row"] += any(row.values())
                continue
            columns |= {column for column, text in row.items() if text and column in hidden_columns}
            yield [
                "" if column in hidden_columns else row.get(column, "") for column in range(1, max(row, default=0) + 1)
            ]
    left_out["hidden column"] += len(columns)


def _hidden_columns(dimensions: Mapping[str, Mapping[str, str]]) -> set[int]:
    hidden: set[int] = set()
    for about in dimensions.values():
        if _is_hidden(about, "width"):
            hidden.update(range(int(about["min"]), min(int(about["max"]), _MAX_COLUMNS) + 1))
    return hidden


def _is_hidden(about: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is said to be so, or is of no size."""
    return about.get("hidden") in ("1", "true") or about.get(size) == "0"


def _tables(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Blocks of rows between empty ones, without the columns that are empty in all of a block."""
    block: list[list[str]] = []
    for line in rows:
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
