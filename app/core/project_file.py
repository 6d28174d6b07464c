"""The project file, `footnote.toml`: what has more to it than a variable of the environment can hold.

Everything in it is optional. What is not known is refused, so that a slip of the pen does not pass for a default.
"""

import difflib
import tomllib
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from footnote.app.core.errors import SettingsError
from footnote.app.core.oidc_settings import OidcSettings

PROJECT_FILE = Path("footnote.toml")
_MOST_BYTES = 1_000_000


class Project(BaseModel):
    """All sections of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    oidc: OidcSettings | None = None


def load_project(path: Path | None) -> Project:
    """What the file says; that of the working folder for None, and without one an empty project.

    Raises:
        SettingsError: the file is missing or cannot be read, or something in it is unknown or malformed.
    """
    if path is None and not PROJECT_FILE.exists():
        return Project()
    file = path or PROJECT_FILE
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES + 1)
        if len(text) > _MOST_BYTES:
            raise SettingsError(f"{file} has more than {_MOST_BYTES:,} bytes: is it the file that you meant?")
        sections = tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"cannot read {file} ({reason}): name another file with FOOTNOTE_CONFIG") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{file} is no TOML: {error}") from error
    try:
        return Project.model_validate(sections)
    except ValidationError as error:
        problems = "; ".join(_readable(one) for one in error.errors())
        raise SettingsError(f"{file}: {problems}") from error


def _readable(problem: ErrorDetails) -> str:
    place = problem["loc"]
    if problem["type"] == "extra_forbidden":
        known = sorted(_fields_at(place[:-1]))
        close = difflib.get_close_matches(str(place[-1]), known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
        return f"{_section(place[:-1])} has no `{place[-1]}`: {hint}"
    if problem["type"] == "missing":
        return f"{_section(place[:-1])} lacks `{place[-1]}`"
    return f"{_section(place)}: {problem['msg'].removeprefix('Value error, ')}"


def _section(place: tuple[int | str, ...]) -> str:
    """`oidc.grants, number 2, scopes`: where in the file, as somebody would look for it."""
    parts = ["the file"] if not place else []
    for part in place:
        if isinstance(part, int):
            parts.append(f"number {part + 1}")
        elif parts and not parts[-1].startswith("number "):
            parts[-1] += f".{part}"
        else:
            parts.append(part)
    return ", ".join(parts)


def _fields_at(place: tuple[int | str, ...]) -> set[str]:
    """The keys that are known there."""
    models: list[type[BaseModel]] = [Project]
    for part in place:
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        if fields:  # numbers and names of tables lead into what the field holds
            models = [model for field in fields for model in _models_in(field.annotation)]
    return {name for model in models for name in model.model_fields}


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _models_in(part)]
