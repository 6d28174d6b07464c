"""The collections of a service: `GET /collections`."""

from pydantic import BaseModel, Field

from footnote.app.schemas.shape import is_none


class CollectionOut(BaseModel):
    name: str = Field(description="As `collection` of a request takes it.")
    title: str = Field(description="For readers; empty where there is only one.")
    ready: bool = Field(description="Whether it can answer now.")
    generation: int | None = Field(description="That is served; null while there is none.")
    documents: int = Field(description="Pages that you may read.")
    languages: dict[str, int] = Field(description="Pages by language, the most first.")
    problem: str | None = Field(
        None, description="Why it cannot; told to those who have the scope `admin` there.", exclude_if=is_none
    )


class CollectionsOut(BaseModel):
    """Those in which the caller may do anything, in the order of footnote.toml."""

    collections: list[CollectionOut]
    problem: str | None = Field(
        None,
        description="Why what footnote.toml says now is not served; for those who have the scope `admin` everywhere.",
    )
