"""pdf: a PDF as markdown: a mark for each page, and what it shows."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from footnote.app.core.pages.source_marks import mark
from footnote.ingest.importing.converters.limits import OverLimitError, RefusedError
from footnote.ingest.importing.page_file import plain_line

MAX_PAGES = 10_000
_MAX_OUTLINE = 20_000
_FENCE = re.compile(r"^(```|~~~)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_NUMBERING = re.compile(r"^(?:[\dA-Z]+(?:\.\d+)*\.?|[ivxlc]+\.)\s+")
_SIGNS = re.compile(r"[#*_\\]+")
_TITLE = re.compile(rb"/Title\s*(?:\((?P<text>(?:[^()\\]|\\.){1,600})\)|<(?P<hex>[0-9A-Fa-f\s]{2,2400})>)", re.S)
_INFO = re.compile(rb"/Info\s+(\d{1,10})\s+(\d{1,5})\s+R")
_FIRST_HEADING = re.compile(r"\s*# (.+)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_NO_TITLE = re.compile(
    r"(?:untitled|\(?anonymous\)?|\(unspecified\)|microsoft word\b.*|.*\.(?:docx?|indd|tex|dvi))\s*$", re.I
)
_TAIL_BYTES = 1_000_000
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^()\n]*\)")


def write_pdf(source: str, out: IO[str]) -> None:
    """Write the document's markdown, page by page.

    Raises:
        RefusedError: it is encrypted, damaged, or has more pages than are read.
    """
    import pdf_oxide

    raw = Path(source).read_bytes()
    if b"%%EOF" not in raw[-_TAIL_BYTES:]:
        raise RefusedError("it was cut off: the end of the file is missing")
    try:
        document = pdf_oxide.PdfDocument(source)
        if not document.authenticate(""):
            raise RefusedError("it is encrypted: save it without a password")
        pages = document.page_count()
    except (OSError, ValueError, RuntimeError) as error:
        raise RefusedError(f"it is no PDF that can be read: {error}") from error
    if pages > MAX_PAGES:
        raise OverLimitError(f"it has {pages:,} pages, {MAX_PAGES:,} are read: split it")
    headings = _headings(document)
    for place in range(pages):
        try:
            text = document.to_markdown(place, include_images=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise RefusedError(f"its page {place + 1} cannot be read: {error}") from error
        page = _page(text, headings.get(place, {}))
        if place == 0:
            first = _FIRST_HEADING.match(page)
            out.write(f"@title {plain_line(_title(raw) or (first[1] if first else ''))}\n")
        out.write(f"\n{mark('page', place + 1)}\n\n{page}\n")


def _title(raw: bytes) -> str:
    """The title of the document's properties; "" for what programs write by themselves, and where it is packed."""
    place = None if b"/Encrypt" in raw else _INFO.search(raw[-_TAIL_BYTES:])
    properties = re.search(rb"(?<!\d)%b %b obj(.{0,20000}?)endobj" % place.groups(), raw, re.S) if place else None
    found = _TITLE.search(properties[1]) if properties else None
    if not found:
        return ""
    if found["hex"]:
        digits = re.sub(rb"\s", b"", found["hex"])
        text = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        text = _ESCAPE.sub(_unescaped, found["text"])
    title = text.decode("utf-16", "replace") if text[:2] in (b"\xfe\xff", b"\xff\xfe") else text.decode("latin-1")
    return "" if _NO_TITLE.match(title) else title


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 255]) if sign.isdigit() else {b"n": b" ", b"r": b" ", b"t": b" "}.get(sign, sign)


def _headings(document: Any) -> Mapping[int, Mapping[str, int]]:
    """What the outline of the document calls headings, by page: their plain text and level."""
    found: dict[int, dict[str, int]] = {}
    for level, entry in _entries(document.get_outline() or []):
        page = entry.get("page")
        if isinstance(page, int):
            found.setdefault(page, {})[_plain(str(entry.get("title", "")))] = min(level, 6)
    return found


def _entries(outline: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    waiting = [(1, entry) for entry in reversed(outline)]
    for _ in range(_MAX_OUTLINE):
        if not waiting:
            return
        level, entry = waiting.pop()
        yield level, entry
        waiting += [(level + 1, child) for child in reversed(entry.get("children") or [])]


def _page(text: str, headings: Mapping[str, int]) -> str:
    """The page's markdown: headings of the outline are headings, and what looks like HTML is text."""
    lines, fence = [], ""
    for line in text.replace("\r\n", "\n").split("\n"):
        opening = _FENCE.match(line)
        if opening and fence in ("", opening[1]):
            fence = "" if fence else opening[1]
        elif not fence:
            line = _TAG.sub(r"\\<", _IMAGE.sub(r"\1", line))
            level = headings.get(_plain(line)) if line.strip() else None
            if level:
                line = f"{'#' * level} {line.lstrip('# ').strip('*')}"
        else:
            line = _TAG.sub("<\u2060", line) if line.startswith("<!--") else line
        lines.append(line)
    return "\n".join([*lines, fence] if fence else lines)


def _plain(line: str) -> str:
    """A heading without signs, numbering and case."""
    words = _SIGNS.sub("", plain_line(line)).strip()
    return _NUMBERING.sub("", words).casefold()
