"""chunks: an exact slice of a file, and what is known of it from its page."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts

MetadataValue: TypeAlias = "str | int | float | bool | None | list[MetadataValue] | dict[str, MetadataValue]"
Metadata: TypeAlias = Mapping[str, MetadataValue]
PartKind = Literal["sentence", "item", "row", "code", "line"]
# Who makes ids of headings: `docusaurus` is all that are built on github-slugger, `pymdownx` MkDocs with the slugs of
# pymdown-extensions.
AnchorStyle = Literal[
    "github", "docusaurus", "vitepress", "mkdocs", "pymdownx", "hugo", "jekyll", "sphinx", "mystmd", "mdbook"
]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a chunk that can stand as a quote.

    Attributes:
        start, end: characters of the chunk's text.
        block: parts of one paragraph, list, table or fence have the same number; it grows along the page.
        label: what the part is about where that stands outside of it: the title of a tab, a question above it.
        table_header: of a row.
        fence: what the fence of this code names, "" for nothing; None where it is no fence.
        is_cut: only a piece of it is in the chunk; of code, then without the markers of its fence.
    """

    kind: PartKind
    start: int
    end: int
    block: int
    label: str = ""
    table_header: str = ""
    fence: str | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Anchors:
    """A heading's id in each style; "" where there is no heading, or where it has none."""

    github: str = ""
    docusaurus: str = ""
    vitepress: str = ""
    mkdocs: str = ""
    pymdownx: str = ""
    hugo: str = ""
    jekyll: str = ""
    sphinx: str = ""
    mystmd: str = ""
    mdbook: str = ""

    def of(self, style: AnchorStyle) -> str:
        """The id in one style."""
        return str(getattr(self, style))


@dataclass(frozen=True, slots=True)
class SectionStart:
    """Where a section begins in a chunk of several, by characters of its text; its headings are as of `Chunk`."""

    start: int
    heading_path: tuple[str, ...]
    anchors: Anchors = Anchors()


@dataclass(frozen=True, slots=True)
class Chunk:
    """An exact slice of one file: a section, a piece of one, or several small ones in a row.

    Attributes:
        id: 32 hex digits; a hash of path, heading path, text and occurrence, so equal input
            gives equal ids.
        path: relative to the docs folder, with forward slashes.
        title: the page's title (front matter, else first level-1 heading, else file name).
        heading_path: headings above the chunk, outermost first; empty before the first heading. Of several sections
            what they have in common.
        text: the bytes `file[start:end]` decoded as UTF-8.
        sha256: of those bytes, in hex.
        metadata: the file's whole front matter.
        anchors: the ids that generators of sites give to the last heading of `heading_path`.
        parts: what of it can be quoted, in order.
        context: of the blocks that it is cut from, what is not in it: a table's header, a label, a lead-in.
        readable: the text without the markup of the site; "" where that is the text itself.
        language: the code of the page's language, such as `pt`; "" where it is not known.
        references: the addresses of links that are defined elsewhere on the page, by their labels as in the text, with
            single spaces; "" for one that only the site knows.
        sections: of a chunk that holds several, in order, the first from 0; empty for all others.
        included_by: of a file that pages show parts of, the paths of these pages; title and headings are then those of
            the section of the first of them that shows the chunk. Empty for a page.
        source_place: of a page that was imported from another format, where the document has it: `page 12`; else "".
    """

    id: str
    path: str
    title: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    start: int
    end: int
    text: str
    sha256: str
    metadata: Metadata = field(default_factory=dict)
    anchors: Anchors = Anchors()
    parts: tuple[Part, ...] = ()
    context: str = ""
    readable: str = ""
    language: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[SectionStart, ...] = ()
    included_by: tuple[str, ...] = ()
    source_place: str = ""

    def apart(self) -> tuple["Chunk", ...]:
        """Each of its sections as a chunk of its own, with the same id and nothing more to be searched by."""
        if not self.sections:
            return (self,)
        starts = [one.start for one in self.sections]
        ends = [len(self.text[:end].rstrip()) for end in (*starts[1:], len(self.text))]
        lines = line_starts(self.text)
        to_byte = byte_offsets(self.text, [*starts, *ends])
        return tuple(
            replace(
                self,
                heading_path=one.heading_path,
                anchors=one.anchors,
                start_line=self.start_line + line_of(lines, one.start),
                end_line=self.start_line + line_of(lines, end - 1),
                start=self.start + to_byte[one.start],
                end=self.start + to_byte[end],
                text=self.text[one.start : end],
                sha256=hashlib.sha256(self.text[one.start : end].encode()).hexdigest(),
                parts=tuple(
                    replace(part, start=part.start - one.start, end=part.end - one.start)
                    for part in self.parts
                    if one.start <= part.start < end
                ),
                context=self.context if one.start == 0 else "",
                readable="",
                sections=(),
            )
            for one, end in zip(self.sections, ends, strict=True)
        )

    def section_of(self, start: int) -> tuple[tuple[str, ...], Anchors]:
        """The headings above the byte `start` of the file, and the ids of the last of them."""
        found, anchors = self.heading_path, self.anchors
        at = len(self.text.encode()[: start - self.start].decode()) if self.sections else 0
        for one in self.sections:
            if one.start <= at:
                found, anchors = one.heading_path, one.anchors
        return found, anchors

    @property
    def breadcrumb(self) -> str:
        """`title > heading > heading`; a first heading equal to the title is not repeated."""
        return self._below_title(self.heading_path)

    def breadcrumb_of(self, start: int) -> str:
        """The same of the section that holds the byte `start` of the file."""
        return self._below_title(self.section_of(start)[0])

    def _below_title(self, headings: tuple[str, ...]) -> str:
        return " > ".join((self.title, *headings[headings[:1] == (self.title,) :]))

    @property
    def text_in_context(self) -> str:
        """The slice below what the blocks say that it is cut from."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @property
    def read_text(self) -> str:
        """The same as a reader sees it: without the site's markup."""
        readable = self.readable or self.text
        return f"{self.context}\n{readable}" if self.context else readable

    @property
    def index_text(self) -> str:
        """What is embedded, indexed and reranked: the breadcrumb, then what is read."""
        return f"{self.breadcrumb}\n\n{self.read_text}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous part of a chunk: sentence, list item, table row or code lines.

    `start` and `end` are byte offsets in the file, as for `Chunk`. `label` is the title of the tab or
    admonition around it, "" outside of one: "Windows" is often nowhere else. `table_header` is the header row
    of the table whose row this is, "" elsewhere. `fence` is what the fence names whose lines these are without its
    markers; None for all else.
    """

    text: str
    start: int
    end: int
    start_line: int
    end_line: int
    label: str = ""
    table_header: str = ""
    fence: str | None = None
