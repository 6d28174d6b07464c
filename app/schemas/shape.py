"""What the shapes have in common."""

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

# For the description alone: what is refused for it has a message that says more. Python strips these, and no others.
_SPACE = r"\s\x1c-\x1f\x85"
NOT_BLANK: JsonDict = {"pattern": f"[^{_SPACE}]"}
NAME_AND_VALUE: JsonDict = {"pattern": f"^[^=]*[^={_SPACE}][^=]*="}


class Shape(BaseModel):
    """Filled from an internal type by attribute name."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)
