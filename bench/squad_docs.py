"""SQuAD 2.0 as a docs folder with questions, for bench/refusals.py and bench/quality.py.

    python bench/squad_docs.py SQUAD_DIR OUT [QUESTIONS]

SQUAD_DIR holds `corpus.jsonl` (`_id` as ARTICLE_NUMBER, `text`) and `qa.jsonl` (`question`, `answerable`,
`source_paragraph`, an `_id`). Writes a page for each article to OUT/squad-docs, and to OUT/questions/squad-docs.jsonl
QUESTIONS (150) answerable and as many unanswerable questions; the quote of an answerable one is its paragraph.
"""

import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path


def main() -> None:
    squad, out = Path(sys.argv[1]), Path(sys.argv[2])
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 150
    paragraphs = {row["_id"]: " ".join(row["text"].split()) for row in read(squad / "corpus.jsonl")}
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in paragraphs.items():
        articles[article_of(name)].append(text)
    (out / "squad-docs").mkdir(parents=True)
    (out / "questions").mkdir()
    for article, texts in articles.items():
        content = "\n\n".join([f"# {article.replace('_', ' ')}", *texts])
        (out / "squad-docs" / page_of(article)).write_text(content + "\n", "utf-8")
    rows = list(read(squad / "qa.jsonl"))
    random.Random(7).shuffle(rows)
    with (out / "questions" / "squad-docs.jsonl").open("w", encoding="utf-8") as lines:
        for answerable in (True, False):
            for row in [row for row in rows if row["answerable"] is answerable][:wanted]:
                paragraph = row["source_paragraph"]
                gold = [{"path": page_of(article_of(paragraph)), "quote": paragraphs[paragraph]}] if answerable else []
                lines.write(json.dumps({"question": row["question"], "answerable": answerable, "gold": gold}) + "\n")


def read(file: Path):
    return map(json.loads, file.read_text("utf-8").splitlines())


def article_of(paragraph_id: str) -> str:
    return paragraph_id.rpartition("_")[0]


def page_of(article: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", article) + ".md"


if __name__ == "__main__":
    main()
