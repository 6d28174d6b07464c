"""Whether extractive answers hold what answers the question, how long they are, and how they read.

    python bench/extractive.py INDEX QUESTIONS.jsonl [INDEX QUESTIONS.jsonl ...] [--limit N] [--cache FOLDER]

Asks each answerable question of an index, whatever the gate says of it, and prints a row a set, each figure a mean over
its questions with a 95% interval by bootstrap:

  first, held   the first quote, any quote holds the quote that a label names (see gold.py), or half of it
  names         the answer shows every name, flag and file that the reference answer spells, where it spells any
  ordered       the quotes of each page are in its order and do not overlap, and no page comes twice
  renders       a markdown renderer shows no fence, admonition, tab, attribute list or comment as text, and links that
                lead somewhere
  back          the answer begins, below its headings, with a word such as "Alternatively" or "This"
  chars         of the answer, median and longest

What was retrieved is kept in the folder CACHE by the name of the questions' file: to try another way of answering.
"""

import argparse
import json
import pickle
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from gold import holds
from tables import table

from footnote.app.answering.answerer import Draft
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.settings import load_settings
from footnote.app.core.text.analysis import terms, words
from footnote.app.core.text.prose import markdown_parsers, markdown_tokens
from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.evaluation.estimate import draws, interval, resampled_means, table_of
from footnote.app.retrieval.repeats import with_repeats

METRICS = ("first", "held", "names", "ordered", "renders", "back")
_NAME = re.compile(r"[_\d/.]|[a-z][A-Z]|^-")
_SYNTAX = re.compile(r"^[ \t>]*(?:```|~~~)|^[!?]{3}[ +]|^===[+!]? \"|^:::|\{\{[<%]|\{:[ .#]|^\[!\w+\]|<!--", re.M)
_HEADINGS = re.compile(r"(?:\*\*[^\n]*\*\*\n\n)*")
_POINTS_BACK = re.compile(
    r"(?:alternatively|otherwise|instead|then|this|that|these|those|its?|they|such|also|however|additionally|furthermore"
    r"|similarly|likewise|finally|next|afterwards?|thus|therefore|hence|so|but|and|or)\b",
    re.I,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="INDEX QUESTIONS")
    parser.add_argument("--limit", type=int, help="that many questions of each set, drawn at random")
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    if len(given.sets) % 2:
        parser.error("each INDEX needs its QUESTIONS")
    lines = []
    for index, file in zip(given.sets[::2], given.sets[1::2], strict=True):
        engine = open_engine(load_settings(None, index_dir=index, llm="extractive"))
        rows = asked(file, given.limit)
        found = retrieved(engine, rows, given.cache / f"{file.stem}.hits" if given.cache else None)
        site = flavour_named(engine.index.manifest.flavour)
        started = time.perf_counter()
        drafts = [
            engine.models.answerer.answer(row["question"], hits, 1, site, engine.index.beside)
            for row, hits in zip(rows, found, strict=True)
        ]
        ms = (time.perf_counter() - started) * 1000 / max(1, len(rows))
        lines.append(line_of(file.stem, rows, drafts, ms))
        engine.close()
    print(table(["set", "questions", *METRICS, "chars", "quotes", "ms"], lines))


def asked(file: Path, limit: int | None) -> list[dict[str, Any]]:
    """The answerable questions."""
    rows = [row for row in map(json.loads, file.read_text("utf-8").splitlines()) if row.get("answerable", True)]
    return random.Random(3).sample(rows, limit) if limit and limit < len(rows) else rows


def retrieved(engine: Engine, rows: Sequence[dict[str, Any]], cache: Path | None) -> list[tuple[Hit, ...]]:
    """The hits of each question."""
    known: dict[str, tuple[Hit, ...]] = pickle.loads(cache.read_bytes()) if cache and cache.exists() else {}
    new = [row["question"] for row in rows if row["question"] not in known]
    known |= {question: with_repeats(engine.search(question, 4).candidates, 4) for question in new}
    if cache and new:
        cache.write_bytes(pickle.dumps(known))
    return [known[row["question"]] for row in rows]


def line_of(name: str, rows: Sequence[dict[str, Any]], drafts: Sequence[Draft], ms: float) -> list[str]:
    values = table_of([scores(row, draft) for row, draft in zip(rows, drafts, strict=True)], METRICS)
    low, high = interval(resampled_means(values, draws(len(rows), 0)))
    cells = [
        f"{np.nanmean(values[:, column]):.3f} ({low[column]:.2f}-{high[column]:.2f})"
        if not np.isnan(values[:, column]).all()
        else ""
        for column in range(len(METRICS))
    ]
    chars = [len(draft.text) for draft in drafts]
    quotes = sum(len(draft.citations) for draft in drafts) / len(drafts)
    return [name, str(len(rows)), *cells, f"{median(chars):.0f}, {max(chars)}", f"{quotes:.2f}", f"{ms:.0f}"]


def scores(row: dict[str, Any], draft: Draft) -> dict[str, float]:
    """What applies to one question."""
    found = {
        "ordered": float(is_ordered(draft)),
        "renders": float(renders(draft.text)),
        "back": float(bool(_POINTS_BACK.match(_HEADINGS.sub("", draft.text, count=1).lstrip(" >*_-")))),
    }
    golds = [gold["quote"] for gold in row.get("gold", ()) if gold.get("quote")]
    if golds:
        held = [any(holds(citation.quote, gold) for gold in golds) for citation in draft.citations]
        found |= {"first": float(any(held[:1])), "held": float(any(held))}
    names = {word.names[0] for word in words(row.get("answer") or "") if _NAME.search(word.text)}
    return found | ({"names": float(names <= set(terms(draft.text)))} if names else {})


def is_ordered(draft: Draft) -> bool:
    """Whether the quotes of each page are in its order, without overlap and together."""
    places = [(citation.path, citation.start, citation.end) for citation in draft.citations]
    pages = [path for place, (path, *_) in enumerate(places) if not place or places[place - 1][0] != path]
    follows = all(one[0] != other[0] or one[2] <= other[1] for one, other in zip(places, places[1:], strict=False))
    return follows and len(pages) == len(set(pages))


def renders(text: str) -> bool:
    """Whether what a reader sees outside code is no syntax, and each link has a host."""
    prose = ""
    for token in markdown_tokens(markdown_parsers()[1], text, {}):
        if token.type == "link_open" and not re.match(r"https?:|mailto:", str(token.attrGet("href"))):
            return False
        prose += token.content if token.type == "text" else "\n" * (token.type in ("softbreak", "hardbreak", "inline"))
    return not _SYNTAX.search(prose)


if __name__ == "__main__":
    main()
