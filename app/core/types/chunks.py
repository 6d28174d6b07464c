"""chunks: an exact slice of a file, and what is known of it from its page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

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
class Chunk:
    """An exact slice of one file.

    Attributes:
        id: 32 hex digits; a hash of path, heading path, text and occurrence, so equal input
            gives equal ids.
        path: relative to the docs folder, with forward slashes.
        title: the page's title (front matter, else first level-1 heading, else file name).
        heading_path: headings above the chunk, outermost first; empty before the first heading.
        text: the bytes `file[start:end]` decoded as UTF-8.
        sha256: of those bytes, in hex.
        metadata: the file's whole front matter.
        anchors: the ids that generators of sites give to the last heading of `heading_path`.
        parts: what of it can be quoted, in order.
        context: of the blocks that it is cut from, what is not in it: a table's header, a label, a lead-in.
        readable: the text without the markup of the site; "" where that is the text itself.
        references: the addresses of links that are defined elsewhere on the page, by their labels as in the text, with
            single spaces; "" for one that only the site knows.
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
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def breadcrumb(self) -> str:
        """`title > heading > heading`; a first heading equal to the title is not repeated."""
        headings = self.heading_path
        if headings and headings[0] == self.title:
            headings = headings[1:]
        return " > ".join((self.title, *headings))

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
