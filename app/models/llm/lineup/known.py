"""known: what is known of models by name: when the provider shuts one down, and what its tokens cost."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_BUILT_IN = Path(__file__).with_name("known_models.toml")
_SNAPSHOT = re.compile(r"(.+)-[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When the provider shuts a model down, and what it names in its place; None where it names nothing."""

    model: str
    ends: date
    successor: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens; without a price of their own, cached prompt tokens cost what others do."""

    input_usd: float
    output_usd: float
    cached_input_usd: float | None = None

    def of(self, prompt: int, completion: int, cached: int = 0) -> float:
        """USD for so many tokens; `cached` are those of `prompt` that the provider had read before."""
        cached_usd = self.input_usd if self.cached_input_usd is None else self.cached_input_usd
        return ((prompt - cached) * self.input_usd + cached * cached_usd + completion * self.output_usd) / _MILLION


_Usd = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]  # a dollar a token: more is a slip


class KnownModel(BaseModel):
    """An entry of a file of known models; `training_usd` is per million tokens and epoch. None is built in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ends: date | None = None
    successor: str | None = None
    input_usd: _Usd | None = None
    cached_input_usd: _Usd | None = None
    output_usd: _Usd | None = None
    training_usd: _Usd | None = None

    @model_validator(mode="after")
    def _whole_price(self) -> "KnownModel":
        given = {self.input_usd is None, self.output_usd is None}
        if given == {True, False} or (given == {True} and self.cached_input_usd is not None):
            raise ValueError("a price has both input_usd and output_usd")
        return self

    @property
    def price(self) -> Price | None:
        """None where the entry has none."""
        if self.input_usd is None or self.output_usd is None:
            return None
        return Price(self.input_usd, self.output_usd, self.cached_input_usd)


KnownModels = Mapping[str, KnownModel]
_FILE = TypeAdapter(dict[str, KnownModel])


def lifetime(model: str) -> Lifetime | None:
    """How long a model of OpenAI lives, with the prefix `openai:` or without; None where no end is known.

    A dated snapshot ends with its model, and a fine-tune with what it was tuned from.
    """
    name = model.removeprefix("openai:")
    base = name.split(":")[1] if name.startswith("ft:") else name
    found = entry(base, _built_in())
    return Lifetime(name, found.ends, found.successor) if found and found.ends else None


def price(model: str) -> Price | None:
    """What a model of OpenAI costs at OpenAI, named as for `lifetime`; None where no price is known."""
    found = entry(model.removeprefix("openai:"), _built_in())
    return found.price if found else None


def entry(name: str, models: KnownModels) -> KnownModel | None:
    """The entry of exactly this name; or, for a dated snapshot or a fine-tune, of what it is one of."""
    return next((models[one] for one in _spellings(name) if one in models), None)


def read_known(file: Path) -> KnownModels:
    """The entries of a file by name.

    Raises:
        OSError: it cannot be read.
        ValueError: it is malformed; the message says where.
    """
    try:
        return _FILE.validate_python(tomllib.loads(file.read_text("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8: save it as that") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden" and isinstance(first["input"], dict):
            raise ValueError(f'{where}: put a name with a dot into quotes: ["{where}"]') from error
        raise ValueError(f"{where}: {_readable(first)}") from error


def _readable(problem: "ErrorDetails") -> str:
    fields = list(KnownModel.model_fields)
    if problem["type"] == "model_type":
        return f"must be a table named after a model, such as [gpt-4o], with any of {', '.join(fields)}"
    if problem["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(problem["loc"][-1]), fields, n=1)
        return "is unknown; " + (f"did you mean {close[0]}?" if close else f"known are {', '.join(fields)}")
    return problem["msg"].removeprefix("Value error, ")


def _spellings(name: str) -> Iterator[str]:
    """The name, and shorter ones that hold for it too."""
    yield name
    model = "ft:" + name.split(":")[1] if name.startswith("ft:") else name
    yield model
    if dated := _SNAPSHOT.fullmatch(model):
        yield dated[1]


@cache
def _built_in() -> KnownModels:
    return read_known(_BUILT_IN)
