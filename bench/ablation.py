"""What each step of Footnote's ranking is worth: the same two searches, put together in other ways.

    pip install -c constraints.txt -e '.[bench]'
    python bench/ablation.py DOCS QUESTIONS [DOCS QUESTIONS ...] [--work FOLDER]

DOCS and QUESTIONS as for bench/quality.py, with the same rule of what is right. One table for each set and one for all:
a mean over the questions in each cell, and the paired difference of MRR@10, Footnote's default - the line's, with its
95% interval by bootstrap. Every line returns ten chunks. Indexes are built in WORK.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from judgments import DEPTH, Found, scores
from langchain_core.cross_encoders import BaseCrossEncoder
from peers import Footnote
from quality import METRICS, MRR, OURS, Results, build, questions_of, say
from tables import table as markdown_table

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Hit, StageScore
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.comparing.compare import ScoredQuestion, Tolerances, compare
from footnote.app.evaluation.estimate import estimates
from footnote.app.evaluation.scoring.labels import Labels
from footnote.app.evaluation.types import Question, QuestionResult
from footnote.app.index.reader import Index
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.retrieval.fuse import FusedHit, fuse
from footnote.app.retrieval.rerank import rerank

SETTINGS = load_settings(None)


class Remembering(BaseCrossEncoder):
    """A cross-encoder that reads no pair twice."""

    def __init__(self, reranker: BaseCrossEncoder) -> None:
        self._reranker = reranker
        self._logits: dict[tuple[str, str], float] = {}

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        new = [pair for pair in dict.fromkeys(text_pairs) if pair not in self._logits]
        self._logits |= zip(new, self._reranker.score(new), strict=True)
        return [self._logits[pair] for pair in text_pairs]


@dataclass(frozen=True, slots=True)
class Searched:
    """What both searches returned for a question, best first, and what is needed to go on."""

    question: str
    lexical: list[LexicalHit]
    vector: list[VectorHit]
    index: Index
    reranker: BaseCrossEncoder

    def by_score(self) -> list[FusedHit]:
        """As Footnote fuses."""
        return fuse(self.lexical, self.vector, SETTINGS.search.candidates)

    def by_rank(self, depth: int = 20, k: int = 60) -> list[FusedHit]:
        """Reciprocal rank fusion with weights 0.4 and 0.6, as in LangChain's EnsembleRetriever."""
        sums: dict[str, float] = {}
        for weight, hits in ((0.4, self.lexical), (0.6, self.vector)):
            for rank, hit in enumerate(hits[:depth], 1):
                sums[hit.chunk_id] = sums.get(hit.chunk_id, 0.0) + weight / (k + rank)
        order = sorted(sums, key=lambda chunk_id: (-sums[chunk_id], chunk_id))
        return [FusedHit(one, None, None, StageScore(rank, sums[one])) for rank, one in enumerate(order, 1)]

    def alone(self, hits: Sequence[LexicalHit | VectorHit]) -> list[FusedHit]:
        """One search as it is."""
        return [FusedHit(hit.chunk_id, None, None, StageScore(rank, 0.0)) for rank, hit in enumerate(hits, 1)]

    def hits(self, fused: Sequence[FusedHit]) -> list[Hit]:
        """With their chunks."""
        chunks = self.index.chunks.get([hit.chunk_id for hit in fused])
        return [Hit(chunks[hit.chunk_id], None, None, hit.fused) for hit in fused]

    def reranked(self, fused: Sequence[FusedHit], depth: int, fused_weight: float = 0.0) -> list[Hit]:
        """The first `depth` in the cross-encoder's order."""
        return rerank(self.question, self.hits(fused[:depth]), self.reranker, fused_weight)


def default(found: Searched, depth: int = SETTINGS.search.rerank_depth) -> list[Hit]:
    return found.reranked(found.by_score(), depth, SETTINGS.search.fused_weight)


WAYS: dict[str, Callable[[Searched], list[Hit]]] = {
    "BM25": lambda found: found.hits(found.alone(found.lexical[:DEPTH])),
    "vectors": lambda found: found.hits(found.alone(found.vector[:DEPTH])),
    "fused by rank, 20 + 20": lambda found: found.hits(found.by_rank()),
    "fused by score, 50 + 50": lambda found: found.hits(found.by_score()),
    "by rank, 20 reranked": lambda found: found.reranked(found.by_rank(), 20),
    "by score, 20 reranked": lambda found: found.reranked(found.by_score(), 20),
    "by score, 12 reranked": lambda found: found.reranked(found.by_score(), 12),
    f"{OURS}: by score, reranked with the fused score": default,
    "with 8 reranked": lambda found: default(found, 8),
    "with 20 reranked": lambda found: default(found, 20),
}
DEFAULT = next(name for name, way in WAYS.items() if way is default)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="DOCS QUESTIONS")
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    if len(given.sets) % 2:
        parser.error("each DOCS needs its QUESTIONS")
    everything: Results = {name: [] for name in WAYS}
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for docs, file in zip(given.sets[::2], given.sets[1::2], strict=True):
            results = measured(docs, file, work / file.stem)
            print(table(file.stem, results), end="\n\n")
            for name, found in results.items():
                everything[name] += found
    print(table("all", everything))


def measured(docs: Path, file: Path, work: Path) -> Results:
    """What each way came to on each question that is not stale."""
    with ExitStack() as stack:
        footnote = Footnote()
        build("footnote", footnote, docs, work, stack)
        engine = footnote.engine
        reranker = engine.models.reranker
        assert reranker
        remembering = Remembering(reranker)
        results: Results = {name: [] for name in WAYS}
        for number, (question, gold) in enumerate(questions_of(file, Labels(engine.index), engine.index), 1):
            found = searched(engine, question, remembering)
            for name, way in WAYS.items():
                spans = [Found(hit.chunk.path, hit.chunk.start, hit.chunk.end) for hit in way(found)[:DEPTH]]
                results[name].append(QuestionResult(question, "scored", scores=tuple(scores(spans, gold))))
            if number % 20 == 0:
                say(f"{file.stem}: {number} questions")
        return results


def searched(engine: Engine, question: Question, reranker: BaseCrossEncoder) -> Searched:
    embedding = engine.models.embedder.embed_query(question.text)
    lexical = engine.index.lexical.search(question.text, SETTINGS.search.candidates)
    vector = engine.index.vectors.search(embedding, SETTINGS.search.candidates)
    return Searched(question.text, lexical, vector, engine.index, reranker)


def table(name: str, results: Results) -> str:
    """The lines as a markdown table."""
    head = ["ranking", *(metric.replace("/", " ") for metric in METRICS), f"default - it, MRR@{DEPTH}"]
    rows = []
    ours = [ScoredQuestion.of(one) for one in results[DEFAULT]]
    for way, found in results.items():
        means = estimates(found)
        cells = [f"{means[metric].value:.3f}" if metric in means else "" for metric in METRICS]
        changes = compare(way, [ScoredQuestion.of(one) for one in found], ours, Tolerances()).changes
        behind = next(one for one in changes if one.metric == MRR)
        said = "" if way == DEFAULT else f"{behind.difference:+.3f} ({behind.low:+.3f} to {behind.high:+.3f})"
        rows.append([way, *cells, said])
    title = f"{name}, {len(ours)} questions:"
    return f"{title}\n\n{markdown_table(head, rows)}"


if __name__ == "__main__":
    main()
