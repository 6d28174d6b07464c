"""advice: the lines of the guide's table with a team's own figures, and one advice. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from footnote.app.core.console import counted
from footnote.app.finetuning.advising.costs import Costs, Volume
from footnote.app.finetuning.advising.figures import DAYS, AnswerFigures, DocsFigures, metric
from footnote.app.models.llm.lineup.known import Lifetime
from footnote.app.schemas.evaluation import EstimateOut, EvaluationOut

# Guesses, each a round number: from where on retrieval is good enough, sentences are too often unproven, and examples
# are enough. OpenAI takes no job of fewer than 10 examples and advises 50 to 100 to begin with (its guide).
GOOD_HIT, BAD_SHARE = 0.8, 0.1
FEWEST_EXAMPLES, ENOUGH_EXAMPLES = 10, 50
FEWEST_ANSWERS = 50
NO_NEW_JOBS = date(2027, 1, 6)

Word = Literal[
    "measure first", "mend retrieval first", "collect first", "fine-tune, and keep retrieval", "stay with RAG"
]


@dataclass(frozen=True, slots=True)
class Line:
    """A question of the table, this team's figure, and what it means."""

    asked: str
    figure: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, why, and the table."""

    word: Word
    why: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """All that the advice is made of; what is None is not known.

    Attributes:
        top_k: passages that an answer is written from.
        others: examples beside those of kept answers, of question files and drafts.
        ends: until when the model of today is there.
        llm, tuned: the model of today and the tuned one, by name; None where none is in view.
    """

    docs: DocsFigures
    evaluation: EvaluationOut | None
    answers: AnswerFigures | None
    volume: Volume | None
    costs: Costs | None
    top_k: int
    others: int
    ends: Lifetime | None
    today: date
    llm: str | None = None
    tuned: str | None = None

    @property
    def hit(self) -> EstimateOut | None:
        """How often a passage that answers is among those that an answer is written from."""
        return metric(self.evaluation, f"hit@{self.top_k}")

    @property
    def unproven(self) -> float | None:
        """The share of written sentences that are not proven."""
        written = self.answers
        return written.unproven / written.sentences if written and written.sentences else None

    @property
    def examples(self) -> int:
        """Those that there are to learn from."""
        return (self.answers.examples if self.answers else 0) + self.others

    @property
    def is_cheaper(self) -> bool:
        """Whether the tuned model costs less in all, by what is known."""
        found = self.costs
        if not found or found.alone is None or found.tuned is None or found.training is None:
            return False
        return found.tuned + found.training < found.alone


def advise(given: Given) -> Advice:
    """The advice; the first reason that applies decides."""
    return Advice(*_decided(given), tuple(_lines(given)))


def _decided(given: Given) -> tuple[Word, str]:
    hit, unproven, written = given.hit, given.unproven, given.answers.written if given.answers else 0
    if hit is None:
        return (
            "measure first",
            "nobody knows whether the right passages are found: run `footnote eval` on real questions",
        )
    if hit.value < GOOD_HIT:
        return (
            "mend retrieval first",
            f"a passage that answers is found for {hit.value:.0%} of the questions, and no tuned language model makes "
            "up for the others: see `footnote eval`, `footnote tune` and `footnote gaps`",
        )
    if unproven is None or written < FEWEST_ANSWERS:
        return (
            "measure first",
            f"{counted(written, 'kept answer')} of a language model: set FOOTNOTE_LLM and FOOTNOTE_KEEP_ANSWERS=true, "
            f"and come back with {FEWEST_ANSWERS}",
        )
    if unproven < BAD_SHARE and not given.is_cheaper:
        return (
            "stay with RAG",
            f"{1 - unproven:.0%} of what is written is proven, and a tuned model would not be cheaper",
        )
    if given.examples < ENOUGH_EXAMPLES:
        return (
            "collect first",
            f"{counted(given.examples, 'example')} to learn from, where {ENOUGH_EXAMPLES} are a beginning: ask readers "
            "for their word, write question files, or draft with `footnote tune-llm data --draft`",
        )
    reason = "the tuned model is cheaper" if given.is_cheaper else f"{unproven:.0%} of what is written is not proven"
    return (
        "fine-tune, and keep retrieval",
        f"{reason}, and there are {given.examples} examples; try a better prompt first",
    )


def _lines(given: Given) -> Iterator[Line]:
    yield _knowledge(given.docs)
    yield _citations(given)
    yield _retrieval(given)
    yield from _writing(given)
    yield _examples(given)
    yield _money(given)
    yield _time(given)


def _knowledge(docs: DocsFigures) -> Line:
    asked = "Does knowledge change?"
    if docs.changed is None:
        return Line(asked, f"{counted(docs.pages, 'page')}, all of one date", "cannot be told: look into their history")
    figure = f"{docs.changed} of {counted(docs.pages, 'page')} changed in {DAYS} days"
    if docs.changed:
        return Line(asked, figure, "keep facts in the docs: a tuned model says the old ones until it is trained again")
    return Line(asked, figure, "either way could hold the facts; only passages can be cited")


def _citations(given: Given) -> Line:
    asked, meaning = (
        "Are citations needed?",
        "weights cite nothing: where they are, retrieval stays, tuned model or not",
    )
    written = given.answers
    if not written or not written.sentences:
        return Line(asked, "no answers of a language model are kept", meaning)
    proven = written.sentences - written.unproven
    return Line(asked, f"{proven:,} of {written.sentences:,} written sentences are proven by what they cite", meaning)


def _retrieval(given: Given) -> Line:
    asked, hit = "Are the passages found?", given.hit
    if hit is None:
        return Line(asked, "not measured", "run `footnote eval` with questions whose pages are known")
    figure = f"{hit.metric} {hit.value:.2f} ({hit.low:.2f} to {hit.high:.2f}, {counted(hit.questions, 'question')})"
    good = hit.value >= GOOD_HIT
    return Line(asked, figure, "good enough to look at the writing" if good else "the first thing to mend")


def _writing(given: Given) -> Iterator[Line]:
    asked, written = "Is the writing the problem?", given.answers
    if not written or given.unproven is None:
        yield Line(asked, "no answers of a language model are kept", "set FOOTNOTE_KEEP_ANSWERS=true, and wait")
        return
    cut_off = counted(written.cut_off, "answer")
    figure = f"{given.unproven:.0%} of {written.sentences:,} sentences unproven, {cut_off} cut off"
    yield Line(
        asked, figure, "examples can teach form and care" if given.unproven >= BAD_SHARE else "little to be learned"
    )
    words = written.liked + written.disliked
    figure = f"{written.liked} of {counted(words, 'word')} on {counted(written.answers, 'answer')} say that it helped"
    meaning = (
        "read what the others say: `footnote answers list --disliked`" if written.disliked else "nothing against it"
    )
    yield Line("Are readers content?", figure, meaning if words else "nobody said so far")


def _examples(given: Given) -> Line:
    kept = given.answers.examples if given.answers else 0
    figure = f"{kept} liked and proven answers, {given.others} of files"
    if given.examples < FEWEST_EXAMPLES:
        meaning = f"too few for any training, which takes {FEWEST_EXAMPLES} at least"
    elif given.examples < ENOUGH_EXAMPLES:
        meaning = f"few: {ENOUGH_EXAMPLES} to 100 are a beginning"
    else:
        meaning = "enough to begin"
    return Line("Are there enough examples?", figure, meaning)


def _money(given: Given) -> Line:
    asked, volume, found = "What would it cost?", given.volume, given.costs
    if not volume or not found:
        return Line(asked, "the volume is not known", "keep answers, or name it with --questions-per-day")
    how = "" if volume.is_measured else " (guessed)"
    tokens = f"{volume.prompt_tokens:,.0f} + {volume.completion_tokens:,.0f} tokens each{how}"
    shown = [
        f"{name} {'unknown' if usd is None else f'${usd:,.2f}'}"
        for name, usd in (("today", found.alone), ("tuned", found.tuned), ("training and people", found.training))
    ]
    figure = f"{_number(volume.questions_per_day)} questions a day, {tokens}; a month: {', '.join(shown)}"
    if found.alone is None or found.tuned is None:
        return Line(asked, figure, "; ".join(_missing(given, found)))
    if found.tuned >= found.alone:
        return Line(asked, figure, "the tuned model costs no less a question: it must earn its training by its answers")
    if found.break_even is None:
        return Line(asked, figure, "name --hour-usd and --training-usd to see from which volume on it pays")
    return Line(asked, figure, f"pays from {_number(found.break_even)} questions a day on")


def _missing(given: Given, found: Costs) -> Iterator[str]:
    """What has to be named for both costs to be known."""
    unpriced = [name for name, usd in ((given.llm, found.alone), (given.tuned, found.tuned)) if name and usd is None]
    if unpriced:
        yield f"no price is known of {' and '.join(unpriced)}: name it in the file of FOOTNOTE_LLM_PRICES"
    if not given.tuned:
        yield "name the tuned model with --tuned"


def _number(count: float) -> str:
    """`1,000`, `44.4`: three digits, or all of the whole ones."""
    return f"{count:,.0f}" if count >= 100 else f"{count:.3g}"


def _time(given: Given) -> Line:
    asked, left = "How long would it last?", (NO_NEW_JOBS - given.today).days
    jobs = f"OpenAI takes new jobs until {NO_NEW_JOBS}" if left > 0 else f"OpenAI takes no new jobs since {NO_NEW_JOBS}"
    if given.ends:
        return Line(
            asked, f"{jobs}; {given.ends.model} ends on {given.ends.ends}", "what is tuned from it ends with it"
        )
    return Line(asked, jobs, "a model on your own machine stays: `footnote tune-llm lora`")
