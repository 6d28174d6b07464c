"""keeping: what is kept of an answer once it is given, whichever door it went through, and of a reader's word on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from footnote.app.answering.language_model import has_compact_prompt
from footnote.app.audit.noting import note_answer
from footnote.app.core.errors import FeedbackOffError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer, Arm
from footnote.app.kept.answer_log import AnswerLog, make_answer_log
from footnote.app.kept.rows import PromptForm
from footnote.app.models.llm.own_llm import second_llm
from footnote.app.questions.question_log import Heading, QuestionLog, make_question_log
from footnote.app.usage.usage_log import UsageLog, make_usage_log
from footnote.app.watching.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where answers and words on them go.

    Attributes:
        questions: the refusals and the words; None where the settings ask for none.
        answers: every answer; None as well.
        usage: sums of each day; None as well.
        metrics: of the service that gives the answers; None where it is no service.
        prompts: in which form the language model of each arm is asked; that of None where there is one.
    """

    questions: QuestionLog | None
    answers: AnswerLog | None
    prompts: Mapping[Arm | None, PromptForm]
    usage: UsageLog | None = None
    metrics: Metrics | None = None

    def keep(self, answer: Answer, from_cache: bool = False) -> None:
        """Keep of an answer what is to be kept, and raise nothing; call it once for each who gets the answer."""
        note_answer(answer, from_cache)
        if self.metrics:
            self.metrics.answer(answer, from_cache)
        if self.usage:
            self.usage.count(answer, from_cache)
        if self.questions:
            self.questions.keep_refusal(answer)
        if self.answers:
            self.answers.keep(answer, self.prompts[answer.arm], from_cache)

    def close(self) -> None:
        """Write what is not written yet."""
        if self.usage:
            self.usage.close()

    def require(self) -> None:
        """Be sure that a reader's word is kept somewhere.

        Raises:
            FeedbackOffError: the settings ask for nothing to be kept.
        """
        if not (self.questions or self.answers):
            raise FeedbackOffError(
                "no questions are kept here: set FOOTNOTE_KEEP_QUESTIONS=true and restart the service"
            )

    def keep_word(
        self, question: str, helpful: bool, cited: tuple[Heading, ...], answer: str | None, comment: str | None
    ) -> None:
        """Keep what a reader says of an answer.

        Raises:
            QuestionLogError, AnswerLogError: it cannot be written.
        """
        if self.questions:
            self.questions.keep_feedback(question, helpful, cited, answer, comment)
        if self.answers:
            self.answers.keep_word(question, helpful, answer, comment)


def keep_of_several(answer: Answer, keepings: Mapping[str, Keeping], from_cache: bool = False) -> None:
    """Keep an answer of one collection, or of several that were asked together.

    Of several, a refusal is one of each: none of their docs answers. An answer is kept by the collection that it cites
    first, and counted there with its own pages alone; whole it is kept only if all of its passages are of that one, as
    the others could not be told from pages that are gone.
    """
    first = next(iter(keepings.values()))
    if not answer.collections:
        first.keep(answer, from_cache)
        return
    home_name = answer.citations[0].collection if answer.citations else answer.collections[0].name
    home = keepings.get(home_name or "", first)
    generation = next((one.generation for one in answer.collections if one.name == home_name), 0)
    of_home = replace(
        answer,
        citations=tuple(one for one in answer.citations if one.collection == home_name),
        generation=generation,
    )
    if answer.refused:
        for name, keeping in keepings.items():
            if keeping.questions:
                of_its_own = tuple(section for section in answer.nearest if section.collection == name)
                keeping.questions.keep_refusal(replace(answer, nearest=of_its_own))
    is_of_home = not answer.refused and all(hit.collection == home_name for hit in answer.hits)
    replace(home, questions=None, answers=home.answers if is_of_home else None).keep(of_home, from_cache)
    note_answer(answer, from_cache)  # all of it


def make_keeping(settings: Settings, metrics: Metrics | None = None) -> Keeping:
    """What the settings ask for."""
    index_dir = settings.folders.index_dir
    llm, split = settings.llm, settings.split
    prompts: dict[Arm | None, PromptForm] = {None: _prompt(llm), "A": _prompt(llm)}
    if split.share:
        prompts["B"] = _prompt(second_llm(split, llm))
    return Keeping(
        make_question_log(index_dir, settings.questions),
        make_answer_log(index_dir, settings.kept_answers),
        prompts,
        make_usage_log(index_dir, settings.usage),
        metrics,
    )


def _prompt(llm: LLMSettings) -> PromptForm:
    return "compact" if has_compact_prompt(llm) else "full"
