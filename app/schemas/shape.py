"""What the shapes have in common."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.config import JsonDict

# For the description alone: what is refused for it has a message that says more. Python strips these, and no others.
_SPACE = r"\s\x1c-\x1f\x85"
NOT_BLANK: JsonDict = {"pattern": f"[^{_SPACE}]"}
NAME_AND_VALUE: JsonDict = {"pattern": f"^[^=]*[^={_SPACE}][^=]*="}


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# JSON has one kind of number: 4.0 is a whole one, while `true` and "4" are none.
WHOLE = BeforeValidator(_whole)  # behind limits, or else pydantic leaves these out of the description
WholeNumber = Annotated[int, WHOLE]


class Shape(BaseModel):
    """Filled from an internal type by attribute name."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


def is_none(value: object) -> bool:
    """For `exclude_if`: whether there is nothing to send."""
    return value is None


def is_empty(value: list[object]) -> bool:
    """The same of a list."""
    return not value
