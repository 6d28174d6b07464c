"""How well the check of an answer tells supported sentences from wrong ones.

    python bench/answer_check.py DEV_SET [CORPUS ...]

DEV_SET holds `questions/NAME.jsonl` and a folder NAME of docs for each of two corpora (`uv-docs` and
`prometheus-docs` where none are named). Every supported sentence is made wrong in up to five ways; see
bench/corruptions.py. A hit is a wrong sentence called `unsupported`, a false alarm a right one called so.
Precision is that of equal numbers of right and wrong sentences: the wrong ones of a kind with their right
counterparts. The semantic layer's weights and threshold are chosen on one corpus and tested on the other.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from corruptions import KINDS, SOURCES, Case, Corpus, all_cases
from numpy.typing import NDArray

from footnote.app.checking.alignment import reading
from footnote.app.checking.checker import UNSUPPORTED_BELOW, Checker, Judgement
from footnote.app.checking.support import Similarity, SimilaritySupport, Weights
from footnote.app.core.settings import load_settings
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.models.reranker import make_reranker

Floats = NDArray[np.float64]
# Sentences of a reference answer are few and the nearest to what a language model writes.
# False alarms that the semantic layer may add. A sentence lost is worse for the reader than one let through.
MAX_ALARMS = 0.005
SOURCE_WEIGHT = {"reference": 3.0}


class Bench:
    """One corpus with its cases, what the deterministic layer says of each, and how similar the rest are."""

    def __init__(self, dev_set: Path, name: str) -> None:
        corpus = Corpus(dev_set / name)
        counts = TermCounts(len(corpus.chunks), lambda term: corpus.frequency[term])
        self.name = name
        self.cases = all_cases(corpus, dev_set / "questions" / f"{name}.jsonl")
        checker = Checker(None, counts)
        self.plain = [checker.judge(case.sentence, case.passages, case.question) for case in self.cases]
        model = SimilaritySupport(make_reranker(load_settings(None).models), counts)
        self.similar: list[Similarity | None] = []
        for case, judgement in zip(self.cases, self.plain, strict=True):
            read = reading(case.passages)
            left = judgement.verdict in ("supported", "partly") and not _verbatim(case, judgement)
            self.similar.append(model.similarity(case.sentence, read, case.question) if left else None)

    def caught(self, weights: Weights | None, below: float) -> list[bool]:
        """For each case whether it is called unsupported, by both layers or with no weights by the first."""
        supports = [1.0 if one is None or weights is None else support(one, weights) for one in self.similar]
        pairs = zip(self.plain, supports, strict=True)
        return [judgement.verdict == "unsupported" or likely < below for judgement, likely in pairs]


def _verbatim(case: Case, judgement: Judgement) -> bool:
    evidence = reading(case.passages).evidence
    repeated = evidence.repeats(case.sentence) or evidence.quotes(case.sentence)
    return judgement.verdict == "supported" and repeated


def support(similarity: Similarity, weights: Weights) -> float:
    logit = weights.logit * similarity.logit + weights.coverage * similarity.coverage + weights.bias
    return float(1 / (1 + np.exp(-logit)))


def fit(benches: Sequence[Bench]) -> tuple[Weights, float]:
    """Weights by logistic regression on right sentences and those of other pages, and a threshold by `MAX_ALARMS`."""
    rows = [
        (one.logit, one.coverage, case.kind == "clean", SOURCE_WEIGHT.get(case.source, 1.0))
        for bench in benches
        for case, one in zip(bench.cases, bench.similar, strict=True)
        if one and case.kind in ("clean", "other page")
    ]
    table = np.array(rows, dtype=np.float64)
    features, right, weight = np.c_[table[:, :2], np.ones(len(table))], table[:, 2], table[:, 3]
    scale = np.array([features[:, 0].std(), features[:, 1].std(), 1.0])
    beta = np.zeros(3)
    for _ in range(100):
        p = 1 / (1 + np.exp(-(features / scale) @ beta))
        gradient = (features / scale).T @ (weight * (p - right)) + 0.1 * beta * [1, 1, 0]
        hessian = ((features / scale).T * (weight * p * (1 - p))) @ (features / scale) + 0.1 * np.eye(3)
        beta -= np.linalg.solve(hessian, gradient)
    weights = Weights(*map(float, beta / scale))
    right_ones = [support(Similarity(row[0], row[1]), weights) for row in table if row[2]]
    steps = [round(step * 0.05, 2) for step in range(1, 15)]
    return weights, max(
        step for step in steps if step == steps[0] or np.mean(np.array(right_ones) < step) <= MAX_ALARMS
    )


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
    names = sys.argv[2:] or ["uv-docs", "prometheus-docs"]
    benches = [Bench(dev_set, name) for name in names]
    cases = [case for bench in benches for case in bench.cases]
    show("deterministic layer alone", list(zip(cases, sum((b.caught(None, 0) for b in benches), []), strict=True)))
    held_out: list[tuple[Case, bool]] = []
    for tested in benches:
        weights, below = fit([bench for bench in benches if bench is not tested] or benches)
        print(f"\nchosen without {tested.name}: {weights}, unsupported below {below}")
        rows = list(zip(tested.cases, tested.caught(weights, below), strict=True))
        show(f"both layers, tested on {tested.name}", rows)
        held_out += rows
    show("both layers, each corpus with what was chosen on the other", held_out)
    reference = [(case, flag) for case, flag in held_out if case.source == "reference"]
    if reference:
        show("the same, sentences of reference answers alone", reference)
    weights, below = fit(benches)
    print(f"\nchosen on all: {weights}, unsupported below {below}; in use: below {UNSUPPORTED_BELOW}")


if __name__ == "__main__":
    main()
