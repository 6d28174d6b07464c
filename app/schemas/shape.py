"""What the shapes have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Filled from an internal type by attribute name."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)
