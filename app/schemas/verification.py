"""A saved answer as it is given to be verified, and what became of its citations."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from footnote.app.schemas.shape import Shape, WholeNumber

# Of a citation that was not written as JSON in between, it is a tuple.
AS_LIST = BeforeValidator(lambda value: list(value) if isinstance(value, tuple) else value)


class SavedCitation(BaseModel):
    """A citation as it was saved; fields that a check does not need are ignored."""

    model_config = ConfigDict(strict=True)

    number: WholeNumber | None = Field(None, description="The n of the answer's [n].")
    path: str
    start_line: WholeNumber
    end_line: WholeNumber
    start: WholeNumber
    end: WholeNumber
    quote: str
    sha256: str
    included_by: Annotated[list[str], AS_LIST] = Field(
        [], max_length=10_000, description="Of a file that is no page: what shows it."
    )
    collection: str | None = Field(None, description="Of an answer from several collections: the one whose page it is.")

    @field_validator("path", "quote")
    @classmethod
    def _text(cls, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("holds half a character (a lone surrogate)") from error
        return value


class SavedAnswer(BaseModel):
    """A saved answer, of which only the citations matter, or a list of citations alone."""

    citations: list[SavedCitation]

    @model_validator(mode="before")
    @classmethod
    def _answer(cls, saved: object) -> object:
        return {"citations": saved} if isinstance(saved, list) else saved


class VerifyIn(SavedAnswer):
    """The same with a bound, since each citation costs a search."""

    citations: list[SavedCitation] = Field(max_length=100)


class PlaceOut(Shape):
    path: str
    start_line: int
    end_line: int
    start: int
    end: int


class CheckedCitationOut(Shape):
    """What became of a citation."""

    number: int | None
    path: str = Field(description="As cited, as are the lines.")
    start_line: int
    end_line: int
    verdict: Literal["valid", "moved", "changed", "gone", "invalid"] = Field(
        description="`valid`: the same bytes at the same lines; `moved`: the same bytes elsewhere; `changed`: edited; "
        "`gone`: nothing like it is left; `invalid`: the citation itself was altered."
    )
    now: PlaceOut | None = Field(description="Where the quote stands now, or what replaced it if `changed`.")
    diff: str | None = Field(description="If `changed`: from the quote to what stands there now, as a unified diff.")
    reason: str | None = Field(description="Why it is `gone` or `invalid`, or what changed where no line did.")


class VerificationOut(BaseModel):
    """`footnote verify --json` and `POST /verify`."""

    docs_dir: str = Field(description="The folder that was searched; empty where it is several, or not told.")
    all_valid: bool
    counts: dict[str, int] = Field(description="Citations by verdict.")
    citations: list[CheckedCitationOut]
