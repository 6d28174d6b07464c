"""A program: opens, searches and closes an index again and again until a file appears. Prints what it saw as JSON.

    python -m tests.ingest.reader INDEX_DIR STOP_FILE

Every page of the index names its round; the texts that one opening finds must all be of the same round.
"""

import json
import re
import sys
from contextlib import closing
from pathlib import Path

from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import open_index


def look(index_dir: Path) -> int:
    """The generation that was searched."""
    with closing(open_index(index_dir)) as index:
        _, _, vector = next(index.vectors.rows())
        selection = index.select(QueryFilter(path="guides/"))
        assert selection is not None
        lexical = index.lexical.search("round of the relay", 20)
        similar = [
            *index.vectors.search(vector.tolist(), 20),
            *index.vectors.search(vector.tolist(), 20, selection),
        ]
        ids = {hit.chunk_id for hit in (*lexical, *similar)}
        chunks = index.chunks.get(ids)
        assert chunks.keys() == ids, "a search found what is not in the index"
        assert lexical and similar
        rounds = {re.search(r"round \d+", chunk.text).group() for chunk in chunks.values()}  # type: ignore[union-attr]
        assert len(rounds) == 1, f"generation {index.generation} holds {rounds}"
        listed = {chunk_id for file in index.files.values() for chunk_id in file.chunk_ids}
        assert ids <= listed
        assert index.chunks.count() == index.vectors.count() == index.manifest.chunks == len(listed)
        return index.generation


def main() -> None:
    index_dir, stop = Path(sys.argv[1]), Path(sys.argv[2])
    seen: list[int] = []
    failures: list[str] = []
    while not stop.exists():
        try:
            seen.append(look(index_dir))
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")
    sys.stdout.write(json.dumps({"looks": len(seen), "seen": sorted(set(seen)), "failures": failures[:5]}) + "\n")
    assert seen == sorted(seen), "an older generation came after a newer one"


if __name__ == "__main__":
    main()
