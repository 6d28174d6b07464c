"""messages: of a kept answer the prompt that asks for it, and the text that should come back. Pure functions.

Both are as a language model has them: sources numbered from 1 in the order in which they were found, and nothing that
Footnote itself added to the answer.
"""

import re
from collections.abc import Mapping

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.defang import with_escaped_markers
from footnote.app.answering.markers import markers
from footnote.app.answering.prompt import PromptMessage, prompt_messages
from footnote.app.checking.verdicts import MARK, MARK_UNSUPPORTED
from footnote.app.core.text.prose import rewrite_prose
from footnote.app.kept.rows import KeptAnswer, KeptCitation, KeptPassage, PromptForm

_MARKS = re.compile(rf"[ \t]?(?:{re.escape(MARK)}|{re.escape(MARK_UNSUPPORTED)})")


def messages_of(kept: KeptAnswer, prompt: PromptForm | None = None) -> tuple[PromptMessage, ...]:
    """The prompt as Footnote sends it for this question and these passages, in another form where one is named."""
    hits = [passage.hit(rank) for rank, passage in enumerate(kept.passages, 1)]
    return prompt_messages((prompt or kept.prompt) == "compact", kept.asked_as or kept.question, hits)


def target_of(kept: KeptAnswer) -> str | None:
    """What a language model should have written to this prompt; None where that is not known.

    That is the answer without what its check and its premises added, and with the numbers that the passages have in
    the prompt. Nobody knows it of an answer that ends early, that cites what is in no passage, or that the check
    refused as a whole: the passages may answer all the same.
    """
    if kept.refused:
        return REFUSAL_TEXT if kept.refused_by in ("gate", "model") and kept.passages else None
    if kept.truncated or not kept.passages:
        return None
    places = {one.number: _passage_of(one, kept.passages) for one in kept.citations}
    return _renumbered(_without_marks(_without_note(kept), kept), places)


def _without_note(kept: KeptAnswer) -> str:
    """The text behind what is said first of the question; of the premises, the model may have said some itself."""
    at = 0
    for one in kept.premises:
        said = with_escaped_markers(one.text, ()) + "".join(f" [{number}]" for number in one.citations)
        joined = f" {said}" if at else said
        if kept.text.startswith(joined, at):
            at += len(joined)
    return kept.text[at + 2 :] if at and kept.text.startswith("\n\n", at) else kept.text


def _without_marks(text: str, kept: KeptAnswer) -> str:
    is_marked = any(one.verdict in ("unverified", "unsupported") for one in kept.sentences)
    return rewrite_prose(text, _MARKS, lambda _: "") if is_marked else text


def _passage_of(citation: KeptCitation, passages: tuple[KeptPassage, ...]) -> int | None:
    """The number of the first passage that holds what is cited; None where quotes go on beyond them."""
    for number, one in enumerate(passages, 1):
        if one.path == citation.path and one.start <= citation.start and citation.end <= one.end:
            return number
    return None


def _renumbered(text: str, places: Mapping[int, int | None]) -> str | None:
    """The text with other numbers, each once where markers stand side by side."""
    pieces: list[str] = []
    beside: set[int] = set()
    at = 0
    for marker in markers(text):
        number = places.get(marker.number)
        if number is None:
            return None
        between = text[at : marker.start]
        if between.strip(" ") or not at:
            beside = set()
        if number not in beside:
            pieces += [between, f"[{number}]"]
        beside.add(number)
        at = marker.end
    return "".join([*pieces, text[at:]])
