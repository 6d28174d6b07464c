"""How well the check of an answer tells supported sentences from wrong ones that were made by rule.

    python bench/answer_check.py DEV_SET [CORPUS ...]

DEV_SET holds `questions/NAME.jsonl` and a folder NAME of docs for each corpus (`uv-docs` and `prometheus-docs` where
none are named). Every supported sentence is made wrong in up to five ways; see bench/corruptions.py. A hit is a wrong
sentence called `unsupported` or `unverified`, a false alarm a right one called so. Precision is that of equal numbers
of right and wrong sentences: the wrong ones of a kind with their right counterparts. Made-up errors find bugs; how well
the check does on what language models write, bench/real_answers.py says.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from corruptions import KINDS, SOURCES, Case, Corpus, all_cases

from footnote.app.checking.checker import Checker
from footnote.app.core.text.term_counts import TermCounts


def judged(dev_set: Path, name: str) -> list[tuple[Case, bool]]:
    """The cases of one corpus, each with whether it is doubted."""
    corpus = Corpus(dev_set / name)
    checker = Checker(None, TermCounts(len(corpus.chunks), lambda term: corpus.frequency[term]))
    return [
        (case, checker.judge(case.sentence, case.passages, case.question).verdict in ("unsupported", "unverified"))
        for case in all_cases(corpus, dev_set / "questions" / f"{name}.jsonl")
    ]


def show(title: str, rows: Sequence[tuple[Case, bool]]) -> None:
    """Recall, precision and F1 by kind, and false alarms by source."""
    caught = {(case.source, case.clean, case.kind): flag for case, flag in rows}
    print(f"\n{title}\n{'kind':14} {'cases':>6} {'recall':>7} {'precision':>9} {'F1':>6}   recall by source")
    every: list[tuple[int, int, int]] = []
    for kind in KINDS:
        wrong = [(case, flag) for case, flag in rows if case.kind == kind]
        hits = sum(flag for _, flag in wrong)
        alarms = sum(caught[case.source, case.clean, "clean"] for case, _ in wrong)
        every.append((hits, alarms, len(wrong)))
        by_source = "  ".join(
            f"{source} {sum(flags) / len(flags):.2f}"
            for source in SOURCES
            if (flags := [flag for case, flag in wrong if case.source == source])
        )
        print(f"{kind:14} {len(wrong):6} {_scores(hits, alarms, len(wrong))}   {by_source}")
    hits, alarms, cases = (sum(column) for column in zip(*every, strict=True))
    print(f"{'all':14} {cases:6} {_scores(hits, alarms, cases)}")
    for source in SOURCES:
        clean = [flag for case, flag in rows if case.kind == "clean" and case.source == source]
        if clean:
            print(f"false alarms, {source:12} {sum(clean):4} of {len(clean):4} ({np.mean(clean):.3f})")


def _scores(hits: int, alarms: int, cases: int) -> str:
    recall, precision = hits / cases, hits / max(1, hits + alarms)
    return f"{recall:7.3f} {precision:9.3f} {2 * hits / (hits + alarms + cases):6.3f}"


def main() -> None:
    dev_set = Path(sys.argv[1])
    rows = [row for name in sys.argv[2:] or ["uv-docs", "prometheus-docs"] for row in judged(dev_set, name)]
    show("all sentences", rows)
    reference = [(case, flag) for case, flag in rows if case.source == "reference"]
    if reference:
        show("sentences of reference answers alone", reference)


if __name__ == "__main__":
    main()
