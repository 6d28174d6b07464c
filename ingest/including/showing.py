"""showing: a file, and what pages show of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.including.select import Lines
from footnote.app.core.types import Include

# What pages are written in; of other markup it is the nearest that is read.
_MARKDOWN = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc")


@dataclass(frozen=True, slots=True)
class Showing:
    """What one page shows of a file; title and language are the page's."""

    page: str
    title: str
    language: str
    include: Include


@dataclass(frozen=True, slots=True)
class ShownLines:
    """The same with the runs of lines that are meant."""

    showing: Showing
    runs: tuple[Lines, ...]

    @property
    def line_count(self) -> int:
        """How many lines it shows."""
        return sum(end - first for first, end in self.runs)

    def shows(self, first: int, end: int) -> bool:
        """Whether it shows one of these lines."""
        return any(first < run_end and run_first < end for run_first, run_end in self.runs)


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as it was read, with all that is shown of it, by page and place on it."""

    file: FoundFile
    text: str
    sha256: str
    size_bytes: int
    shown: tuple[ShownLines, ...]

    @property
    def is_markdown(self) -> bool:
        """Whether what is shown of it is prose."""
        return is_markdown(self.file.path)

    @property
    def included_by(self) -> tuple[str, ...]:
        """The pages, in order."""
        return tuple(dict.fromkeys(one.showing.page for one in self.shown))

    @property
    def shown_as(self) -> str:
        """A hash of all that its chunks are made of beside its bytes, in hex."""
        said = [[one.runs, asdict(one.showing)] for one in self.shown]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def is_markdown(path: str) -> bool:
    """Whether a file is cut as a page is."""
    return PurePosixPath(path).suffix.lower() in _MARKDOWN


def pages_of(shown: Sequence[ShownLines], owner: ShownLines, first: int, end: int) -> tuple[str, ...]:
    """The pages that show one of these lines: the owner's, then the others in order."""
    others = (one.showing.page for one in shown if one.shows(first, end))
    return tuple(dict.fromkeys((owner.showing.page, *others)))
