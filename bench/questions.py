"""Questions for benches that only ask them."""

import json
from collections.abc import Sequence
from pathlib import Path


def answerable(files: Sequence[Path]) -> list[str]:
    """The text of each answerable question, in order; a line of JSON without `answerable` is one.

    Raises:
        SystemExit: there is none.
    """
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    found = [row["question"] for row in rows if row.get("answerable", True)]
    if not found:
        raise SystemExit(f"no answerable question in {', '.join(map(str, files))}")
    return found
