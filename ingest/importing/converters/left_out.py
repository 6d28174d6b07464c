"""left_out: what of a document is not in its markdown although the document was read, told to the import."""

from collections.abc import Mapping
from pathlib import Path

LEFT_OUT = "left_out"  # a file beside the document


def tell_left_out(counts: Mapping[str, int]) -> None:
    """Tell how many of what were left out, as `hidden row`; nothing where there are none."""
    told = ", ".join(f"{count:,} {name}{'s' * (count != 1)}" for name, count in counts.items() if count)
    if told:
        Path(LEFT_OUT).write_text(told, "utf-8")
