"""Reading a saved answer, of which only the citations matter."""

import sys
from pathlib import Path

from pydantic import ValidationError

from footnote.app.core.errors import SavedAnswerError
from footnote.app.schemas.verification import SavedAnswer, SavedCitation


def read_citations(saved: bytes) -> list[SavedCitation]:
    """The citations of a saved answer: the JSON of `footnote ask --json`, or a list of citations alone.

    Raises:
        SavedAnswerError: it is neither.
    """
    try:
        return SavedAnswer.model_validate_json(saved.removeprefix(b"\xef\xbb\xbf")).citations
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        detail = f"{where}: {first['msg']}" if where else first["msg"]
        raise SavedAnswerError(
            f"this is no saved answer ({detail}): give the output of `footnote ask --json`, or its `citations`"
        ) from error


def read_saved(file: str) -> bytes:
    """The contents of a file, or of standard input for "-".

    Raises:
        SavedAnswerError: the file cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SavedAnswerError(f"cannot read {file}: {error.strerror}") from error
