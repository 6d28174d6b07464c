"""The frozen types that every module speaks.

Offsets are **bytes** into the file as it lies on disk (byte order mark and CRLF included), so
`file[start:end]` is the cited text in any language and `sha256` can be checked with `sha256sum`.
Lines are counted from 1, inclusive at both ends; a line ends at LF, CRLF or CR.
"""

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
class StageScore:
    """Where one search stage placed a chunk. `rank` counts from 1, best first."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk with the rank and score of every stage that saw it.

    Attributes:
        lexical: BM25 score, above 0; None when the lexical search did not return the chunk.
        vector: cosine similarity, [-1, 1]; None when the vector search did not return it.
        fused: the weighted mean of both, calibrated, [0, 1].
        reranked: the cross-encoder's logit, unbounded, of the first few the mean of two readings, and the rank in the
            final order, for which the fused score counts too; None before reranking.
    """

    chunk: Chunk
    lexical: StageScore | None
    vector: StageScore | None
    fused: StageScore
    reranked: StageScore | None = None


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


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Where the words of a quote stand as well, word for word."""

    path: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of an answer, checkable without Footnote: the quote's bytes are `file[start:end]`.

    The anchors are those of its chunk; `url` is made of them when links are set up. `table_header` is for the
    reader of a quoted table row, and no part of the quote; `fence` says that the quote is code, as of `Passage`.
    `also_at` are places among the hits that say the same word for word.
    """

    number: int
    path: str
    title: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    start: int
    end: int
    quote: str
    sha256: str
    generation: int
    anchors: Anchors = Anchors()
    url: str | None = None
    table_header: str = ""
    fence: str | None = None
    also_at: tuple[OtherPlace, ...] = ()


# `filter`: no file passes it; `gate`: what was found does not seem to answer; `model`: it says that the passages do not
# answer; `check`: nothing that was written is supported.
RefusedBy = Literal["filter", "gate", "model", "check"]
Verdict = Literal["supported", "unverified", "unsupported", "not checkable"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without its markers.

    Attributes:
        citations: citation numbers.
        verdict: whether the cited passages say it; None before the check.
        reason: why the verdict is not "supported", for the reader; else "".
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict | None = None
    reason: str = ""


PremiseKind = Literal["unnamed", "denied"]


@dataclass(frozen=True, slots=True)
class Premise:
    """What a question takes for granted and the docs nowhere name, or deny.

    Attributes:
        text: a sentence that says so.
        name: what the docs do not name, as the question spells it; "" where a passage denies.
        like: the name of the docs that is most like it, where one is near.
        citations: numbers of the citations of what denies it; none in a refusal.
    """

    kind: PremiseKind
    text: str
    name: str = ""
    like: str | None = None
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page below one heading, that a refusal points the reader to; lines are those of a chunk of it."""

    path: str
    title: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for a question: `files` that passed the filter, of `total_files`; passages that were read."""

    files: int
    total_files: int
    passages: int


@dataclass(frozen=True, slots=True)
class TokenUse:
    prompt: int
    completion: int

    def __add__(self, other: "TokenUse") -> "TokenUse":
        return TokenUse(self.prompt + other.prompt, self.completion + other.completion)


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds per stage; `lexical` and `vector` run at the same time."""

    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    answer: float
    check: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one question.

    Attributes:
        text: the answer with `[n]` markers, or a sentence saying that the docs do not answer.
        mode: "extractive" (verbatim quotes) or "llm".
        model: what wrote it: "extractive", or the language model's name.
        refused: True when the docs do not answer; then `sentences` and `citations` are empty.
        refused_by: which stage refused; None when not refused.
        refusal_reason: why, for the reader; None when not refused.
        answerability: the probability that the docs answer the question, [0, 1]; None where it is not known.
        nearest: of a refusal, the sections that came nearest, best first; else empty.
        premises: what is wrong with the question; `text`, or the reason of a refusal, says it first.
        truncated: True when the limit on tokens ended a written answer early.
        unknown_markers: markers the model made up, removed from `text`.
        dropped: sentences that were left out of the answer, because no passage supports them.
        check_failed: why the verdicts are those of the rules although a language model was asked for a second opinion;
            None when nothing failed.
        tokens: of the language model that wrote the answer and of the second opinion; None where neither says.
    """

    question: str
    text: str
    mode: str
    model: str
    refused: bool
    refused_by: RefusedBy | None
    refusal_reason: str | None
    answerability: float | None
    nearest: tuple[Section, ...]
    searched: Searched
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    premises: tuple[Premise, ...]
    truncated: bool
    unknown_markers: int
    dropped: tuple[Sentence, ...]
    check_failed: str | None
    hits: tuple[Hit, ...]
    generation: int
    timings: Timings
    tokens: TokenUse | None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two models interchangeable: a name and the sha256 of the weights ("" if remote)."""

    name: str
    sha256: str


# What was not read: a folder with all that is in it, the patterns of an ignore file, a page, or only its front matter.
Lost = Literal["folder", "patterns", "page", "front matter"]
_GRAVEST_FIRST: tuple[Lost, ...] = ("folder", "patterns", "page", "front matter")


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, or read with a loss, and why.

    Attributes:
        sha256: of a page that was read and yet left out; else "".
    """

    path: str
    reason: str
    detail: str = ""
    lost: Lost = "page"
    sha256: str = ""

    @property
    def is_left_out(self) -> bool:
        """Whether no text of it is in the index: it was not only read with a loss."""
        return self.lost in ("folder", "page")

    @property
    def gravity(self) -> tuple[int, str]:
        """Sorts what loses most first, then by path."""
        return _GRAVEST_FIRST.index(self.lost), self.path
