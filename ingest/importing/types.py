"""What the stages of an import hand to each other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """A document that may be imported.

    Attributes:
        root: the folder that it was named by, or that holds it.
        path: relative to `root`, with forward slashes.
        target: of its markdown, relative to the folder that is written.
        ending: of its name, in lower case and without the dot; what its format is told by.
    """

    root: Path
    path: str
    ending: str

    @property
    def location(self) -> Path:
        return self.root / self.path

    @property
    def target(self) -> str:
        return target_of(self.path)


def target_of(path: str) -> str:
    """The path of the markdown of a document, in the folder that is written."""
    return f"{path}.md"


@dataclass(frozen=True, slots=True)
class Converted:
    """A document as markdown.

    Attributes:
        title: what it calls itself; "" where it does not.
        body: its text, with a mark where a page, slide or sheet begins.
        parts: how many pages, slides or sheets it has; None where its format has none.
        left_out: what of it is hidden or in other files, and so not in `body`, in words; "" where nothing is.
    """

    title: str
    body: str
    parts: int | None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A document, or a markdown file that was not written or removed, and why; or what of a document was left out."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftAside:
    """How many files of a format that is not imported lie among the documents.

    `ending` is as of `Source`; "" where the name has none.
    """

    ending: str
    files: int


Deed = Literal["added", "changed", "removed", "unchanged"]
