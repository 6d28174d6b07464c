"""make: cases -> without repeats -> split by page -> prompts, some without their oracle -> balanced -> two sets."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from footnote.app.core.progress import OnProgress
from footnote.app.evaluation.types import Question
from footnote.app.finetuning.examples.personal import personal
from footnote.app.finetuning.examples.prompts import Made, Prompting
from footnote.app.finetuning.examples.repeats import without_repeats
from footnote.app.finetuning.examples.sources.cited import without_markers
from footnote.app.finetuning.examples.sources.types import Case, LeftOut, Source
from footnote.app.finetuning.examples.split import Side, Split, split_by_page
from footnote.app.models.embedder import Embedder

NO_SIDE = "a case with pages on both sides of the split, or with pages of test questions"
NO_SURE_REFUSAL = "a refusal for which every passage might answer"
TOO_MANY_REFUSALS = "a refusal beyond the share of --refusals"
HAS_PERSONAL_DATA = "an example with what looks like personal data"
SAID_IN_TRAINING = "a held-out example whose answer training has word for word"


@dataclass(frozen=True, slots=True)
class Shares:
    """What part of what: `held_out` of the cases, `without_oracle` of those with one, `refusals` at most of a set."""

    held_out: float
    without_oracle: float
    refusals: float


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """What was made.

    Attributes:
        left_out: by reason.
        personal_data: by kind, and by where it was found, how often.
    """

    train: tuple[Made, ...]
    held_out: tuple[Made, ...]
    split: Split
    left_out: LeftOut
    personal_data: dict[str, "Counter[str]"] = field(default_factory=dict)

    def questions(self, of_files: Sequence[Question]) -> list[Question]:
        """The labelled questions of the held-out side: those of the files, answered or not, and its drafts."""
        drafts = [one.case.labelled for one in self.held_out if one.case.labelled and one.case.labelled.generated]
        return [*(one for one in of_files if self._is_held_out(one)), *drafts]

    def _is_held_out(self, question: Question) -> bool:
        if not question.answerable:
            return self.split.draws_held_out(question.text)
        pages = {label.path for label in question.gold}
        return bool(pages) and pages <= self.split.held_out


def make_examples(
    sources: Iterable[Source],
    prompting: Prompting,
    embedder: Embedder,
    shares: Shares,
    never: Iterable[str],
    drops_personal_data: bool,
    on_progress: OnProgress,
) -> ExampleSet:
    """The examples of all sources, the first sources first where two say the same; shuffled by the seed."""
    left_out: LeftOut = Counter()
    found = (case for source in sources for case in source(left_out, on_progress))
    cases = list(without_repeats(found, embedder, left_out))
    split = split_by_page(cases, shares.held_out, frozenset(never), prompting.seed)
    sides: dict[Side, list[Case]] = {"train": [], "held out": []}
    for case in cases:
        side = split.side(case)
        if side:
            sides[side].append(case)
        else:
            left_out[NO_SIDE] += 1
    privacy = _Privacy(drops_personal_data, left_out)
    made = {side: _side(side, cases, split, prompting, shares, privacy) for side, cases in sides.items()}
    learned = {_said(one) for one in made["train"] if not one.is_refusal}
    held_out = [one for one in made["held out"] if one.is_refusal or _said(one) not in learned]
    left_out[SAID_IN_TRAINING] += len(made["held out"]) - len(held_out)
    return ExampleSet(tuple(made["train"]), tuple(held_out), split, +left_out, privacy.found)


class _Privacy:
    """Counts what looks like personal data, and says whether an example may stay."""

    def __init__(self, drops: bool, left_out: LeftOut) -> None:
        self._drops, self.left_out = drops, left_out
        self.found: dict[str, Counter[str]] = {}

    def allows(self, made: Made) -> bool:
        """Whether the example may stay; what is found in it is counted where it stands."""
        texts = [(f"{made.case.question}\n{made.example.reply}", made.case.origin)]
        texts += [
            (hit.chunk.text, f"{hit.chunk.path}:{hit.chunk.start_line}-{hit.chunk.end_line}") for hit in made.hits
        ]
        kinds = [(kind, origin) for text, origin in texts for kind in set(personal(text))]
        for kind, origin in kinds:
            self.found.setdefault(kind, Counter())[origin] += 1
        if kinds and self._drops:
            self.left_out[HAS_PERSONAL_DATA] += 1
            return False
        return True


def _side(
    side: Side, cases: Sequence[Case], split: Split, prompting: Prompting, shares: Shares, privacy: _Privacy
) -> list[Made]:
    """The examples of one side, in an order by the seed."""
    order = random.Random(f"{prompting.seed}\0{side}")
    shuffled = order.sample(cases, len(cases))
    answerable, silent = [one for one in shuffled if one.oracle], [one for one in shuffled if not one.oracle]
    out_of_bounds = split.out_of_bounds(side)
    refusals = _allowed([prompting.refused(case, out_of_bounds) for case in silent], privacy)
    # Of a refusals and b answers the refusals are a share r at most: a <= r (a + b).
    most = int(len(answerable) * shares.refusals / (1 - shares.refusals)) if shares.refusals < 1 else len(refusals)
    privacy.left_out[TOO_MANY_REFUSALS] += len(refusals[most:])
    refusals = refusals[:most]
    room = int(shares.refusals * (len(refusals) + len(answerable))) - len(refusals)
    wanted = max(0, min(round(shares.without_oracle * len(answerable)), room))
    answers: list[Made] = []
    for case in answerable:
        made = prompting.refused(case, out_of_bounds) if wanted > 0 else None
        if made and privacy.allows(made):
            refusals.append(made)
            wanted -= 1
        elif not made:
            answers += _allowed([prompting.answered(case, out_of_bounds)], privacy)
    return order.sample([*answers, *refusals], len(answers) + len(refusals))


def _allowed(made: Iterable[Made | None], privacy: _Privacy) -> list[Made]:
    kept = []
    for one in made:
        if one is None:
            privacy.left_out[NO_SURE_REFUSAL] += 1
        elif privacy.allows(one):
            kept.append(one)
    return kept


def _said(made: Made) -> str:
    return " ".join(without_markers(made.example.reply).casefold().split())


def counts_of(made: Sequence[Made], by: Literal["source", "written_by"]) -> dict[str, int]:
    """How many examples there are by where they come from, or by what wrote the answer; refusals apart."""
    counts = Counter(
        ("refusal" if one.is_refusal else one.case.written_by) if by == "written_by" else one.case.source
        for one in made
    )
    return dict(sorted(counts.items()))
