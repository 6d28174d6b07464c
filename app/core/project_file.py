"""The project file, `footnote.toml`: what has more to it than a variable of the environment can hold.

Everything in it is optional. What is not known is refused, so that a slip of the pen does not pass for a default.
"""

import difflib
import re
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from footnote.app.core.errors import SettingsError
from footnote.app.core.oidc_settings import OidcSettings
from footnote.app.core.setting_groups import PREFIX
from footnote.app.core.settings import SETTINGS

PROJECT_FILE = Path("footnote.toml")
_MOST_BYTES = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_OWN_KEYS = frozenset({"docs", "index", "title", "public"})
_GROUPS = """
store ingest models embedding_service search gate query_rewrite llm split check second_opinion judge links questions
kept_answers replica usage git
"""
OF_COLLECTIONS = tuple(_GROUPS.split())  # the groups of settings that each may have for itself
_BESIDE_THEM = frozenset({"suggested_questions"})
# Keys do not lie in a file that is kept with the docs.
_SECRETS = frozenset(one.name for one in SETTINGS.values() if SecretStr.__name__ in str(one.info.annotation))
SETTINGS_OF_COLLECTIONS = (
    frozenset(one.name for one in SETTINGS.values() if one.group in OF_COLLECTIONS) | _BESIDE_THEM
) - _SECRETS


class CollectionTable(BaseModel):
    """A table `[collections.NAME]`: its own keys, and every setting that makes sense for one collection.

    Attributes:
        docs: the docs folder; None of what follows a source.
        index: the index folder; None for the usual place.
        title: what readers see; "" for the name.
        public: whether it may be asked by who shows no key, where keys are asked for.
        settings: the others, as their variables are called but in small letters and without FOOTNOTE_. Only their names
            are checked here; `collections.py` makes settings of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    docs: str | None = Field(None, min_length=1)
    index: str | None = Field(None, min_length=1)
    title: str = Field("", max_length=200)
    public: bool = False
    settings: Mapping[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _with_settings(cls, table: object) -> object:
        if not isinstance(table, dict):
            return table
        own = {key: value for key, value in table.items() if key in _OWN_KEYS}
        settings = {key: value for key, value in table.items() if key not in _OWN_KEYS}
        for key in settings:
            if key in SETTINGS and key not in SETTINGS_OF_COLLECTIONS:
                raise ValueError(f"`{key}` {_why_not(key)}: set {SETTINGS[key].variable}")
            if key not in SETTINGS_OF_COLLECTIONS:
                meant = key.casefold().removeprefix(PREFIX.casefold())  # as of a variable, too
                close = difflib.get_close_matches(meant, sorted(_OWN_KEYS | SETTINGS_OF_COLLECTIONS), n=1)
                hint = f"did you mean `{close[0]}`?" if close else "docs/collections.md lists what there is"
                raise ValueError(f"there is no `{key}`: {hint}")
        if "docs" not in own and "follow" not in settings:
            raise ValueError("names no docs: write docs = followed by the docs folder")
        return {**own, "settings": settings}


class Project(BaseModel):
    """All sections of the file; the collections in its order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    oidc: OidcSettings | None = None
    collections: Mapping[str, CollectionTable] = {}

    @field_validator("collections", mode="before")
    @classmethod
    def _are_names(cls, tables: object) -> object:
        for name in tables if isinstance(tables, dict) else ():
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f"{name!r}: a name has small letters, digits and hyphens alone, at most 41, and no hyphen first"
                )
        return tables


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


def _why_not(key: str) -> str:
    if key in _SECRETS:
        return "is a key, and does not stand in this file"
    if key in ("docs_dir", "index_dir"):
        return f"is called {key.removesuffix('_dir')} here; for what is outside of the collections"
    return "is one of the whole service"


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
