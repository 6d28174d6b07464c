"""The arguments and options that several commands take."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.core.errors import QuestionError

if TYPE_CHECKING:
    from footnote.app.index.filters import QueryFilter

Question = Annotated[
    list[str],
    typer.Argument(
        metavar="QUESTION", help="The question; - reads it from standard input, and after -- all is a question."
    ),
]
IndexDir = Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")]
CollectionName = Annotated[
    str | None, typer.Option("--collection", metavar="NAME", help="Only this docs folder of footnote.toml.")
]
CollectionNames = Annotated[
    list[str] | None,
    typer.Option("--collection", metavar="NAME", help="Only this docs folder of footnote.toml; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
PathFilter = Annotated[str | None, typer.Option("--path", help="Only this file, folder or glob, e.g. guides/.")]
TagFilter = Annotated[list[str] | None, typer.Option("--tag", help="Only files with this tag; may be repeated.")]
FieldFilter = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="NAME=VALUE", help="Only files with this front-matter field; may be repeated."),
]
Llm = Annotated[
    str | None, typer.Option(help="extractive, provider:model, or a .gguf file. Default: FOOTNOTE_LLM, or auto.")
]


def question_text(words: list[str]) -> str:
    """The question that the words make, or that standard input holds if they are one `-`.

    Raises:
        QuestionError: standard input is no UTF-8.
    """
    if words != ["-"]:
        return " ".join(words)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(f"standard input is no UTF-8 text (byte {error.start}): convert it with iconv") from error


def query_filter(path: str | None, tags: list[str] | None, where: list[str] | None) -> "QueryFilter | None":
    """The filter that the options make; None without any."""
    if not (path or tags or where):
        return None
    from footnote.app.index.filters import QueryFilter, parse_fields

    return QueryFilter(path, tuple(tags or ()), parse_fields(where or ()))
