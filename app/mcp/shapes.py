"""shapes: what the tools give where no other door gives the same.

Those of `search` and `fetch` are the ones that ChatGPT's connectors and deep research expect.
"""

from pydantic import BaseModel, Field

from footnote.app.schemas.shape import Shape
from footnote.app.schemas.verification import CheckedCitationOut


class FoundOut(BaseModel):
    id: str = Field(description="For `fetch`.")
    title: str = Field(description="Of the page, and the heading of the best passage.")
    url: str = Field(description="Where the best passage is read.")


class FoundPagesOut(BaseModel):
    """Pages, best first."""

    results: list[FoundOut]


class FetchedMetadataOut(BaseModel):
    path: str = Field(description="The file, relative to the docs folder.")
    generation: int = Field(description="The index generation that it is read from.")
    sha256: str = Field(description="Of the bytes of the whole file.")
    first_line: int = Field(description="Of `text`, from 1.")
    last_line: int
    total_lines: int = Field(description="Of the whole page.")
    next_id: str | None = Field(description="The id of what follows where the page is too long; null if nothing does.")


class FetchedOut(BaseModel):
    """A page as it is in its file."""

    id: str
    title: str
    text: str
    url: str
    metadata: FetchedMetadataOut


class ListedDocOut(Shape):
    id: str = Field(description="The path, relative to the docs folder, and the id for `fetch`.")
    title: str
    tags: list[str]
    language: str = Field(description="ISO 639-1; empty where it is not known.")
    size_bytes: int
    uri: str = Field(description="Of the page as a resource.")


class ListedDocsOut(BaseModel):
    """Pages by path."""

    docs: list[ListedDocOut]
    total: int = Field(description="Pages that match, on all of the list's pages.")
    next_cursor: str | None = Field(description="For the next call; null at the end.")


class VerifiedOut(CheckedCitationOut):
    """What became of a citation."""

    still_there: bool = Field(description="Whether the docs still hold the quote, there or elsewhere.")
