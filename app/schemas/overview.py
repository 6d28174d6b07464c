"""What the page in the browser needs to begin with: `GET /overview`."""

from pydantic import BaseModel, Field


class FolderOut(BaseModel):
    path: str = Field(description="With a slash at its end, as a filter takes it.")
    files: int


class TagOut(BaseModel):
    tag: str
    files: int


class OverviewOut(BaseModel):
    """What can be asked, of what, and what else this service does."""

    generation: int
    created_at: str = Field(description="When that generation was built: ISO 8601, in UTC.")
    files: int
    folders: list[FolderOut] = Field(description="Of the first two levels, those with most files, by path.")
    tags: list[TagOut] = Field(description="The most used first.")
    questions: list[str] = Field(description="Suggested: FOOTNOTE_SUGGESTED_QUESTIONS, or made of the docs' headings.")
    keeps_questions: bool = Field(description="Whether `POST /feedback` takes what readers say.")
    can_share: bool = Field(description="Whether `POST /answers` saves answers, to be shared.")
    can_ingest: bool = Field(
        description="Whether an ingest can be started with a key: an admin key is set, or the service asks for keys."
    )
    can_sign_in: bool = Field(
        False, description="Whether a key or token may show more: the service asks for one, and you sent none."
    )
