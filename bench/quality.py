"""Retrieval quality of Footnote and its peers: the same files, questions, models and machine, in one run.

    pip install -c constraints.txt -e '.[bench]'
    python bench/quality.py DOCS QUESTIONS [DOCS QUESTIONS ...] [--work FOLDER] [--limit N]
                            [--haiku-python PYTHON] [--json FILE]

QUESTIONS is a file as `footnote eval` reads it, with paths below the folder DOCS; questions without a label are left
out, and those with a stale one. bench/squad_docs.py makes both of SQuAD. Indexes are built in WORK. The peers are
described in bench/peers.py and bench/haiku_peer.py (which says what PYTHON needs), what is right in
bench/judgments.py. Every question is asked to one peer after the other, so that noise of the machine meets all alike.

The table has a mean over questions in each cell: of pages hit@1, hit@5 and MRR@10, of sections hit@1, of passages
hit@1, @4 and @10; the median of milliseconds; and the paired difference of MRR@10, Footnote - peer. Ranges are 95%
intervals by bootstrap over questions; in the last table the questions of all sets are drawn together. A peer that
returns four chunks is measured on four: it cannot gain at hit@5, hit@10 or MRR@10 what is further down. So the seed
pipeline and its vectors are there with ten as well; the four are the first of the ten. Footnote's MRR@10 is that of its
first ten chunks, as of the others, where `footnote eval` looks at all candidates.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from haiku_peer import Haiku, HaikuReranked
from judgments import Found, Gold, gold_of, scores
from model_server import serving
from peers import DEPTH, Alone, Footnote, Peer, SeedPipeline
from tables import table as markdown_table

from footnote.app.engine.models import Models
from footnote.app.evaluation.comparing.compare import Change, ScoredQuestion, Tolerances, compare
from footnote.app.evaluation.estimate import Estimate, estimates, latencies
from footnote.app.evaluation.questions import read_questions
from footnote.app.evaluation.scoring.labels import Labels
from footnote.app.evaluation.types import Question, QuestionResult, StageTime
from footnote.app.index.reader import Index

OURS = "Footnote"
MRR = f"page/MRR@{DEPTH}"
METRICS = ("page/hit@1", "page/hit@5", MRR, "section/hit@1", "passage/hit@1", "passage/hit@4", "passage/hit@10")


Results = dict[str, list[QuestionResult]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what a peer returned, cut to `depth` chunks."""

    name: str
    peer: str
    depth: int = DEPTH


