"""use: what the answer to a question took, in tokens, US dollars and seconds, beside what it is worth."""

from footnote.app.core.types import TokenUse
from footnote.app.evaluation.types import QuestionResult, Setup
from footnote.app.models.llm.chat import EXTRACTIVE

_NOTHING = TokenUse(0, 0, 0, 0.0)


def with_use(result: QuestionResult, setup: Setup) -> dict[str, float]:
    """The scores by metric, how its sentences were checked, and its use of tokens; what is not known is missing."""
    found = {score.metric: score.value for score in result.scores}
    if result.answer is None:
        return found
    checked = result.answer.checked
    if checked.sentences:
        found["checks/unverified"] = checked.unverified / checked.sentences
        found["checks/left_out"] = checked.left_out / checked.sentences
    if seen := checked.sentences - checked.left_out:
        found["checks/uncited"] = checked.uncited / seen
    if used := result.answer.tokens or (None if _was_asked(result, setup) else _NOTHING):
        found |= {
            "tokens/prompt": used.prompt,
            "tokens/completion": used.completion,
            "tokens/reasoning": used.reasoning,
        }
        if used.cost_usd is not None:
            found["cost/question"] = used.cost_usd
    return found


def was_written(result: QuestionResult) -> bool:
    """Whether it came so far that something was to be written."""
    return result.answer is not None and result.answer.refused_by not in ("filter", "gate")


def seconds_of(result: QuestionResult, stage: str) -> float:
    """What a stage took; 0.0 where it did not run."""
    return next((time.ms / 1000 for time in result.times if time.stage == stage), 0.0)


def _was_asked(result: QuestionResult, setup: Setup) -> bool:
    """Whether a language model was asked anything."""
    return setup.query_rewrite != "off" or (setup.llm != EXTRACTIVE and was_written(result))
