"""gather: the figures of an index folder, and what a plan of fine-tuning would cost with them."""

from dataclasses import dataclass
from datetime import datetime

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.settings import Settings
from footnote.app.evaluation.reports.last import read_last
from footnote.app.finetuning.advising.advice import Given
from footnote.app.finetuning.advising.costs import Costs, Training, Volume, costs
from footnote.app.finetuning.advising.figures import AnswerFigures, answer_figures, docs_figures
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_files, read_manifest
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.models.llm.chat import EXTRACTIVE, is_local, label_of, resolve_llm
from footnote.app.models.llm.lineup.known import Price, lifetime
from footnote.app.models.llm.lineup.pricing import Prices
from footnote.app.models.llm.own_llm import another_llm

# Where no kept answer tells its tokens: of the prompt beside the passages, and of what is written. Round numbers.
_FRAME_TOKENS, _ANSWER_TOKENS, _TOKEN_CHARS = 250, 120, 4
_EPOCHS = 3  # what OpenAI takes for small sets by itself


@dataclass(frozen=True, slots=True)
class Plan:
    """What nobody can read from an index folder.

    Attributes:
        questions_per_day: None for what the kept answers come to.
        tuned: the tuned model, as FOOTNOTE_LLM; None where there is none in view.
        others: examples beside those of kept answers.
        training_usd, hours, hour_usd, rounds_per_year: as of `Training`.
    """

    questions_per_day: float | None
    tuned: str | None
    others: int
    training_usd: float | None
    hours: float
    hour_usd: float | None
    rounds_per_year: float


def gather(settings: Settings, plan: Plan, now: datetime) -> Given:
    """All that the advice is made of.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index, or it cannot be read.
        AnswerLogError: the kept answers cannot be read.
        SettingsError: the tuned model is no name of one.
    """
    folder = settings.folders.index_dir
    generations = Generations(folder)
    live = generations.folder(generations.live())
    files = read_files(live)
    answers = answer_figures(AnswerLog(folder, settings.kept_answers.days).read())
    chunk_chars = sum(file.size_bytes for file in files) / max(1, read_manifest(live).chunks)
    volume = _volume(settings, answers, plan.questions_per_day, chunk_chars)
    return Given(
        docs=docs_figures(files, now.timestamp()),
        evaluation=read_last(folder),
        answers=answers,
        volume=volume,
        costs=_costs(settings.llm, plan, volume, answers) if volume else None,
        top_k=settings.search.top_k,
        others=plan.others,
        ends=lifetime(resolve_llm(settings.llm)),
        today=now.date(),
        llm=resolve_llm(settings.llm),
        tuned=plan.tuned,
    )


def _volume(
    settings: Settings, answers: AnswerFigures | None, per_day: float | None, chunk_chars: float
) -> Volume | None:
    """By the kept answers; where they do not tell a question's tokens, by the length of the passages."""
    asked = per_day if per_day is not None else answers.per_day if answers else None
    if asked is None:
        return None
    if answers and answers.prompt_tokens is not None and answers.completion_tokens is not None:
        return Volume(asked, answers.prompt_tokens, answers.completion_tokens, is_measured=True)
    passages = settings.search.top_k * chunk_chars / _TOKEN_CHARS
    return Volume(asked, passages + _FRAME_TOKENS, _ANSWER_TOKENS, is_measured=False)


def _costs(llm: LLMSettings, plan: Plan, volume: Volume, answers: AnswerFigures | None) -> Costs:
    examples = plan.others + (answers.examples if answers else 0)
    tokens = examples * (volume.prompt_tokens + volume.completion_tokens) * _EPOCHS
    training = Training(tokens, plan.training_usd, plan.hours, plan.hour_usd, plan.rounds_per_year)
    if plan.tuned and ":" not in plan.tuned and not is_local(plan.tuned):
        raise SettingsError(f"--tuned {plan.tuned}: use `provider:model` or the path of a .gguf file")
    tuned = _price(another_llm(plan.tuned, llm)) if plan.tuned else None
    return costs(volume, _price(llm), tuned, training)


def _price(llm: LLMSettings) -> Price | None:
    """Of tokens; quotes, and a model on this machine, cost none."""
    name = resolve_llm(llm)
    return Price(0.0, 0.0) if name == EXTRACTIVE or is_local(name) else Prices(llm).of(label_of(None, llm))
