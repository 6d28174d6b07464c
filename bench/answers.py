"""How good extractive answers and the gate are, on questions with gold quotes.

    python bench/answers.py INDEX_DIR QUESTIONS.jsonl [OFF_TOPIC.jsonl]

A line of QUESTIONS has `question`, `answerable` and, if so, `gold`: a list of `path` and `quote`. Of OFF_TOPIC
only `question` is read; none of them is answerable from these docs. Prints how often the first quote, and any
quote, holds the gold quote (or half of it, where a quote begins or ends inside), and how often the gate refuses.
"""

import json
import sys
from pathlib import Path
from typing import Any

from gold import holds as quote_is_in

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Answer, Citation
from footnote.app.engine import Engine, open_engine


def read_rows(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]


def holds(citation: Citation, gold: list[dict[str, str]]) -> bool:
    return any(source["path"] == citation.path and quote_is_in(citation.quote, source["quote"]) for source in gold)


def share(count: int, answers: list[Answer]) -> str:
    return f"{count}/{len(answers)} ({count / len(answers):.2f})"


def main() -> None:
    engine: Engine = open_engine(load_settings(None, index_dir=sys.argv[1], llm="extractive"))
    rows = read_rows(sys.argv[2])
    answerable = [row for row in rows if row["answerable"]]
    answers = [engine.ask(row["question"]) for row in answerable]
    held = [
        [holds(citation, row["gold"]) for citation in a.citations] for a, row in zip(answers, answerable, strict=True)
    ]
    print(f"answerable: {len(answers)}, {sum(len(quotes) for quotes in held) / len(answers):.2f} quotes each")
    print(f"  first quote holds the answer  {share(sum(quotes[:1] == [True] for quotes in held), answers)}")
    print(f"  any quote holds the answer    {share(sum(map(any, held)), answers)}")
    print(f"  refused                       {share(sum(a.refused for a in answers), answers)}")
    missing = [engine.ask(row["question"]) for row in rows if not row["answerable"]]
    print(f"right topic, missing fact: refused {share(sum(a.refused for a in missing), missing)}")
    if len(sys.argv) > 3:
        off_topic = [engine.ask(row["question"]) for row in read_rows(sys.argv[3])]
        print(f"off topic: refused {share(sum(a.refused for a in off_topic), off_topic)}")


if __name__ == "__main__":
    main()
