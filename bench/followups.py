"""How well follow-ups find their pages: as they were asked, as rules or a language model rewrite them, as people did.

python bench/followups.py INDEX bench/followups/mtrag.jsonl [--llm MODEL]
"""

import argparse
import json
from pathlib import Path

from footnote.app.answering.asked import LanguageModel
from footnote.app.conversation.standalone import ByLanguageModel, Standalone, by_rules
from footnote.app.conversation.turns import Turn
from footnote.app.core.settings import load_settings
from footnote.app.core.stop import Stop
from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine, open_engine

TOP_K = 4


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("index", type=Path)
    parser.add_argument("followups", type=Path)
    parser.add_argument("--llm", help="as FOOTNOTE_LLM")
    parser.add_argument("--show", action="store_true", help="each question that is rewritten, with what became of it")
    given = parser.parse_args()
    settings = load_settings(env_file=None, index_dir=given.index, llm=given.llm or "extractive")
    engine = open_engine(settings, search_only=True)
    ways: dict[str, Standalone] = {"rules": by_rules}
    if given.llm:
        ways["model"] = ByLanguageModel(LanguageModel(settings.llm), settings.service.max_question_chars)
    rows = [json.loads(line) for line in given.followups.read_text("utf-8").splitlines()]
    results: dict[str, list[dict[str, bool]]] = {}
    rewritten = {(row["kind"], way): 0 for row in rows for way in ways}
    for row in rows:
        turns = [Turn(turn["question"]) for turn in row["history"]]
        questions = {way: stands_alone(row["question"], turns, Stop()).question for way, stands_alone in ways.items()}
        questions = {"as asked": row["question"], **questions, "people": row["standalone"]}
        found = {one: hit(engine, one, row["gold"]) for one in dict.fromkeys(questions.values())}
        results.setdefault(row["kind"], []).append({way: found[one] for way, one in questions.items()})
        for way in ways:
            rewritten[row["kind"], way] += questions[way] != row["question"]
            if given.show and questions[way] != row["question"]:
                hits = "".join(str(int(found[one])) for one in questions.values())
                print(f"{hits} {row['kind']:12} {way}: {row['question']} -> {questions[way]}")
    for kind, all_found in results.items():
        shares = {way: sum(found[way] for found in all_found) / len(all_found) for way in all_found[0]}
        counts = ", ".join(f"{rewritten[kind, way]} rewritten by {way}" for way in ways)
        said = ", ".join(f"{way} {share:.3f}" for way, share in shares.items())
        print(f"{kind}: {len(all_found)} questions, {counts}; page hit@{TOP_K} {said}")


def hit(engine: Engine, question: str, gold: list[str]) -> bool:
    """Whether one of the first passages is of a labelled page."""
    hits: tuple[Hit, ...] = engine.search(question, TOP_K).hits
    return not {one.chunk.path for one in hits}.isdisjoint(gold)


if __name__ == "__main__":
    main()
