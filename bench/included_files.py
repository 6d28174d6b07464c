"""How far the code that pages include is found: an index with included files against one without.

    python -m bench.included_files QUESTIONS.jsonl WITH_INDEX WITHOUT_INDEX

A line of the file is `{"question", "path", "answer"}`: regular expressions of the file, for people, and of what a
passage must hold. It counts in whatever file it is found: what the pages say themselves counts as well.
"""

import json
import re
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Hit
from footnote.app.engine.engine import open_engine

_DEPTH = 10


def main() -> None:
    """Print the ranks question by question, and what they come to."""
    questions = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines() if line.strip()]
    ranks: dict[str, list[int | None]] = {}
    for folder in sys.argv[2:]:
        settings = load_settings(None, index_dir=Path(folder))
        with closing(open_engine(settings, search_only=True)) as engine:
            ranks[folder] = [_rank(engine.search(one["question"], _DEPTH).hits, one["answer"]) for one in questions]
    for place, one in enumerate(questions):
        said = "  ".join(f"{ranks[folder][place] or '-':>3}" for folder in sys.argv[2:])
        print(f"{said}  {one['question']}")  # noqa: T201
    for folder, found in ranks.items():
        hits = {k: sum(rank is not None and rank <= k for rank in found) for k in (1, 5, 10)}
        mrr = sum(1 / rank for rank in found if rank) / len(found)
        print(f"{folder}: at 1 {hits[1]}, at 5 {hits[5]}, at 10 {hits[10]} of {len(found)}, MRR {mrr:.3f}")  # noqa: T201


def _rank(hits: Sequence[Hit], answer: str) -> int | None:
    """The place of the first passage that holds the answer, from 1."""
    return next((place for place, hit in enumerate(hits, 1) if re.search(answer, hit.chunk.text)), None)


if __name__ == "__main__":
    main()
