"""recorded_places: the file that says into which stores the generations of an index were written."""

import json
from pathlib import Path

PLACES = "stores.json"


def read_places(index_dir: Path) -> dict[str, set[int]]:
    """The generations by `FOOTNOTE_STORE` as it was; empty where nothing was recorded, or nothing can be read."""
    try:
        read = json.loads((index_dir / PLACES).read_text("utf-8"))
        return {str(name): {int(number) for number in numbers} for name, numbers in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def place_of_generation(index_dir: Path, generation: int) -> str | None:
    """The `FOOTNOTE_STORE` that a generation was written with; None where it was not recorded."""
    for name, numbers in read_places(index_dir).items():
        if generation in numbers and not name.endswith(":"):
            return name
    return None
