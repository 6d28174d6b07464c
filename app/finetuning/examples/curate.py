"""curate: the sources that options name -> examples -> a folder. What `footnote tune-llm data` runs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from footnote.app.answering.answerer import Answerer
from footnote.app.answering.links import Links
from footnote.app.checking.checker import Checker
from footnote.app.core.errors import NothingToLearnError, SettingsError
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.drafting.generate import generate
from footnote.app.evaluation.questions import find_question_files, read_questions, require_filled
from footnote.app.evaluation.rows import Problem, first_of
from footnote.app.evaluation.types import Question
from footnote.app.finetuning.examples.card import Origin
from footnote.app.finetuning.examples.files import Format, read_examples
from footnote.app.finetuning.examples.folder import write_folder
from footnote.app.finetuning.examples.make import ExampleSet, Shares, make_examples
from footnote.app.finetuning.examples.never import pages_of_tests, require_known
from footnote.app.finetuning.examples.prompts import Prompting
from footnote.app.finetuning.examples.sources.answers import Quoting
from footnote.app.finetuning.examples.sources.drafted import question_of_draft
from footnote.app.finetuning.examples.sources.kept import CUT_OFF, from_kept
from footnote.app.finetuning.examples.sources.labelled import Asking, from_questions
from footnote.app.finetuning.examples.sources.types import Case, LeftOut, Source
from footnote.app.finetuning.examples.types import Example
from footnote.app.index.docs_folder import docs_folder
from footnote.app.kept.answer_log import AnswerLog

Answers = Literal["extractive", "llm"]
Prompt = Literal["full", "compact"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What examples are wanted; see the options of `footnote tune-llm data`."""

    kept: bool = False
    questions: tuple[Path, ...] = ()
    draft: int = 0
    style: tuple[Path, ...] = ()
    never_train: tuple[Path, ...] = ()
    answers: Answers = "extractive"
    prompt: Prompt = "full"
    passages: int = 4
    without_oracle: float = 0.2
    refusals: float = 0.25
    held_out: float = 0.15
    drop_personal_data: bool = False
    format: Format = "openai"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """The files that were named, read before anything long begins."""

    questions: list[Question]
    test_pages: frozenset[str]
    style: dict[str, Example]  # by where each stands
    files: list[Path]


def read_inputs(wanted: Wanted) -> Read:
    """All that the options name.

    Raises:
        SettingsError: they name no source, or a line of a style file is no example.
        QuestionFileError: a question file is missing, or has wrong lines.
    """
    if not (wanted.kept or wanted.questions or wanted.draft):
        raise SettingsError(
            "nothing to make examples from: take --kept answers, name question files with --questions, or --draft some"
        )
    asked, never = find_question_files(wanted.questions), find_question_files(wanted.never_train)
    style = dict(_style(wanted.style))
    questions = read_questions(asked)
    require_filled(wanted.questions, questions)
    return Read(questions, pages_of_tests(wanted.never_train), style, [*asked, *never, *wanted.style])


def curate(
    engine: Engine, settings: Settings, wanted: Wanted, read: Read, folder: Path, on_progress: OnProgress
) -> dict[str, Any]:
    """Make the examples and write them; gives the card.

    Raises:
        NothingToLearnError: no example came of it.
        SettingsError: test questions are about pages that there are not.
        LLMError: a language model failed three times in a row.
    """
    require_known(read.test_pages, engine.index.files)
    made, drafted_by = _made(engine, settings, wanted, read, on_progress)
    if not made.train:
        reasons = "; ".join(f"{count} x {reason}" for reason, count in made.left_out.most_common(3))
        fix = "--draft more" if wanted.draft else "add question files with --questions, or --draft some"
        if made.left_out[CUT_OFF]:
            fix = "raise FOOTNOTE_LLM_MAX_TOKENS and keep new answers, or --draft some questions"
        raise NothingToLearnError(f"no example to learn from was left ({reasons or 'no question'}): {fix}")
    style = made.with_own(read.style, wanted.drop_personal_data)
    manifest = engine.index.manifest
    given = {name: value for name, value in asdict(wanted).items() if not isinstance(value, tuple)}
    origin = Origin(manifest, docs_folder(settings, manifest), given, read.files, drafted_by, len(style))
    return write_folder(folder, made, style, made.questions(read.questions), origin, wanted.format)


def _made(
    engine: Engine, settings: Settings, wanted: Wanted, read: Read, on_progress: OnProgress
) -> tuple[ExampleSet, str | None]:
    models, index = engine.models, engine.index
    checker = Checker(None, index.term_counts)
    links = Links(settings.links, index.manifest.anchor_style, index.manifest.at, index.manifest.elsewhere)
    site = flavour_named(index.manifest.flavour)
    quoting = Quoting(models.reranker, models.embedder, links, site, index.generation)
    writer: Answerer | None = models.answerer if wanted.answers == "llm" else None
    asking = Asking(engine, writer, quoting, checker, wanted.passages)
    sources: list[Source] = [partial(_labelled, read.questions, asking)]
    if wanted.kept:
        log = AnswerLog(settings.folders.index_dir, settings.kept_answers.days)
        sources.insert(0, partial(from_kept, log.read(newest_first=True), wanted.passages, index))
    drafted_by = None
    if wanted.draft:
        known = [one.text for one in read.questions]
        drafts = generate(settings, wanted.draft, known, wanted.seed, on_progress)
        drafted_by = drafts.by
        sources.append(partial(_drafted, [question_of_draft(one) for one in drafts.drafts], asking))
    prompting = Prompting(wanted.prompt == "compact", wanted.passages, wanted.seed, checker)
    shares = Shares(wanted.held_out, wanted.without_oracle, wanted.refusals)
    never, drops = read.test_pages, wanted.drop_personal_data
    return make_examples(sources, prompting, models.embedder, shares, never, drops, on_progress), drafted_by


def _labelled(
    questions: Sequence[Question], asking: Asking, left_out: LeftOut, on_progress: OnProgress
) -> Iterator[Case]:
    return from_questions(questions, asking, "question files", left_out, on_progress)


def _drafted(
    questions: Sequence[Question], asking: Asking, left_out: LeftOut, on_progress: OnProgress
) -> Iterator[Case]:
    return from_questions(questions, asking, "drafts", left_out, on_progress)


def _style(files: Sequence[Path]) -> Iterator[tuple[str, Example]]:
    """The user's own examples, each once, with `file:line`.

    Raises:
        SettingsError: a file cannot be read, or has wrong lines; all of them are named.
    """
    seen: set[Example] = set()
    problems: list[Problem] = []
    for file in files:
        try:
            for one in read_examples(file):
                if isinstance(one, Problem):
                    problems.append(one)
                elif one[1] not in seen:
                    seen.add(one[1])
                    yield f"{file}:{one[0]}", one[1]
        except OSError as error:
            raise SettingsError(f"cannot read {file}: {error.strerror}") from error
    if problems:
        raise SettingsError(first_of(problems))
