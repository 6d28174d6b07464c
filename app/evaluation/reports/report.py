"""What every report of a run shows, computed once."""

from collections import Counter
from dataclasses import dataclass

from footnote.app.evaluation.comparing.against import Against
from footnote.app.evaluation.comparing.compare import Comparison
from footnote.app.evaluation.estimate import Estimate, Latency, estimates, latencies, slices
from footnote.app.evaluation.scoring.ranking import DEPTH
from footnote.app.evaluation.scoring.relevance import LEVELS
from footnote.app.evaluation.types import Level, QuestionResult, Run, Stage

ANSWER_METRICS = {
    "refusal/precision": "of the refused, the docs do not say",
    "refusal/recall": "of those that the docs do not say, refused",
    "refusal/answered": "of the answerable, answered",
    "citations/validity": "of the citations, true to the docs folder",
    "citations/precision": "of the citations, of a gold passage",
    "citations/recall": "of the gold passages, cited",
    "checks/supported": "of an answer's sentences, proven by what they cite",
    "checks/kept": "of the same, not left out by the check",
    "checks/cited": "of the sentences that are shown, with a source",
    "answers/token_f1": "words shared with the reference, F1",
    "answers/token_recall": "of the reference's words, in the answer",
    "answers/judged": "answers that say what the reference says",
    "ragas/faithfulness": "of an answer's statements, held by its passages",
    "ragas/answer_relevancy": "how like the question are those that the answer answers",
    "ragas/context_precision": "useful passages come first, by the reference",
    "ragas/context_utilization": "useful passages come first, by the answer",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A run with its means: of all questions, and of each tag's; `against` compares it with that of another model."""

    run: Run
    comparison: Comparison | None
    found: dict[str, Estimate]
    by_tag: dict[str, dict[str, Estimate]]
    latencies: list[Latency]
    against: Against | None = None

    @classmethod
    def of(cls, run: Run, comparison: Comparison | None = None, against: Against | None = None) -> "Report":
        seed = run.setup.seed
        found, by_tag = estimates(run.results, seed), slices(run.results, seed)
        return cls(run, comparison, found, by_tag, latencies(run.results), against)

    @property
    def unscored(self) -> dict[str, Counter[str]]:
        """How many questions the judge could not score, by metric and reason."""
        counted: dict[str, Counter[str]] = {}
        for result in self.run.results:
            for one in result.unscored:
                counted.setdefault(one.metric, Counter())[one.problem] += 1
        return counted

    def scored_of(self, metric: str) -> str:
        """On how many questions the metric's mean rests, such as `37` or, where the judge failed, `37 of 40`."""
        scored = self.found[metric].questions if metric in self.found else 0
        missing = self.unscored[metric].total() if metric in self.unscored else 0
        return f"{scored} of {scored + missing}" if missing else str(scored)

    @property
    def unscored_lines(self) -> list[str]:
        """For each such metric how many questions were not scored, and why."""
        lines = []
        for metric in ANSWER_METRICS:
            if metric in self.unscored:
                reasons = self.unscored[metric]
                of = self.scored_of(metric).rpartition(" ")[2]
                why = "; ".join(f"{count} {reason}" for reason, count in reasons.most_common())
                lines.append(f"{metric}: {reasons.total()} of {of} not scored: {why}")
        return lines

    @property
    def counts(self) -> dict[str, int]:
        """How many questions there are of each kind."""
        every = self.run.results
        return {
            "questions": len(every),
            "answerable": sum(one.question.answerable for one in every),
            **{status: sum(one.status == status for one in every) for status in ("scored", "stale", "failed")},
            "missed": len(self.missed),
        }

    @property
    def missed(self) -> list[QuestionResult]:
        return [one for one in self.run.results if one.miss]

    @property
    def summary(self) -> str:
        """The counts and the index, in one line."""
        counts, setup = self.counts, self.run.setup
        rewriting = f"; query rewriting {setup.query_rewrite}, {setup.not_rewritten} not rewritten"
        return (
            f"{counts['questions']} questions, {counts['answerable']} answerable: {counts['scored']} scored, "
            f"{counts['stale']} stale, {counts['failed']} failed; generation {setup.generation}, "
            f"{setup.files} files, {setup.chunks} chunks of {setup.docs_dir}"
            f"{rewriting if setup.query_rewrite != 'off' else ''}"
        )

    @property
    def last_stage(self) -> Stage:
        """The stage whose order answers are made from."""
        return "reranked" if any(name.startswith("reranked/") for name in self.found) else "fused"

    @property
    def finest_level(self) -> Level | None:
        """The finest level that any question is scored at; None where no question has a label."""
        return next(
            (level for level in reversed(LEVELS) if f"{self.last_stage}/{level}/MRR@{DEPTH}" in self.found), None
        )

    @property
    def tag_columns(self) -> dict[str, str]:
        """The metrics that tags are compared by, by their short names."""
        place, top_k = f"{self.last_stage}/{self.finest_level}", self.run.setup.top_k
        columns = {
            f"hit@{top_k}": f"{place}/hit@{top_k}",
            f"nDCG@{DEPTH}": f"{place}/nDCG@{DEPTH}",
            "answered": "refusal/answered",
            "refused": "refusal/recall",
            "cited": "citations/recall",
            "token F1": "answers/token_f1",
        }
        return {title: metric for title, metric in columns.items() if metric in self.found}

    def scored_with(self, tag: str) -> int:
        """How many questions with this tag are scored."""
        return sum(tag in one.question.tags for one in self.run.results if one.status == "scored")
