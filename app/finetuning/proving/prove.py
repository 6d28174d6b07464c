"""prove: the same questions to the base and to the tuned model, on several sets of docs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from footnote.app.checking.checker import Checker
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.evaluation.asking import Asking
from footnote.app.evaluation.comparing.against import Values, against, means_of
from footnote.app.evaluation.judging.judge import Judge
from footnote.app.evaluation.run import evaluate_in_turn
from footnote.app.evaluation.types import Question, Run
from footnote.app.finetuning.proving.measures import CITED, HOLDING, measured
from footnote.app.finetuning.proving.recording import Recording
from footnote.app.finetuning.proving.verdict import Proof, SetProof, confidence_of, deciding, notes_of, verdict_of
from footnote.app.index.reader import open_index
from footnote.app.index.store import make_store


class Side(NamedTuple):
    """A language model with the models that search, and the settings that name it."""

    models: Models
    settings: Settings


@dataclass(frozen=True, slots=True)
class DocsSet:
    """An index, as settings name it, with questions about its docs; `is_unseen`: no training saw them."""

    folders: Settings
    questions: tuple[Question, ...]
    is_unseen: bool


def prove(
    base: Side,
    tuned: Side,
    sets: Sequence[DocsSet],
    on_progress: OnProgress = lambda stage, done, total: None,
    judge: Judge | None = None,
    seed: int = 0,
) -> Proof:
    """Both models on all sets, and the verdict.

    Raises:
        LLMError: a language model failed three times in a row.
        IndexMissingError, IndexMismatchError, IndexDamagedError: an index cannot be used.
    """
    confidence = confidence_of(len(sets), judge is not None)
    found = tuple(_proof_of(one, base, tuned, on_progress, judge, seed, confidence) for one in sets)
    names = found[0].against.names if found else ("", "")
    return Proof(*names, found, confidence, *verdict_of(found), notes_of(found, judge is not None))


def _proof_of(
    docs: DocsSet, base: Side, tuned: Side, on_progress: OnProgress, judge: Judge | None, seed: int, confidence: float
) -> SetProof:
    index = open_index(docs.folders.folders.index_dir, docs.folders.search.lexical, make_store(docs.folders.store))
    try:
        askings, recordings = [], []
        for side in (base, tuned):
            recordings.append(Recording(side.models.answerer))
            settings = side.settings.model_copy(update={"folders": docs.folders.folders})
            engine = Engine(index, replace(side.models, answerer=recordings[-1]), settings)
            askings.append(Asking(engine, settings, judge=judge))
        runs = evaluate_in_turn(askings, docs.questions, on_progress, seed=seed)
        checker = Checker(None, index.term_counts)
        a, b = _values(runs, recordings, checker)
    finally:
        index.close()
    return SetProof(
        index.manifest.docs_dir,
        docs.is_unseen,
        tuple(means_of(deciding(judge is not None), a, b, seed, confidence)),
        tuple(means_of((CITED, HOLDING), a, b, seed)),
        against(runs[0], runs[1], seed),
    )


def _values(runs: Sequence[Run], recordings: Sequence[Recording], checker: Checker) -> tuple[Values, Values]:
    """The measures of both models on the questions that both could be asked, in the same order."""
    a: list[dict[str, float]] = []
    b: list[dict[str, float]] = []
    for pair in zip(runs[0].results, runs[1].results, strict=True):
        if all(one.status == "scored" for one in pair):
            for values, result, recording in zip((a, b), pair, recordings, strict=True):
                values.append(measured(result, recording.written_for.get(result.question.text), checker))
    return a, b
