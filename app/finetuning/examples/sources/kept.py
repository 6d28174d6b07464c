"""kept: answers that were given and kept, that readers liked and whose every sentence is supported -> cases."""

from collections.abc import Iterable, Iterator

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.markers import markers
from footnote.app.core.progress import OnProgress
from footnote.app.finetuning.examples.sources.cited import renumbered
from footnote.app.finetuning.examples.sources.types import Case, LeftOut
from footnote.app.kept.messages import target_of
from footnote.app.kept.rows import KeptAnswer, Selection

LIKED = Selection(liked=True)
NOT_SUPPORTED = "a liked answer with a sentence that is not supported"
NO_TARGET = "a liked answer of which it is not known what the model should have written"
TOO_MANY = "a liked answer that cites more passages than a prompt has"


def from_kept(kept: Iterable[KeptAnswer], passages: int, left_out: LeftOut, on_progress: OnProgress) -> Iterator[Case]:
    """The cases of liked answers, the newest first; what they cite is the oracle, and distractors the rest."""
    newest_first = sorted(kept, key=lambda one: -one.id)
    for done, one in enumerate(newest_first):
        on_progress("kept answers", done, len(newest_first))
        case = _case(one, passages)
        if isinstance(case, str):
            left_out[case] += 1
        else:
            yield case
    on_progress("kept answers", len(newest_first), len(newest_first))


def _case(kept: KeptAnswer, passages: int) -> Case | str:
    """The case, or why there is none."""
    if not kept.refused and not kept.is_supported:
        return NOT_SUPPORTED
    target = target_of(kept)
    if target is None:
        return NO_TARGET
    hits = [passage.hit(rank) for rank, passage in enumerate(kept.passages, 1)]
    question, origin = kept.asked_as or kept.question, f"kept answer {kept.id}"
    if target == REFUSAL_TEXT:
        return Case(question, (), tuple(hits), "", "", "kept answers", origin)
    cited = list(dict.fromkeys(marker.number for marker in markers(target)))
    if not cited:
        return NO_TARGET
    if len(cited) > passages:
        return TOO_MANY
    answer = renumbered(target, {number: place for place, number in enumerate(cited, 1)})
    oracle = tuple(hits[number - 1] for number in cited)
    beside = tuple(hit for number, hit in enumerate(hits, 1) if number not in cited)
    return Case(question, oracle, beside, answer, kept.model, "kept answers", origin)
