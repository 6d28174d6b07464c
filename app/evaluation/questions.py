"""Question files: found, read and validated, with every mistake named by file and line."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from footnote.app.core.errors import QuestionFileError
from footnote.app.evaluation.rows import SUFFIXES, Problem, Row, first_of, read_rows
from footnote.app.evaluation.types import Label, Question

GENERATED = "generated"
_NAME = "questions"

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class LabelIn(BaseModel):
    """Where the answer stands."""

    model_config = ConfigDict(extra="forbid")

    path: Filled = Field(description="The page, relative to the docs folder, with forward slashes.")
    heading: Filled | list[Filled] | None = Field(None, description="A heading, or headings from the outermost on.")
    quote: str | None = Field(None, description="Text of the page; white space makes no difference.")


class QuestionIn(BaseModel):
    """One question, as a line of JSONL or an item of a YAML list."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: Filled | None = Field(None, description="Unique; by it a question is found again in a saved run.")
    question: Filled
    answerable: bool = Field(description="Whether the docs answer it.")
    gold: list[LabelIn] = Field([], description="Where they do; several where the answer needs them all.")
    answer: str | None = Field(None, description="The reference answer.")
    tags: list[Filled] = Field([], description="Slices of the report.")
    kind: Filled | None = Field(None, description="One more tag.")
    source: str | None = Field(None, description="Where the question was asked, for people; nothing reads it.")
    generated: bool = Field(False, description="Drafted by `footnote eval --generate`, and not yet reviewed.")

    @field_validator("gold", "tags", mode="before")
    @classmethod
    def _or_none(cls, value: Any) -> Any:
        return [] if value is None else value

    @model_validator(mode="after")
    def _consistent(self) -> "QuestionIn":
        if self.gold and not self.answerable:
            raise ValueError("a question that is not answerable has no `gold`")
        return self


def find_question_files(places: Sequence[Path]) -> list[Path]:
    """The files named, and of each folder those whose names are or end in `questions.jsonl`, `.yaml` or `.yml`.

    Raises:
        QuestionFileError: a place does not exist, or is a file of another kind.
    """
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += sorted(
                file
                for file in place.rglob(f"*{_NAME}.*")
                if file.suffix.lower() in SUFFIXES
                and file.stem.endswith(_NAME)
                and not any(part.startswith(".") for part in file.relative_to(place).parts)
            )
        elif not place.is_file():
            raise QuestionFileError(f"no question file {place}: name a .jsonl or .yaml file, or a folder of them")
        elif place.suffix.lower() not in SUFFIXES:
            raise QuestionFileError(f"{place} is no question file: it must end in .jsonl, .yaml or .yml")
        else:
            found.append(place)
    return list(dict.fromkeys(found))


def read_questions(files: Sequence[Path]) -> list[Question]:
    """The questions of all files, in order.

    Raises:
        QuestionFileError: a file cannot be read, or lines are wrong; the first of them are named.
    """
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            rows = list(read_rows(file))
        except OSError as error:
            raise QuestionFileError(f"cannot read {file}: {error.strerror}") from error
        for row in rows:
            if isinstance(row, Problem):
                problems.append(row)
                continue
            question = _question(row, problems)
            if question is None:
                continue
            before = questions.setdefault(question.id, question)
            if before is not question:
                what = "this id" if "id" in row.fields else "this question, without an id,"
                problems.append(Problem(row.file, row.lines.get("id", row.line), f"{what} is also at {before.origin}"))
    if problems:
        raise QuestionFileError(first_of(problems))
    return list(questions.values())


def require_filled(places: Sequence[Path], questions: Sequence[Question]) -> None:
    """Refuse a file that was named itself and holds no question: it is not what was meant.

    Raises:
        QuestionFileError: there is one.
    """
    filled = {question.origin.rpartition(":")[0] for question in questions}
    for place in places:
        if place.is_file() and str(place) not in filled:
            raise QuestionFileError(f"{place} holds no question: write some into it, or leave it out")


def _question(row: Row, problems: list[Problem]) -> Question | None:
    try:
        given = QuestionIn.model_validate(row.fields)
    except ValidationError as error:
        problems += _problems(row, error)
        return None
    tags = [*given.tags, *([given.kind] if given.kind else []), *([GENERATED] if given.generated else [])]
    return Question(
        id=given.id or given.question,
        text=given.question,
        answerable=given.answerable,
        gold=tuple(_label(label) for label in given.gold),
        answer=(given.answer or "").strip(),
        tags=tuple(dict.fromkeys(tags)),
        generated=given.generated,
        origin=f"{row.file}:{row.line}",
    )


def _label(given: LabelIn) -> Label:
    heading = [given.heading] if isinstance(given.heading, str) else given.heading or []
    return Label(given.path, tuple(heading), (given.quote or "").strip())


def _problems(row: Row, error: ValidationError) -> Iterator[Problem]:
    for one in error.errors(include_url=False):
        # Of the two types of `heading`, the tag that pydantic puts into the place says nothing.
        place = [part for part in one["loc"] if not str(part).startswith(("constrained-", "list["))]
        line = row.lines.get(str(place[0]), row.line) if place else row.line
        name = ".".join(map(str, place))
        if one["type"] == "extra_forbidden":
            known = list((QuestionIn if len(place) == 1 else LabelIn).model_fields)
            close = difflib.get_close_matches(str(place[-1]), known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
            yield Problem(row.file, line, f"unknown field `{name}`: {hint}")
        else:
            message = one["msg"].removeprefix("Value error, ")
            yield Problem(row.file, line, f"`{name}`: {message}" if name else message)
