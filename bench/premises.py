"""How often an answer says that its question takes something false for granted, and how often it says so wrongly.

    python bench/premises.py DEV_SET WORK_DIR [CORPUS ...]

Asks `bench/premises/<corpus>.jsonl` of the docs in DEV_SET/<corpus>/docs, and `questions/<corpus>.jsonl` of DEV_SET
where there is one: on its answerable questions a note is nearly always wrong. Of every note that stands on a question
without a false premise it prints the question. Indexes are kept in WORK_DIR. No language model is asked.
"""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gold import holds

from footnote.app.cli.main import app as footnote
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed, wrong_premises
from footnote.app.premises.note import sentence_of

HERE = Path(__file__).parent / "premises"
CHOSEN_ON = ("uv-docs", "prometheus-docs")
ANSWERABLE, UNANSWERABLE = "answerable", "not answerable"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev_set", type=Path)
    parser.add_argument("work_dir", type=Path)
    parser.add_argument("corpus", nargs="*", default=sorted(file.stem for file in HERE.glob("*.jsonl")))
    given = parser.parse_args()
    noted: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    right: defaultdict[tuple[str, str], int] = defaultdict(int)
    for corpus in given.corpus:
        engine = opened(given.dev_set / corpus / "docs", given.work_dir / corpus)
        side = "chosen on" if corpus in CHOSEN_ON else "unseen"
        for kind, row in questions(given.dev_set, corpus):
            notes = notes_on(engine, row["question"])
            noted[side, kind].append(bool(notes))
            is_right = kind.startswith("false") and any(says(one, row) for one in notes)
            right[side, kind] += is_right
            if notes and not is_right:
                print(f"{corpus}, {kind}: {row['question']}\n    {' '.join(map(sentence_of, notes))}")
        engine.close()
    print(f"{'':38} notes, and of them those that say what is wrong")
    for side, kind in sorted(noted):
        found = noted[side, kind]
        tail = f"  {right[side, kind]:4}" if kind.startswith("false") else ""
        print(f"{side:10} {kind:24} {sum(found):4} of {len(found):4}  {interval(sum(found), len(found))}{tail}")


def questions(dev_set: Path, corpus: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind of each question, and it."""
    for row in read_lines(HERE / f"{corpus}.jsonl"):
        yield f"{'true' if row['premise'] else 'false'}: {row['kind']}", row
    for row in read_lines(dev_set / "questions" / f"{corpus}.jsonl"):
        yield ANSWERABLE if row["answerable"] else UNANSWERABLE, row


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def opened(docs: Path, index: Path) -> Engine:
    if not index.is_dir():
        footnote(["ingest", str(docs), "--index-dir", str(index)], standalone_mode=False)
    return open_engine(load_settings(None, index_dir=str(index), llm="extractive"), search_only=True)


def notes_on(engine: Engine, question: str) -> tuple[Unnamed | Denial, ...]:
    """What would be said in front of the answer, or in the reason of its refusal."""
    found = engine.search(question, 4)
    index = engine.index
    return wrong_premises(question, found.hits, found.candidates, index.chunks, index.term_counts)


def says(note: Unnamed | Denial, row: dict[str, Any]) -> bool:
    """Whether the note is on the name that is wrong, or quotes the passage of the evidence."""
    if isinstance(note, Unnamed):
        return str(row["false"]) in note.name
    return "evidence" in row and holds(note.passage.text, row["evidence"]["quote"])


def interval(hits: int, of: int, z: float = 1.96) -> str:
    """Share and Wilson interval of 95%."""
    share = hits / of
    centre, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = (max(0.0, edge) / (1 + z * z / of) for edge in (centre - spread, centre + spread))
    return f"{share:.3f} ({low:.3f}-{high:.3f})"


if __name__ == "__main__":
    main()