ROWS = (
    Row(OURS, "footnote"),
    Row("seed pipeline", "seed", 4),
    Row("seed pipeline, top_n=10", "seed"),
    Row("its vectors, k=4", "vectors", 4),
    Row("its vectors, k=10", "vectors"),
    Row("its BM25, k=10", "bm25"),
    Row("haiku.rag", "haiku"),
    Row("haiku.rag, reranked", "haiku-reranked"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row of the table came to on a set; `behind` is Footnote - peer by MRR@10, None for Footnote itself."""

    set: str
    row: str
    questions: int
    found: dict[str, Estimate]
    median_ms: float
    behind: Change | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="DOCS QUESTIONS")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--haiku-python", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if len(given.sets) % 2:
        parser.error("each DOCS needs its QUESTIONS")
    if len({file.stem for file in given.sets[1::2]}) < len(given.sets) // 2:
        parser.error("QUESTIONS need different names: a set is called by them")
    by_set: dict[str, Results] = {}
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for docs, file in zip(given.sets[::2], given.sets[1::2], strict=True):
            by_set[file.stem] = measured(docs, file, work / file.stem, given.limit, given.haiku_python)
    if len(by_set) > 1:
        rows = next(iter(by_set.values()))
        by_set["all"] = {row: [one for results in by_set.values() for one in results[row]] for row in rows}
    lines = {name: lines_of(name, results) for name, results in by_set.items()}
    print("\n\n".join(table(name, found) for name, found in lines.items()))
    if given.json:
        found = [asdict(line) for one in lines.values() for line in one]
        given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def measured(docs: Path, file: Path, work: Path, limit: int | None, haiku_python: Path | None) -> Results:
    """What each row of the table came to on each question that is not stale."""
    with ExitStack() as stack:
        footnote = Footnote()
        peers: dict[str, Peer] = {"footnote": footnote}
        build("footnote", footnote, docs, work, stack)
        peers |= others(footnote.engine.models, haiku_python, stack)
        for name, peer in peers.items():
            if peer is not footnote:
                build(name, peer, docs, work, stack)
        asked = list(questions_of(file, Labels(footnote.engine.index), footnote.engine.index))[:limit]
        if not asked:
            sys.exit(f"{file}: no question has a label that matches {docs}")
        for peer in peers.values():
            peer.search(asked[0][0].text)  # to warm up
        results: Results = {row.name: [] for row in ROWS if row.peer in peers}
        for number, (question, gold) in enumerate(asked, 1):
            answers = {name: timed(peer, question.text) for name, peer in peers.items()}
            for row in ROWS:
                if row.peer in answers:
                    found, ms = answers[row.peer]
                    made = tuple(scores(found[: row.depth], gold))
                    time_taken = (StageTime("search", ms),)
                    results[row.name].append(QuestionResult(question, "scored", scores=made, times=time_taken))
            if number % 20 == 0:
                say(f"{file.stem}: {number} of {len(asked)} questions")
        return results


def others(models: Models, haiku_python: Path | None, stack: ExitStack) -> dict[str, Peer]:
    """The peers by the names that `ROWS` has for them."""
    seed = SeedPipeline(models, top_n=DEPTH)
    peers: dict[str, Peer] = {"seed": seed, "vectors": Alone(seed, "vectors"), "bm25": Alone(seed, "bm25")}
    if haiku_python:
        haiku = Haiku(haiku_python, models, stack.enter_context(serving(models)))
        peers |= {"haiku": haiku, "haiku-reranked": HaikuReranked(haiku)}
    return peers


def build(name: str, peer: Peer, docs: Path, work: Path, stack: ExitStack) -> None:
    started = time.perf_counter()
    stack.callback(peer.close)
    peer.build(docs, work / name)
    say(f"{docs.name}: {name} built in {time.perf_counter() - started:.1f} s")


def questions_of(file: Path, labels: Labels, index: Index) -> Iterator[tuple[Question, list[Gold]]]:
    """The questions with labels, none of them stale, and where their answers stand."""
    for question in read_questions([file]):
        gold = gold_of(question, labels, index)
        if isinstance(gold, str):
            say(f"{question.origin} is stale and left out: {gold}")
        elif gold:
            yield replace(question, id=f"{file.stem}/{question.id}"), gold


def timed(peer: Peer, question: str) -> tuple[list[Found], float]:
    """What was found, and the milliseconds it took."""
    started = time.perf_counter()
    found = peer.search(question)
    return found, (time.perf_counter() - started) * 1000


def lines_of(name: str, results: Results) -> list[Line]:
    ours = [ScoredQuestion.of(one) for one in results[OURS]]
    lines = []
    for row, found in results.items():
        behind = None
        if row != OURS:
            comparison = compare(row, [ScoredQuestion.of(one) for one in found], ours, Tolerances())
            behind = next(one for one in comparison.changes if one.metric == MRR)
        lines.append(Line(name, row, len(found), estimates(found), latencies(found)[0].p50, behind))
    return lines


def table(name: str, lines: Sequence[Line]) -> str:
    """The lines as a markdown table."""
    head = ["retriever", *(metric.replace("/", " ") for metric in METRICS), "p50, ms", f"Footnote - it, MRR@{DEPTH}"]
    rows = []
    for line in lines:
        cells = [f"{line.found[metric].value:.3f}" if metric in line.found else "" for metric in METRICS]
        mrr, behind = line.found[MRR], line.behind
        cells[METRICS.index(MRR)] += f" ({mrr.low:.2f}-{mrr.high:.2f})"
        said = f"{behind.difference:+.3f} ({behind.low:+.3f} to {behind.high:+.3f})" if behind else ""
        rows.append([line.row, *cells, f"{line.median_ms:.0f}", said])
    title = f"{name}, {lines[0].questions} questions:"
    return f"{title}\n\n{markdown_table(head, rows)}"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
