"""ingests: what an index was made with, and what was left out of it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two models interchangeable: a name and the sha256 of the weights ("" if remote)."""

    name: str
    sha256: str


# What was not read: a folder with all that is in it, the patterns of an ignore file, a page, only its front matter, or
# a file that the page shows a part of.
Lost = Literal["folder", "patterns", "page", "front matter", "include"]
_GRAVEST_FIRST: tuple[Lost, ...] = ("folder", "patterns", "page", "front matter", "include")


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
