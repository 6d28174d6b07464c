"""cut: what is shown of a file, in chunks that are exact slices of it.

Each line is cut once, in the section that shows most of the file around it; the names of other sections that show it
are searched with it. Code is cut between lines, where it can be between blocks; markdown as a page is.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.front_matter import text_start
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts
from footnote.app.core.types import Chunk, Part, SectionStart
from footnote.ingest.including.showing import ShownFile, ShownLines, pages_of
from footnote.ingest.split import chunk_id, split_document
from footnote.ingest.types import Document

_MAX_CONTEXT_CHARS = 300  # as of a page
_LANGUAGES = {
    "cjs": "javascript",
    "htm": "html",
    "js": "javascript",
    "jsx": "javascript",
    "kt": "kotlin",
    "mjs": "javascript",
    "py": "python",
    "pyi": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "ts": "typescript",
    "tsx": "typescript",
    "txt": "text",
    "yml": "yaml",
}


def chunks_of(file: ShownFile, rules: IngestSettings, site: Flavour) -> list[Chunk]:
    """The chunks of all that is shown of a file, in its order.

    Raises:
        CostlyPageError: of markdown, as `split_document`.
    """
    cut = _prose if file.is_markdown else _code
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    chunks = []
    for owner, first, end in _owned(file):
        for chunk in cut(file, owner, first, end, rules, site):
            number = seen[chunk.heading_path, chunk.text]
            seen[chunk.heading_path, chunk.text] += 1
            chunks.append(replace(chunk, id=chunk_id(chunk.path, chunk.heading_path, chunk.text, number)))
    return chunks


def _owned(file: ShownFile) -> Iterator[tuple[ShownLines, int, int]]:
    """Runs of lines, each with what shows them: of several that which shows most, of equal ones the first."""
    owners: dict[int, ShownLines] = {}
    taken: set[tuple[int, int]] = set()  # or a thousand pages that show the same would be looked at line by line
    for one in sorted(file.shown, key=lambda one: -one.line_count):
        for first, end in one.runs:
            if (first, end) not in taken:
                taken.add((first, end))
                for line in range(first, end):
                    owners.setdefault(line, one)
    start, before = -1, -2
    for line in [*sorted(owners), -1]:
        if before >= 0 and (line != before + 1 or owners[line] is not owners[before]):
            yield owners[before], start, before + 1
            start = line
        elif before < 0:
            start = line
        before = line


def _code(
    file: ShownFile, owner: ShownLines, first: int, end: int, rules: IngestSettings, _: Flavour
) -> Iterator[Chunk]:
    starts = [*line_starts(file.text), len(file.text)]
    spans = list(_pieces(file.text, starts, first, end, rules.chunk_size_chars))
    to_byte = byte_offsets(file.text, [offset for span in spans for offset in span])
    include = owner.showing.include
    ending = PurePosixPath(file.file.path).suffix.lower().removeprefix(".")
    language = include.language or _LANGUAGES.get(ending, ending)
    for start, stop in spans:
        text = file.text[start:stop]
        start_line, end_line = line_of(starts, start), line_of(starts, stop - 1) + 1
        yield Chunk(
            id="",
            path=file.file.path,
            title=owner.showing.title,
            heading_path=include.heading_path,
            start_line=start_line + 1,
            end_line=end_line,
            start=to_byte[start],
            end=to_byte[stop],
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            anchors=include.anchors,
            parts=(Part("code", 0, len(text), 0, fence=language, is_cut=True),),
            context=_context(file, owner, start_line, end_line),
            language=owner.showing.language,
            included_by=pages_of(file.shown, owner, start_line, end_line),
        )


def _prose(
    file: ShownFile, owner: ShownLines, first: int, end: int, rules: IngestSettings, site: Flavour
) -> Iterator[Chunk]:
    starts = [*line_starts(file.text), len(file.text)]
    to_byte = byte_offsets(file.text, [starts[first], starts[end] if end < len(starts) else len(file.text)])
    raw, include = file.text.encode(), owner.showing.include
    begin = text_start(raw) if first == 0 else to_byte[starts[first]]
    document = Document(file.file.path, raw[: max(to_byte.values())], begin, owner.showing.title, {}, "", 0)
    if begin >= len(document.raw):
        return
    above = include.heading_path
    for chunk in split_document(
        document, rules.chunk_size_chars, rules.chunk_overlap_chars, site, rules.small_section_chars
    ):
        yield replace(
            chunk,
            heading_path=above + chunk.heading_path,
            anchors=chunk.anchors if chunk.heading_path else include.anchors,
            sections=tuple(
                SectionStart(one.start, above + one.heading_path, one.anchors if one.heading_path else include.anchors)
                for one in chunk.sections
            ),
            language=owner.showing.language,
            included_by=pages_of(file.shown, owner, chunk.start_line - 1, chunk.end_line),
        )


def _pieces(text: str, starts: Sequence[int], first: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Characters of lines `[first, end)` in pieces of at most `size`, without blank lines around them."""
    line = first
    while line < end:
        if not text[starts[line] : starts[line + 1]].strip():
            line += 1
            continue
        begin = starts[line] + text.startswith("\ufeff", starts[line])
        last = line + 1
        while last < end and _trimmed_end(text, begin, starts[last + 1]) - begin <= size:
            last += 1
        if last < end:
            last = _between_blocks(text, starts, line, last)
        stop = _trimmed_end(text, begin, starts[last])
        while stop - begin > size:  # one line
            yield begin, begin + size
            begin += size
        if text[begin:stop].strip():
            yield begin, stop
        line = last


def _between_blocks(text: str, starts: Sequence[int], first: int, last: int) -> int:
    """The line above which code is best cut: below a blank line, and the less indented the better, not too early."""
    best, indentation = last, 1_000
    for line in range(last, first + (last - first) // 2, -1):
        here = text[starts[line] : starts[line + 1]]
        is_below_blank = not text[starts[line - 1] : starts[line]].strip()
        width = len(here) - len(here.lstrip())
        if is_below_blank and here.strip() and width < indentation:
            best, indentation = line, width
    return best


def _trimmed_end(text: str, begin: int, end: int) -> int:
    return begin + len(text[begin:end].rstrip())


def _context(file: ShownFile, owner: ShownLines, first: int, end: int) -> str:
    """What stands above the lines where they are shown, and the names of other sections that show them."""
    above = owner.showing.include.above
    own = owner.showing.include.heading_path[-1:] or (owner.showing.title,)
    others = dict.fromkeys(
        (one.showing.include.heading_path[-1:] or (one.showing.title,))[0]
        for one in file.shown
        if one is not owner and one.shows(first, end)
    )
    names = ", ".join(name for name in others if name not in own)
    return "\n".join(filter(None, (above, names)))[:_MAX_CONTEXT_CHARS]
