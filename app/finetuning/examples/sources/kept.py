"""kept: answers that readers liked and that are proven -> cases, with the passages that they were written from."""

from collections.abc import Iterable, Iterator, Mapping

from footnote.app.answering.markers import markers
from footnote.app.core.progress import OnProgress
from footnote.app.core.types import Chunk, Hit, StageScore
from footnote.app.finetuning.examples.sources.cited import renumbered
from footnote.app.finetuning.examples.sources.types import Case, LeftOut
from footnote.app.index.reader import Index
from footnote.app.kept.messages import target_of
from footnote.app.kept.rows import KeptAnswer

NO_WORD = "a kept answer of which no reader said that it helped"
NOT_PROVEN = "a kept answer with a sentence that is not proven, or was left out"
ABOUT_THE_QUESTION = "a kept answer that says what is wrong with the question"
CUT_OFF = "a kept answer that was cut off by FOOTNOTE_LLM_MAX_TOKENS: raise it for answers to come"
BROKEN_OFF = "a kept answer that ends early, as the language model failed"
CANNOT_BE_GIVEN = "a kept answer whose text no model could have written from its passages"
TOO_MANY = "a kept answer that cites more passages than a prompt has"
GONE = "a kept answer with a passage that the docs do not have any more"


def from_kept(
    kept: Iterable[KeptAnswer], passages: int, index: Index, left_out: LeftOut, on_progress: OnProgress
) -> Iterator[Case]:
    """The case of each answer that a reader liked and that is proven; the others are counted by what they lack.

    A refusal that a reader liked is one, too. What the docs said then and do not say now is not learned. A prompt will
    have so many `passages`.
    """
    answers = []
    for one in kept:
        if one.feedback and one.feedback.helpful:
            answers.append(one)
        else:  # not held: most answers are of this kind, with all their passages
            left_out[NO_WORD] += 1
    for done, one in enumerate(answers):
        on_progress("kept answers", done, len(answers))
        found = _case(one, passages, index.chunks.get([passage.chunk_id for passage in one.passages]))
        if isinstance(found, Case):
            yield found
        else:
            left_out[found] += 1
    on_progress("kept answers", len(answers), len(answers))


def why_early(one: KeptAnswer) -> str | None:
    """Why the answer ends before it should, for people; None where it does not."""
    if one.refused or not one.truncated:
        return None
    return BROKEN_OFF if one.notice else CUT_OFF


def _case(one: KeptAnswer, passages: int, chunks: Mapping[str, Chunk]) -> Case | str:
    """The case, or why there is none."""
    if one.premises:
        return ABOUT_THE_QUESTION
    if early := why_early(one):
        return early
    if not one.is_proven:
        return NOT_PROVEN
    answer = target_of(one)
    if answer is None:
        return CANNOT_BE_GIVEN
    if any(passage.chunk_id not in chunks for passage in one.passages):
        return GONE
    hits = [
        Hit(chunks[passage.chunk_id], None, None, StageScore(rank, 0.0)) for rank, passage in enumerate(one.passages, 1)
    ]
    question, origin = one.asked_as or one.question, f"kept answer {one.id}"
    if one.refused:
        return Case(question, (), tuple(hits), "", "", "kept answers", origin)
    cited = list(dict.fromkeys(marker.number for marker in markers(answer)))
    if not cited:
        return CANNOT_BE_GIVEN
    if len(cited) > passages:
        return TOO_MANY
    answer = renumbered(answer, {number: place for place, number in enumerate(cited, 1)})
    oracle = tuple(hits[number - 1] for number in cited)
    beside = tuple(hit for rank, hit in enumerate(hits, 1) if rank not in cited)
    return Case(question, oracle, beside, answer, one.model, "kept answers", origin)
