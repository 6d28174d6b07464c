"""render: a run as plain markdown that any renderer shows right. Pure functions.

Each block stands by itself: without the indentation, quotation marks, tabs and admonitions of the page around it.
"""

import re
import textwrap
from collections.abc import Iterator

from footnote.app.answering.quoting.escaping import bold
from footnote.app.answering.quoting.extend import Run
from footnote.app.answering.quoting.fences import closes, language, opening_of, title
from footnote.app.answering.quoting.inline import Page, Resolve, plain
from footnote.app.answering.quoting.left_out import left_out
from footnote.app.answering.quoting.nested import without_blocks
from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.markup.line_marks import without_line_marks
from footnote.app.core.text.prose import markdown_parsers
from footnote.app.core.types import Part

_SIGNS = re.compile(r"[ \t>]*")
_MARK = re.compile(
    r"(?:[-*+]|\d{1,9}[.)])(?=[ \t])|#{1,6}(?=[ \t])|(?:`{3}|~{3})|[>|=]|[-*_](?:[ \t]*[-*_]){2,}[ \t]*$"
)
_DEFINES = re.compile(r":[ \t]+|\[\^[^\]\s]+\]:[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_HTML_CELL = re.compile(r"(?:</t[dhr]\s*>\s*)*<t[dh](?:\s[^<>]*)?>|(?:</t[dhr]\s*>\s*)+", re.I)
_KINDS = "note|tip|warning|important|danger|caution|info|hint|example|attention|error|success|question|abstract|seealso"
_ADMONITION = re.compile(
    rf"(?:(?:!!!|\?\?\?\+?)[ \t]+|(?<!:):{{3,}}+[ \t]*\{{?|\[!)(?P<kind>{_KINDS})\b[^\n\"]*(?:\n[ \t>]*)*$", re.I
)


def rendered(run: Run, flavour: Flavour, resolve: Resolve) -> str:
    """The run as markdown; a label of the site, such as the title of a tab, is a line in bold."""
    page = Page(flavour, resolve, run.stretch.references)
    label, blocks = "", []
    for first, last in _groups(run):
        part = run.stretch.parts[first]
        said = part.label or _admonition(run, first)
        block = _block(run, first, last, page)
        # A term of a definition list is its own label.
        if said and said not in (label, block):
            blocks.append(bold(plain(_new_part(said, label), page)))
        label = said
        # Such as what two images stand for, one for a light page and one for a dark.
        if part.kind != "code" and block in blocks[-1:]:
            block = ""
        blocks += filter(None, [block, left_out(run.stretch, first, last)])
    return "\n\n".join(blocks)


def ends_in_prose(markdown: str) -> bool:
    """Whether what is written behind the text is read as text: not behind code or a table."""
    tokens = [token for token in markdown_parsers()[1].parse(markdown) if token.map or token.type == "table_close"]
    return not tokens or tokens[-1].type == "inline"


def _groups(run: Run) -> Iterator[tuple[int, int]]:
    """The places of parts that are shown as one block."""
    parts = run.stretch.parts
    first = run.first
    while first <= run.last:
        last = first
        while last < run.last and _together(parts[last], parts[last + 1]):
            last += 1
        yield first, last
        first = last + 1


def _together(one: Part, other: Part) -> bool:
    same = (one.kind, one.block, one.label, one.table_header) == (
        other.kind,
        other.block,
        other.label,
        other.table_header,
    )
    return same and (one.kind != "code" or (one.is_cut and other.is_cut))


def _new_part(label: str, above: str) -> str:
    """`Linux > ARM` below `Linux > x86` is `ARM`."""
    names, known = label.split(" > "), above.split(" > ")
    while len(names) > 1 and known and names[0] == known[0]:
        names, known = names[1:], known[1:]
    return " > ".join(names)


def _admonition(run: Run, place: int) -> str:
    """What kind of admonition without a title begins above a part."""
    text, parts = run.stretch.text, run.stretch.parts
    above = text[parts[place - 1].end if place else 0 : parts[place].start]
    inside = re.match(r"[ \t>]*\[!\w+\][^\n]*", text[parts[place].start : parts[place].end])
    found = _ADMONITION.search(inside.group() if inside else above)
    return found["kind"].capitalize() if found else ""


def _block(run: Run, first: int, last: int, page: Page) -> str:
    stretch = run.stretch
    head, tail = stretch.parts[first], stretch.parts[last]
    start = run.start if first == run.first else head.start
    if head.kind == "code":
        return _code(_unquoted(stretch.text, head.start, tail.end)[0], head, page.flavour)
    if head.kind == "row":
        rows = [_row(stretch.text, part) for part in stretch.parts[first : last + 1]]
        return _table(head.table_header, rows, page)
    begins_line = _SIGNS.fullmatch(stretch.text, _line_start(stretch.text, start), start) is not None
    lines, columns = _unquoted(stretch.text, start, tail.end)
    lines = [_moved_left(line, columns) for line in lines]
    if head.kind == "item":
        lines = without_blocks(lines)
    text = plain("\n".join(lines), page).strip("\n")
    if head.kind == "sentence":
        text = "\n".join(_flush(line) for line in text.split("\n"))
    text = _DEFINES.sub("", text.lstrip(), count=1) if _DEFINES.match(text.lstrip()) else text
    if not begins_line and _MARK.match(text):
        text = f"\\{text}" if not text[0].isdigit() else re.sub(r"[.)]", r"\\\g<0>", text, count=1)
    return f"{'… ' * (start > head.start)}{text.rstrip()}"


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


def _unquoted(text: str, start: int, end: int) -> tuple[list[str], int]:
    """The lines from the beginning of the first, out of quotations, and how far the first one is indented."""
    line = _line_start(text, start)
    signs = _SIGNS.match(text, line, end)
    above = signs.group() if signs else ""
    lines = re.split(r"\r\n|\n|\r", text[line if line + len(above) >= start else start : end])
    depth = above.count(">")
    if depth:
        lines = [re.sub(rf"^(?:[ \t]*>){{1,{min(depth, 50)}}} ?", "", one) for one in lines]
    indent = len(above.rpartition(">")[2].expandtabs(4))
    return lines, max(0, indent - 1) if depth else indent


def _flush(line: str) -> str:
    """A line of a paragraph from the left, unless it would begin something else there."""
    bare = line.lstrip(" \t")
    return line if _MARK.match(bare) else bare


def _moved_left(line: str, columns: int) -> str:
    wide = line if "\t" not in line[: len(line) - len(line.lstrip())] else line.expandtabs(4)
    return wide[min(columns, len(wide) - len(wide.lstrip(" "))) :]


def _code(lines: list[str], part: Part, flavour: Flavour) -> str:
    """A fence of its own for the code, with the title that the page shows above it."""
    opening = None if part.is_cut else opening_of(lines[0])
    info = opening["info"] if opening else part.fence or ""
    if opening:
        lines = lines[1 : len(lines) - (len(lines) > 1 and closes(lines[-1], opening["mark"]))]
    body = without_line_marks(textwrap.dedent("\n".join(lines)), flavour).strip("\n")
    if not body:
        return ""
    mark = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", body)), default=0))
    return "\n\n".join(filter(None, (title(info), f"{mark}{language(info)}\n{body}\n{mark}")))


def _row(text: str, part: Part) -> str:
    """The row as it is spelled; of HTML with the tags before its first word."""
    said = text[part.start : part.end]
    begins = text.rfind("<tr", 0, part.start + 3)
    is_html = begins >= 0 and not said.startswith("|") and not re.sub(r"<[^<>]*>|\s", "", text[begins : part.start])
    return text[begins : part.end] if is_html else said


def _table(header: str, rows: list[str], page: Page) -> str:
    def cells(row: str) -> list[str]:
        if row.startswith("<tr"):
            found = _HTML_CELL.split(row)[1:]
            found = found if found[-1:] and found[-1].strip() else found[:-1]
            return [_CELL_END.sub(r"\\|", plain(" ".join(cell.split()), page)).strip() for cell in found]
        line = plain(" ".join(row.lstrip(" \t>").split()), page).strip()
        line = line.removeprefix("|")
        line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
        return [cell.strip() for cell in _CELL_END.split(line)]

    body = [cells(row) for row in rows]
    head = cells(header) if header else [""] * max(map(len, body))
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
