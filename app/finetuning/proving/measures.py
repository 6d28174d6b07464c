"""measures: how well one question was answered, by what the reader got and by what the model wrote. Pure functions."""

from collections.abc import Mapping

from footnote.app.checking.checker import Checker
from footnote.app.checking.verdicts import evidence_of
from footnote.app.evaluation.comparing.against import Measure
from footnote.app.evaluation.types import QuestionResult
from footnote.app.finetuning.proving.recording import Recorded

PROVEN = Measure("answers/proven", "share", "more")
CITED = Measure("written/cited", "share", "more")
HOLDING = Measure("written/citations hold", "share", "more")
IN_FORM = Measure("written/in form", "share", "more")
ANSWERED = Measure("refusal/answered", "share", "more")
REFUSED = Measure("refusal/recall", "share", "more")
JUDGED = Measure("answers/judged", "share", "more")
WORDS = Measure("answers/token_f1", "share", "more")
# What the reader and the report are told of each.
MEANINGS: Mapping[str, str] = {
    PROVEN.name: "of questions that the docs answer: sentences that the cited passages prove; none where it refused",
    ANSWERED.name: "of questions that the docs answer: answered, rightly or not",
    REFUSED.name: "of questions that the docs do not answer: refused",
    JUDGED.name: "answers that the judge finds to agree with the reference",
    WORDS.name: "words shared with the reference answer; none where it refused",
    CITED.name: "sentences that the model itself gave a source, before the check",
    HOLDING.name: "of those, sentences that the sources it named prove",
    IN_FORM.name: "replies that are the refusal word for word, or cite a source in every sentence, and end",
}


def measured(result: QuestionResult, recorded: Recorded | None, checker: Checker) -> dict[str, float]:
    """The measures that apply to a question that was asked, by name, each in [0, 1]."""
    found = {score.metric: score.value for score in result.scores if score.metric in MEANINGS}
    answer = result.answer
    if answer and result.question.answerable:
        checked = answer.checked
        found[PROVEN.name] = checked.supported / checked.sentences if checked.sentences else 0.0
    return found | (_written(result.question.text, recorded, checker) if recorded else {})


def _written(question: str, recorded: Recorded, checker: Checker) -> dict[str, float]:
    """What is to be said of the draft; what states nothing, such as "Yes.", needs no source."""
    draft, hits = recorded
    if draft.refused:
        return {IN_FORM.name: 1.0}
    claims = cited = holding = 0
    for sentence in draft.sentences:
        sources = [evidence_of(hits[number - 1].chunk) for number in sentence.citations]
        verdict = checker.judge(sentence.text, sources, question).verdict
        claims += verdict != "not checkable"
        cited += verdict != "not checkable" and bool(sources)
        holding += verdict == "supported" and bool(sources)
    is_in_form = cited == claims and claims > 0 and not draft.unknown_markers and not draft.truncated
    found = {IN_FORM.name: float(is_in_form)}
    if claims:
        found[CITED.name] = cited / claims
    return found | ({HOLDING.name: holding / cited} if cited else {})
