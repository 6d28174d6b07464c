"""How well the answerability model tells what the docs answer, on docs that it was not fitted on.

    python bench/refusals.py DEV_SET WORK_DIR [--fit] [--judge DEV_SET] [--questions N]

DEV_SET holds `questions/<corpus>.jsonl` beside each docs folder `<corpus>/`: `question`, `answerable` and, if so,
`gold` with `path`, and `heading` or `quote`. Every corpus is also asked OFF_TOPIC questions of each other one: what is
asked about other docs is off topic. `--questions` takes so many of the answerable ones, evenly. Indexes and signals are
kept in WORK_DIR and used again. Corpora of `--judge` are judged and not fitted on; bench/squad_docs.py makes one.

An answerable question is asked twice: as it is, and with the section that answers it withheld ("withheld"), which
makes a question that lacks its fact and differs from an answerable one in nothing else.

Each corpus is judged by a model fitted on the others, at the threshold that answers .93 of *their* answerable
questions, and at its own ("oracle"). `--fit` prints the coefficients of a fit on all of them. Last, the means over the
corpora, each of which counts alike: with what is in use, with a model fitted on the others, and with the coefficients
in use at a threshold chosen on the others, each with and without the first gate.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tables import table as markdown_table

from footnote.app.cli.main import app as footnote
from footnote.app.core.settings import load_settings
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.evaluation.scoring.labels import Labels, Target
from footnote.app.evaluation.types import Label
from footnote.app.retrieval.answerability import CANDIDATES, COEFFICIENTS, Coefficients, Signals, probability, signals

ANSWERED = 0.93
STRICTNESS = load_settings(None).gate.strictness
MIN_LOGIT = load_settings(None).gate.min_rerank_score  # the first gate
SIGNS = np.array([1, 1, 1, -1])
_FITTED: dict[tuple[str, float], Coefficients] = {}
OFF_TOPIC = 8
WITHHELD = 6  # how many chunks of the answer may be missed among the candidates
POOLED = ("answered", "of those retrieved", "missing refused", "off topic refused")
SHARE = {"answerable": 1.0, "missing": 0.5, "withheld": 0.25, "off topic": 0.25}


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is a key of SHARE; `logit` the highest; `found` None where nothing was; `has_gold`: the top 4 answer."""

    corpus: str
    question: str
    kind: str
    logit: float
    found: Signals | None
    has_gold: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev_set", type=Path)
    parser.add_argument("work_dir", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--questions", type=int)
    given = parser.parse_args()
    rows = rows_of_all(given.dev_set, given.work_dir, given.questions)
    corpora = corpora_of(rows)
    print(f"{'':16} {'AUC':>13}   fitted threshold: {'answered':>9} missing P/R  off topic | oracle: missing P/R")
    scored: list[tuple[Row, float]] = []
    for corpus in corpora:
        others = [row for row in rows if row.corpus != corpus]
        model = fitted_without(corpus, rows)
        threshold = threshold_for(others, model)
        here = [row for row in rows if row.corpus == corpus]
        scored += [(row, score(row, model)) for row in here]
        print_corpus(corpus, here, model, threshold)
    print_reliability(scored)
    print_errors(scored)
    if given.fit:
        model = fit(rows)
        print(model, f"threshold {threshold_for(rows, model):.3f}")
    judged = [*rows, *(rows_of_all(given.judge, given.work_dir, given.questions) if given.judge else ())]
    print(f"\nwith the coefficients in use, at {STRICTNESS}:")
    for corpus in dict.fromkeys(row.corpus for row in judged):
        by_kind = {kind: scores(judged, COEFFICIENTS, kind, corpus) for kind in SHARE}
        good, missing, off = by_kind["answerable"], by_kind["missing"], by_kind["off topic"]
        retrieved = [row for row in judged if (row.corpus, row.kind, row.has_gold) == (corpus, "answerable", True)]
        found = np.array([score(row, COEFFICIENTS) for row in retrieved])
        print(f"{corpus:16} AUC of missing {auc(good, missing):.3f}: {line(good, missing, off, found, STRICTNESS)}")
    print_pooled(rows)


def print_pooled(rows: Sequence[Row]) -> None:
    """The means over the corpora, each of which is judged by what was chosen on the others."""
    table = []
    for min_logit in (MIN_LOGIT, -np.inf):
        by_way: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
        for corpus in corpora_of(rows):
            here, others = ([row for row in rows if (row.corpus == corpus) is wanted] for wanted in (True, False))
            fitted = fitted_without(corpus, rows, min_logit)
            ways = {
                f"in use, at {STRICTNESS}": (COEFFICIENTS, STRICTNESS),
                "in use, threshold of the others": (COEFFICIENTS, threshold_for(others, COEFFICIENTS, min_logit)),
                "fitted on the others": (fitted, threshold_for(others, fitted, min_logit)),
            }
            for way, (model, threshold) in ways.items():
                by_way[way].append(shares(here, model, threshold, min_logit))
        for way, several in by_way.items():
            means = [np.mean([one[key] for one in several if key in one]) for key in POOLED]
            table.append(
                [f"{way}{'' if np.isfinite(min_logit) else ', no first gate'}", *(f"{one:.3f}" for one in means)]
            )
    print("\n" + markdown_table(["pooled by corpus", *POOLED], table))


def shares(rows: Sequence[Row], model: Coefficients, threshold: float, min_logit: float) -> dict[str, float]:
    """Of one corpus, by `POOLED`; without those of which it has no question."""
    goes_on = [(row, score(row, model, min_logit) >= threshold) for row in rows]
    found = {
        "answered": [on for row, on in goes_on if row.kind == "answerable"],
        "of those retrieved": [on for row, on in goes_on if row.kind == "answerable" and row.has_gold],
        "missing refused": [not on for row, on in goes_on if row.kind == "missing"],
        "off topic refused": [not on for row, on in goes_on if row.kind == "off topic"],
    }
    return {key: float(np.mean(several)) for key, several in found.items() if several}


def rows_of_all(dev_set: Path, work: Path, limit: int | None) -> list[Row]:
    """The rows of every corpus of a set that has questions."""
    corpora = sorted(file.stem for file in (dev_set / "questions").glob("*.jsonl") if (dev_set / file.stem).is_dir())
    return [row for corpus in corpora for row in rows_of(corpus, corpora, dev_set, work, limit)]


def rows_of(corpus: str, corpora: Sequence[str], dev_set: Path, work: Path, limit: int | None) -> list[Row]:
    kept = work / f"signals-{corpus}.jsonl"
    if not kept.is_file():
        index = work / f"index-{corpus}"
        if not index.is_dir():
            footnote(["ingest", str(dev_set / corpus), "--index-dir", str(index)], standalone_mode=False)
        engine = open_engine(load_settings(None, index_dir=str(index), llm="extractive"), search_only=True)
        found = list(measured(engine, corpus, questions_for(corpus, corpora, dev_set, limit)))
        engine.close()
        kept.write_text("".join(json.dumps(asdict(row)) + "\n" for row in found), "utf-8")
    lines = map(json.loads, kept.read_text("utf-8").splitlines())
    return [Row(**{**line, "found": Signals(**line["found"]) if line["found"] else None}) for line in lines]


def questions_for(
    corpus: str, corpora: Sequence[str], dev_set: Path, limit: int | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    lines = read_lines(dev_set / "questions" / f"{corpus}.jsonl")
    yield from (("answerable", line) for line in evenly([one for one in lines if one["answerable"]], limit))
    yield from (("missing", line) for line in lines if not line["answerable"])
    for other in corpora:
        if other != corpus:
            foreign = [one for one in read_lines(dev_set / "questions" / f"{other}.jsonl") if one["answerable"]]
            yield from (("off topic", line) for line in evenly(foreign, OFF_TOPIC))


def evenly(lines: list[dict[str, Any]], count: int | None) -> list[dict[str, Any]]:
    """So many, from the first to the last; all without a count."""
    count = min(count or len(lines), len(lines))
    return [lines[place * len(lines) // count] for place in range(count)]


def measured(engine: Engine, corpus: str, questions: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[Row]:
    counts, labels = engine.index.term_counts, Labels(engine.index)
    for kind, line in questions:
        found = engine.search(line["question"], CANDIDATES + WITHHELD).hits
        gold = golden(line.get("gold") or [], labels)
        hits = best_fused(found)
        has_gold = any(hit.chunk.id in gold for hit in hits[:4])
        yield row_of(corpus, line["question"], kind, hits, has_gold, counts)
        if kind == "answerable" and gold:
            rest = [hit for hit in found if hit.chunk.id not in gold]
            yield row_of(corpus, line["question"], "withheld", best_fused(rest), False, counts)


def best_fused(hits: Sequence[Hit]) -> list[Hit]:
    """Those that would have been reranked, in the order given."""
    kept = sorted(hits, key=lambda hit: hit.fused.rank)[:CANDIDATES]
    return [hit for hit in hits if hit in kept]


def row_of(corpus: str, question: str, kind: str, hits: Sequence[Hit], has_gold: bool, counts: TermCounts) -> Row:
    logits = [hit.reranked.score for hit in hits if hit.reranked]
    found = signals(question, hits, counts) if hits else None
    return Row(corpus, question, kind, max(logits, default=-12.0), found, has_gold)


def golden(gold: Sequence[dict[str, str]], labels: Labels) -> set[str]:
    """The ids of the chunks that hold the answer: by quote, else below the heading, else on the page."""
    ids: set[str] = set()
    for one in gold:
        heading = (one["heading"],) if one.get("heading") else ()
        target = labels.resolve(Label(one["path"], heading, one.get("quote", "")))
        if isinstance(target, Target):
            ids |= target.passage or target.section or target.page
    return ids


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def features(found: Signals) -> list[float]:
    """In the order of `Coefficients`."""
    return [found.coverage, found.cosine, found.standout, float(bool(found.unknown_names))]


def score(row: Row, model: Coefficients, min_logit: float = MIN_LOGIT) -> float:
    return probability(row.found, model) if row.found and row.logit >= min_logit else 0.0


def fitted_without(corpus: str, rows: Sequence[Row], min_logit: float = MIN_LOGIT) -> Coefficients:
    """The model fitted on all corpora but one; each is fitted once."""
    key = corpus, min_logit
    if key not in _FITTED:
        _FITTED[key] = fit([row for row in rows if row.corpus != corpus], min_logit=min_logit)
    return _FITTED[key]


def fit(rows: Sequence[Row], ridge: float = 1.0, min_logit: float = MIN_LOGIT) -> Coefficients:
    """Logistic regression by projected gradient: no signal may count against its meaning.

    Each kind of each corpus has its SHARE, however many questions it has. Answerable questions whose answer was
    not retrieved teach nothing about evidence and are left out.
    """
    read = [row for row in rows if row.found and row.logit >= min_logit]
    used = [row for row in read if row.has_gold or row.kind != "answerable"]
    x = np.array([features(row.found) for row in used if row.found])
    y = np.array([row.kind == "answerable" for row in used], dtype=float)
    groups = [(row.corpus, row.kind) for row in used]
    w = np.array([SHARE[group[1]] / groups.count(group) for group in groups])
    mean = np.average(x, axis=0, weights=w)
    spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w)) + 1e-9
    z, w = (x - mean) / spread, w / w.sum() * len(w)
    slopes, intercept = np.zeros(len(SIGNS)), 0.0
    for _ in range(20_000):
        error = w * (1 / (1 + np.exp(-(z @ slopes + intercept))) - y)
        slopes = slopes - (z.T @ error + ridge * slopes) / len(w)
        slopes = np.where(slopes * SIGNS > 0, slopes, 0.0)
        intercept -= error.sum() / len(w)
    raw = slopes / spread
    return Coefficients(*(round(float(value), 4) for value in raw), round(float(intercept - raw @ mean), 4))


def threshold_for(rows: Sequence[Row], model: Coefficients, min_logit: float = MIN_LOGIT) -> float:
    """Mean over corpora of the threshold that answers `ANSWERED` of the answerable questions."""
    answerable = (scores(rows, model, "answerable", corpus, min_logit) for corpus in corpora_of(rows))
    return float(np.mean([np.quantile(found, 1 - ANSWERED) for found in answerable]))


def corpora_of(rows: Sequence[Row]) -> list[str]:
    return sorted({row.corpus for row in rows})


def scores(
    rows: Sequence[Row], model: Coefficients, kind: str, corpus: str, min_logit: float = MIN_LOGIT
) -> NDArray[np.float64]:
    return np.array([score(row, model, min_logit) for row in rows if row.kind == kind and row.corpus == corpus])


def auc(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    if not len(high) or not len(low):
        return float("nan")
    difference = np.sign(high[:, None] - low[None, :])
    return float((difference + 1).mean() / 2)


def print_corpus(corpus: str, rows: Sequence[Row], model: Coefficients, threshold: float) -> None:
    by_kind = {kind: scores(rows, model, kind, corpus) for kind in SHARE}
    good, missing, off = by_kind["answerable"], by_kind["missing"], by_kind["off topic"]
    retrieved = np.array([score(row, model) for row in rows if row.kind == "answerable" and row.has_gold])
    own = float(np.quantile(good, 1 - ANSWERED, method="lower"))
    print(
        f"{corpus:16} missing {auc(good, missing):.3f} withheld {auc(good, by_kind['withheld']):.3f} off topic "
        f"{auc(good, off):.3f}\n{'':16} fitted {threshold:.2f}: {line(good, missing, off, retrieved, threshold)}\n"
        f"{'':16} oracle {own:.2f}: {line(good, missing, off, retrieved, own)}"
    )
    curve = ", ".join(
        f"{answered:.2f}: {precision_recall(good, missing, float(np.quantile(good, 1 - answered, method='lower')))}"
        for answered in (0.99, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8)
    )
    print(f"{'':16} answered: missing P/R   {curve}")


def line(good: Any, missing: Any, off: Any, retrieved: Any, threshold: float) -> str:
    return (
        f"answered {(good >= threshold).mean():.2f} (of those retrieved {(retrieved >= threshold).mean():.2f}), "
        f"missing P/R {precision_recall(good, missing, threshold)}"
        + (f", off topic {(off < threshold).mean():.2f}" if len(off) else "")
    )


def precision_recall(good: Any, missing: Any, threshold: float) -> str:
    wrong, right = int((good < threshold).sum()), int((missing < threshold).sum())
    return f"{right / max(1, right + wrong):.2f}/{right / max(1, len(missing)):.2f}"


def print_reliability(scored: Sequence[tuple[Row, float]]) -> None:
    """Answerable against missing, each question as often as the other kind's weight makes them equal."""
    pairs = [(value, row.kind == "answerable") for row, value in scored if row.kind in ("answerable", "missing")]
    good = sum(label for _, label in pairs)
    weight = good / (len(pairs) - good)
    print("p          questions  mean p  answerable (kinds weighted alike)")
    error = 0.0
    for low in np.arange(0, 1, 0.2):
        inside = [(value, label, 1.0 if label else weight) for value, label in pairs if low <= value < low + 0.2 + 1e-9]
        if inside:
            mass = sum(w for *_, w in inside)
            mean = sum(v * w for v, _, w in inside) / mass
            true = sum(label * w for _, label, w in inside) / mass
            error += mass * abs(mean - true) / (2 * good)
            print(f"{low:.1f}-{low + 0.2:.1f}    {len(inside):9}  {mean:6.2f}  {true:6.2f}")
    print(f"expected calibration error {error:.3f}")


def print_errors(scored: Sequence[tuple[Row, float]]) -> None:
    for kind, worst_first in (("answerable", 1), ("missing", -1)):
        print(f"worst of {kind}:")
        for row, value in sorted((pair for pair in scored if pair[0].kind == kind), key=lambda p: worst_first * p[1])[
            :10
        ]:
            print(f"  {value:.2f} {'' if row.has_gold or kind == 'missing' else '(not retrieved) '}{row.question}")


if __name__ == "__main__":
    main()
