"""What ranking is worth on docs that had no say in it: every constant chosen without the corpus it is reported on.

    pip install -c constraints.txt -e '.[bench]'
    python bench/loco.py DOCS QUESTIONS DOCS QUESTIONS [DOCS QUESTIONS ...] [--work FOLDER] [--pages N] [--questions N]

DOCS and QUESTIONS as for bench/quality.py, with the same rule of what is right (bench/judgments.py). `--pages` keeps of
larger docs the pages that answer and a drawn rest, N together. `--questions` takes so many of each set, evenly.
Indexes are built in WORK.

For each corpus in turn: the seed pipeline, each of Footnote's stages alone, Footnote as it is set, and Footnote with
the constants that are best on the *other* corpora, each of which counts alike. Then, pooled by corpus, the difference
to the seed pipeline and to Footnote as it is set, of each of them and of each constant alone. Intervals are 95%, by
bootstrap over the questions of each corpus.
"""

import argparse
import random
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from ablation import Remembering
from judgments import DEPTH, Found, Gold, scores
from numpy.typing import NDArray
from peers import Footnote, Peer, SeedPipeline
from quality import build, questions_of, say
from tables import table as markdown_table

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Chunk
from footnote.app.evaluation.questions import read_questions
from footnote.app.evaluation.scoring.labels import Labels
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.retrieval.fuse import FusedHit
from footnote.app.retrieval.weights import Weights
from footnote.app.tuning.asked import Asked, ask
from footnote.app.tuning.fit import FUSIONS, GRID

SEARCH = load_settings(None).search
DEEPEST = 20
METRICS = (f"page/MRR@{DEPTH}", "page/hit@1", "page/hit@5", "section/hit@4", "passage/hit@4")
MRR = METRICS[0]
SEED, OURS, CHOSEN = "seed pipeline", "Footnote", "chosen on the others"
DRAWS = 5_000
Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """The constants of a ranking."""

    weights: Weights = Weights.of(SEARCH)
    rerank_depth: int = SEARCH.rerank_depth


