"""figures: what the index folder tells of a team's docs, questions and answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from footnote.app.index.manifest import FileRecord
from footnote.app.kept.messages import target_of
from footnote.app.kept.rows import KeptAnswer
from footnote.app.schemas.evaluation import EstimateOut, EvaluationOut

DAYS = 30  # in which pages count as changed: a round number
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class DocsFigures:
    """The pages, and how many of them changed in the last `DAYS` days; None where their dates cannot tell."""

    pages: int
    changed: int | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The kept answers.

    Attributes:
        answers: all of them, asked over `days`, from the first to the last; at least a day.
        written: those that a language model wrote, refusals of its own among them.
        sentences: of those, what the check looked at, with what it left out.
        unproven: of these sentences, those that were left out or marked.
        cut_off: written answers that the limit on tokens ended.
        liked, disliked: answers, not refusals, by a reader's last word.
        refused: by whatever stage.
        examples: different questions whose answer can be learned: liked, and proven in every sentence.
        prompt_tokens, completion_tokens: the mean of written answers that say; None where none does.
    """

    answers: int
    days: float
    written: int
    sentences: int
    unproven: int
    cut_off: int
    liked: int
    disliked: int
    refused: int
    examples: int
    prompt_tokens: float | None
    completion_tokens: float | None

    @property
    def per_day(self) -> float:
        """Answers a day."""
        return self.answers / self.days


def docs_figures(files: Sequence[FileRecord], now_s: float) -> DocsFigures:
    """By the files' own dates, which are all one where a checkout or a copy made them."""
    dates = [file.mtime_ns / 1e9 for file in files]
    if len(dates) > 1 and max(dates) - min(dates) < _DAY_S:
        return DocsFigures(len(dates), None)
    return DocsFigures(len(dates), sum(one >= now_s - DAYS * _DAY_S for one in dates))


def answer_figures(kept: Iterable[KeptAnswer]) -> AnswerFigures | None:
    """What the kept answers come to, one after the other; None where there are none."""
    count: Counter[str] = Counter()
    examples: set[str] = set()
    first, last = float("inf"), 0.0
    for one in kept:
        count["answers"] += 1
        first, last = min(first, one.asked_s), max(last, one.asked_s)
        count["refused"] += one.refused
        if one.feedback and not one.refused:
            count["liked" if one.feedback.helpful else "disliked"] += 1
            if one.feedback.helpful and one.is_proven and target_of(one):
                examples.add(" ".join((one.asked_as or one.question).casefold().split()))
        if one.mode == "llm" and one.refused_by not in ("filter", "gate"):
            count.update(_written(one))
    if not count["answers"]:
        return None
    said = count["said"]
    return AnswerFigures(
        answers=count["answers"],
        days=max(1.0, (last - first) / _DAY_S),
        written=count["written"],
        sentences=count["sentences"],
        unproven=count["unproven"],
        cut_off=count["cut_off"],
        liked=count["liked"],
        disliked=count["disliked"],
        refused=count["refused"],
        examples=len(examples),
        prompt_tokens=count["prompt"] / said if said else None,
        completion_tokens=count["completion"] / said if said else None,
    )


def _written(one: KeptAnswer) -> dict[str, int]:
    # A small model may say one thing over and over: once is enough to judge it by.
    once = {sentence.text: sentence for sentence in one.sentences}.values()
    seen = [sentence for sentence in once if sentence.verdict != "not checkable"]
    unproven = sum(sentence.verdict != "supported" for sentence in seen)
    found = {
        "written": 1,
        "sentences": len(seen) + len(one.dropped),
        "unproven": unproven + len(one.dropped),
        "cut_off": int(one.truncated),
    }
    if one.tokens and not one.from_cache:
        found |= {"said": 1, "prompt": one.tokens.prompt, "completion": one.tokens.completion}
    return found


def metric(evaluation: EvaluationOut | None, name: str) -> EstimateOut | None:
    """A metric of the last evaluation; None where it has none."""
    return next((one for one in evaluation.metrics if one.metric == name), None) if evaluation else None
