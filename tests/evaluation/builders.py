"""Runs for tests of what is made of them, without an index."""

from footnote.app.core.types import StageScore
from footnote.app.evaluation.types import (
    Answered,
    Cited,
    Label,
    Question,
    QuestionResult,
    Retrieved,
    Run,
    Score,
    Setup,
    StageTime,
)

SETUP = Setup(
    created_at="2026-01-02T03:04:05+00:00",
    tool_version="0.1.0",
    generation=3,
    docs_dir="/docs",
    files=2,
    chunks=9,
    embedder="embedder",
    reranker="reranker",
    llm="extractive",
    judge=None,
    ragas=None,
    top_k=4,
    candidates=50,
    rerank_depth=12,
    citations_checked=True,
    seed=0,
)


def make_question(name="q", **fields):
    given = {
        "id": name,
        "text": f"What is {name}?",
        "answerable": True,
        "gold": (Label("a.md", ("H",), "quote"),),
        "answer": "",
        "tags": ("lookup",),
        "generated": False,
        "origin": f"questions.jsonl:{name}",
    }
    return Question(**{**given, **fields})


def make_result(name="q", scores=None, **fields):
    question = fields.pop("question", None) or make_question(name)
    made = tuple(Score(metric, value) for metric, value in (scores or {}).items())
    return QuestionResult(question, fields.pop("status", "scored"), scores=made, **fields)


def make_run(*results):
    return Run(SETUP, results)


def make_missed(text, **fields):
    """A missed question with one text wherever a report shows any."""
    score = StageScore(2, 0.5)
    hit = Retrieved("c1", None, text, (text,), 3, 4, None, score, StageScore(7, 0.25), None, "passage", text)
    answer = Answered(text, False, None, 0.25, (Cited(text, 1, 2, text, "valid", False),), None)
    question = make_question(text=text, answer=text, tags=(text,), gold=(Label(text, (text,), text),), origin=text)
    scores = {"fused/passage/hit@4": 0.0, "fused/passage/nDCG@10": 0.0, "fused/passage/MRR@10": 0.0}
    scores |= {f"fused/passage/{name}@{k}": 0.0 for name in ("hit", "recall") for k in (1, 4, 10)}
    times = (StageTime("total", 12.0),)
    return make_result(
        scores=scores, question=question, miss=text, retrieved=(hit,), answer=answer, times=times, **fields
    )
