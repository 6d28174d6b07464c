"""What is wrong with a request's body before its fields are looked at: not JSON by its header, or not by its text."""

import re
from email.message import Message

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from footnote.app.core.errors import PROBLEM_TYPE
from footnote.app.schemas.problem import Problem

_HEADER = "`Content-Type: application/json`"
_KIND = re.compile(r"constrained-\w+|\w+\[.+\]")  # how Pydantic names one of the kinds that a field may be of
_OBJECT_WANTED = ("dict_type", "model_type", "model_attributes_type")


def body_problem(request: Request, error: RequestValidationError) -> Problem | None:
    """Why the body could not be read as JSON; None where it could, and has another shape."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _invalid_json(f"{first['ctx']['error']} at {_place(str(error.body), first['loc'][-1])}")
    in_body = any(one["loc"][:1] == ("body",) for one in error.errors())
    if in_body and error.body and not _says_json(request):
        sent = request.headers.get("content-type")
        return Problem(
            type=PROBLEM_TYPE + "unsupported-media-type",
            title="Unsupported media type",
            status=415,
            detail=f"send the body as JSON with the header {_HEADER}; {f'it was {sent}' if sent else 'there was none'}",
        )
    return None


def wrong_fields(error: RequestValidationError) -> list[tuple[str, str]]:
    """Place and words for each part of a request that has another shape; the place of a body as a whole is "".

    Of a field that may be of several kinds Pydantic says what is wrong with each: the kind that was meant is enough.
    """
    by_place: dict[str, list[tuple[bool, str]]] = {}
    for one in error.errors():
        parts = [str(part) for part in one["loc"][1:]]
        place = ".".join(part for part in parts if not _KIND.fullmatch(part))
        is_other_kind = one["type"].endswith("_type") and any(_KIND.fullmatch(part) for part in parts)
        what = "a JSON object is expected" if one["type"] in _OBJECT_WANTED else one["msg"]
        by_place.setdefault(place, []).append((is_other_kind, what))
    said = []
    for place, found in by_place.items():
        meant = [what for is_other_kind, what in found if not is_other_kind] or [what for _, what in found]
        said.append((place, ", or: ".join(dict.fromkeys(meant))))
    return said


def unreadable_body(error: BaseException | None) -> Problem | None:
    """The same for what the parser itself choked on: `error` is its own, None if there is none."""
    if isinstance(error, UnicodeDecodeError):
        return _invalid_json(f"not UTF-8 (byte {error.start}): JSON is sent as UTF-8, whatever the header says")
    if isinstance(error, RecursionError):
        return _invalid_json("nested too deeply")
    return None


def _invalid_json(why: str) -> Problem:
    return Problem(
        type=PROBLEM_TYPE + "invalid-json", title="Invalid JSON", status=422, detail=f"the body is no JSON: {why}"
    )


def _place(body: str, position: object) -> str:
    """The line and the column of a position, both from 1."""
    before = body[: position if isinstance(position, int) else 0]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def _says_json(request: Request) -> bool:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "text/plain")
    subtype = header.get_content_subtype()
    return header.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))
