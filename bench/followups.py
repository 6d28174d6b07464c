"""How well follow-ups find their pages: as they were asked, as rules rewrite them, as people did.

python bench/followups.py INDEX bench/followups/mtrag.jsonl
"""

import argparse
import json
from pathlib import Path

from footnote.app.conversation.rules import standalone
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine, open_engine

TOP_K = 4


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("index", type=Path)
    parser.add_argument("followups", type=Path)
    parser.add_argument("--show", action="store_true", help="each question that is rewritten, with what became of it")
    given = parser.parse_args()
    engine = open_engine(load_settings(env_file=None, index_dir=given.index), search_only=True)
    rows = [json.loads(line) for line in given.followups.read_text("utf-8").splitlines()]
    results: dict[str, list[tuple[bool, bool, bool]]] = {}
    rewritten = dict.fromkeys((row["kind"] for row in rows), 0)
    for row in rows:
        by_rules = standalone(row["question"], [turn["question"] for turn in row["history"]])
        asked = hit(engine, row["question"], row["gold"])
        ruled = asked if by_rules == row["question"] else hit(engine, by_rules, row["gold"])
        ideal = asked if row["standalone"] == row["question"] else hit(engine, row["standalone"], row["gold"])
        results.setdefault(row["kind"], []).append((asked, ruled, ideal))
        rewritten[row["kind"]] += by_rules != row["question"]
        if given.show and by_rules != row["question"]:
            print(f"{asked:d}{ruled:d}{ideal:d} {row['kind']:12} {row['question']} -> {by_rules}")
    for kind, found in results.items():
        shares = [sum(column) / len(found) for column in zip(*found, strict=True)]
        print(
            f"{kind}: {len(found)} questions, {rewritten[kind]} rewritten by rules; page hit@{TOP_K} "
            f"as asked {shares[0]:.3f}, rules {shares[1]:.3f}, by people {shares[2]:.3f}"
        )


def hit(engine: Engine, question: str, gold: list[str]) -> bool:
    """Whether one of the first passages is of a labelled page."""
    hits: tuple[Hit, ...] = engine.search(question, TOP_K).hits
    return not {one.chunk.path for one in hits}.isdisjoint(gold)


if __name__ == "__main__":
    main()