RERANK_DEPTHS = (8, 12, 16, DEEPEST)
CHOICES = [Choice(weights, depth) for depth in RERANK_DEPTHS for weights in GRID]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of a corpus: where its answer stands, what the searches found, and what the seed pipeline returned."""

    gold: list[Gold]
    asked: Asked
    seed: list[Found]

    def scores(self, found: Sequence[Found]) -> Scores:
        """By metric, of those that the labels allow."""
        return {one.metric: one.value for one in scores(found, self.gold)}

    def scores_of_hits(self, hits: Sequence[FusedHit | LexicalHit | VectorHit]) -> Scores:
        """The same of what a stage found."""
        return self.scores(places(self.asked.chunks[one.chunk_id] for one in hits[:DEPTH]))

    def scores_of_choices(self) -> list[Scores]:
        """Of `CHOICES`, in their order."""
        ranked = (chunks for depth in RERANK_DEPTHS for chunks in self.asked.ranked(GRID, depth))
        return [self.scores(places(chunks[:DEPTH])) for chunks in ranked]


def places(chunks: Iterable[Chunk]) -> list[Found]:
    return [Found(chunk.path, chunk.start, chunk.end) for chunk in chunks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="DOCS QUESTIONS")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--questions", type=int)
    given = parser.parse_args()
    if len(given.sets) % 2 or len(given.sets) < 4:
        parser.error("each DOCS needs its QUESTIONS, and nothing can be chosen without a second corpus")
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        corpora = {}
        for docs, file in zip(given.sets[::2], given.sets[1::2], strict=True):
            pages = sampled(docs, file, work / file.stem / "docs", given.pages) if given.pages else docs
            corpora[file.stem] = list(judged(pages, file, work / file.stem, given.questions))
    report({name: Corpus.of(several) for name, several in corpora.items()})


@dataclass(frozen=True, slots=True)
class Corpus:
    """What came of each question, in order, by way; `choices` by their place in `CHOICES`."""

    ways: Mapping[str, list[Scores]]
    choices: list[list[Scores]]

    @classmethod
    def of(cls, several: Sequence[Judged]) -> "Corpus":
        made = [one.scores_of_choices() for one in several]
        default = CHOICES.index(Choice())
        ways = {
            SEED: [one.scores(one.seed) for one in several],
            "BM25": [one.scores_of_hits(one.asked.lexical) for one in several],
            "vectors": [one.scores_of_hits(one.asked.vector) for one in several],
            "fused": [one.scores_of_hits(one.asked.fused(Choice().weights)) for one in several],
            OURS: [scored[default] for scored in made],
        }
        return cls(ways, [list(scored) for scored in zip(*made, strict=True)])


def report(corpora: Mapping[str, Corpus]) -> None:
    """Print the tables."""
    means = {name: [mean(scored, MRR) for scored in corpus.choices] for name, corpus in corpora.items()}
    ways: dict[str, dict[str, list[Scores]]] = {}
    picked = {}
    for name, corpus in corpora.items():
        best = best_without(name, means)
        picked[name] = CHOICES[best]
        ways[name] = {**corpus.ways, CHOSEN: corpus.choices[best]}
    rows = []
    for name, by_way in ways.items():
        for way, scored in by_way.items():
            cells = [f"{mean(scored, metric):.3f}" if has(scored, metric) else "" for metric in METRICS]
            rows.append([name, way, *cells, said(difference([(scored, by_way[SEED])]))])
    print(markdown_table(["corpus", "ranking", *METRICS, f"it - seed, MRR@{DEPTH}"], rows), end="\n\n")
    rows = []
    for way in next(iter(ways.values())):
        pairs = [(by_way[way], by_way[SEED]) for by_way in ways.values()]
        ours = [(by_way[way], by_way[OURS]) for by_way in ways.values()]
        hits = [found for found in (difference(pairs, metric) for metric in METRICS[3:]) if found]
        rows.append([way, said(difference(pairs)), said(difference(ours)), *map(said, hits)])
    head = ["pooled by corpus", "- seed, MRR", "- Footnote, MRR", "- seed, section@4", "- seed, passage@4"]
    print(markdown_table(head, rows), end="\n\n")
    rows = []
    for place, choice in enumerate(CHOICES):
        changed = changes(choice)
        if len(changed) == 1:
            pairs = [(corpus.choices[place], corpus.ways[OURS]) for corpus in corpora.values()]
            rows.append([*changed, said(difference(pairs))])
    print(markdown_table(["one constant changed", "- Footnote, MRR, pooled"], rows), end="\n\n")
    for name, choice in picked.items():
        print(f"best without {name}: {choice}")


def changes(choice: Choice) -> list[str]:
    """What of a choice is not the default, by name and value."""
    values, defaults = ({**asdict(one.weights), "rerank_depth": one.rerank_depth} for one in (choice, Choice()))
    return [f"{name} = {value}" for name, value in values.items() if value != defaults[name]]


def best_without(corpus: str, means: Mapping[str, Sequence[float]]) -> int:
    """The place of the choice that is best on the other corpora; the default among equals."""
    others = [found for name, found in means.items() if name != corpus]
    pooled = [sum(found) / len(others) for found in zip(*others, strict=True)]
    default = CHOICES.index(Choice())
    return max(range(len(pooled)), key=lambda place: (round(pooled[place], 6), place == default))


def has(scored: Sequence[Scores], metric: str) -> bool:
    return any(metric in one for one in scored)


def mean(scored: Sequence[Scores], metric: str) -> float:
    """Of the questions that have the metric."""
    return float(np.mean([one[metric] for one in scored if metric in one]))


Difference = tuple[float, float, float]


def difference(pairs: Sequence[tuple[Sequence[Scores], Sequence[Scores]]], metric: str = MRR) -> Difference | None:
    """The first of each pair - the second, each corpus counting alike, with its 95% interval; None without scores."""
    drawn = np.random.default_rng(7)
    means, draws = [], []
    for one, other in pairs:
        gaps = np.array([a[metric] - b[metric] for a, b in zip(one, other, strict=True) if metric in a])
        if len(gaps):
            means.append(gaps.mean())
            draws.append(resampled(gaps, drawn))
    if not means:
        return None
    low, high = np.quantile(np.mean(draws, axis=0), [0.025, 0.975])
    return float(np.mean(means)), float(low), float(high)


def resampled(gaps: NDArray[np.float64], drawn: np.random.Generator) -> NDArray[np.float64]:
    """The mean of each of `DRAWS` samples."""
    means: NDArray[np.float64] = gaps[drawn.integers(0, len(gaps), (DRAWS, len(gaps)))].mean(axis=1)
    return means


def said(found: Difference | None) -> str:
    return f"{found[0]:+.3f} ({found[1]:+.3f} to {found[2]:+.3f})" if found else ""


def judged(docs: Path, file: Path, work: Path, count: int | None) -> Iterator[Judged]:
    """The questions that have labels, none of them stale, with what both pipelines found."""
    with ExitStack() as stack:
        footnote = Footnote()
        build("footnote", footnote, docs, work, stack)
        engine = footnote.engine
        assert engine.models.reranker
        reranker = Remembering(engine.models.reranker)
        seed: Peer = SeedPipeline(engine.models, top_n=DEPTH)
        build("seed", seed, docs, work, stack)
        found = list(questions_of(file, Labels(engine.index), engine.index))
        count = min(count or len(found), len(found))
        for number, (question, gold) in enumerate((found[place * len(found) // count] for place in range(count)), 1):
            searched = ask(
                question.text, engine.index, engine.models.embedder, reranker, FUSIONS, SEARCH.candidates, DEEPEST
            )
            yield Judged(gold, searched, seed.search(question.text))
            if number % 20 == 0:
                say(f"{file.stem}: {number} questions")


def sampled(docs: Path, file: Path, folder: Path, pages: int) -> Path:
    """A folder of so many pages, those that the questions name and drawn others; the docs when they have no more."""
    found = sorted(path for path in docs.rglob("*") if path.suffix in (".md", ".mdx", ".markdown"))
    if len(found) <= pages:
        return docs
    golden = {docs / label.path for question in read_questions([file]) for label in question.gold}
    rest = [path for path in found if path not in golden]
    kept = [*golden, *random.Random(7).sample(rest, max(0, pages - len(golden)))]
    shutil.rmtree(folder, ignore_errors=True)
    for path in kept:
        if path.is_file():
            target = folder / path.relative_to(docs)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return folder


if __name__ == "__main__":
    main()
