"""verdicts: a written draft with its sentences checked, and each citation narrowed to what supports its sentence.

draft -> judge each sentence -> cite what another hit supports -> drop, mark or refuse -> narrow the quotes -> renumber
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Literal

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.answering.citations import cite, edit_sentences
from footnote.app.checking.checker import Checker
from footnote.app.checking.quotes import supporting_passage
from footnote.app.core.types import Citation, Hit, Sentence

Policy = Literal["drop", "mark", "refuse"]
NOT_SUPPORTED = "the retrieved passages do not support the answer that was written"
MARK = "[?]"
_RULE_ROW = re.compile(r"[|:\s-]*-[|:\s-]*")


def checked(
    draft: Draft, question: str, hits: Sequence[Hit], checker: Checker, policy: Policy, generation: int
) -> Draft:
    """The draft with a verdict on each sentence, and citations that quote no more than supports it.

    `draft` cites hits by their number, from 1. A sentence that its citations do not support, or that has none, is
    cited to the first hit that does. What then is unsupported is treated by the policy; an answer of which nothing
    supported is left is a refusal. A draft whose sentences have their verdicts, as quotes do, stays as it is.
    """
    if draft.refused or (draft.sentences and all(sentence.verdict for sentence in draft.sentences)):
        return draft
    sentences = [
        replace(sentence, verdict="not checkable", reason="the header of a table")
        if row and _RULE_ROW.fullmatch(row.text)
        else _judged(sentence, question, hits, checker)
        for sentence, row in zip_longest(draft.sentences, draft.sentences[1:])
    ]
    wrong = tuple(sentence for sentence in sentences if sentence.verdict == "unsupported")
    if _refuses(sentences, policy):
        return refusal("check", NOT_SUPPORTED, draft.unknown_markers, draft.tokens)._replace(dropped=wrong)
    numbering = _Numbering(hits, checker, generation)
    edits: dict[int, str | None] = {}
    kept: list[Sentence] = []
    for place, sentence in enumerate(sentences):
        if sentence in wrong and policy == "drop":
            edits[place] = None
            continue
        kept.append(replace(sentence, citations=numbering.narrowed(sentence)))
        is_marked = sentence.verdict == "unsupported"
        if is_marked or kept[-1].citations != draft.sentences[place].citations:
            edits[place] = "".join(f"[{number}]" for number in kept[-1].citations) + MARK * is_marked
    return draft._replace(
        text=edit_sentences(draft.text, edits) if edits else draft.text,
        sentences=tuple(kept),
        citations=tuple(numbering.citations),
        dropped=wrong if policy == "drop" else (),
    )


def _judged(sentence: Sentence, question: str, hits: Sequence[Hit], checker: Checker) -> Sentence:
    cited = [hits[number - 1].chunk.index_text for number in sentence.citations]
    judgement = checker.judge(sentence.text, cited, question)
    if judgement.verdict == "unsupported":
        for number, hit in enumerate(hits, 1):
            if number in sentence.citations:
                continue
            if checker.judge(sentence.text, [hit.chunk.index_text], question).verdict == "supported":
                return Sentence(sentence.text, (number,), "supported")
    needed = sentence.citations if judgement.verdict == "unsupported" else _needed(sentence, hits, checker)
    return Sentence(sentence.text, needed, judgement.verdict, judgement.reason)


def _needed(sentence: Sentence, hits: Sequence[Hit], checker: Checker) -> tuple[int, ...]:
    """The citations without those that neither support the sentence nor are missed by it."""
    needed = sentence.citations
    for number in sentence.citations:
        others = [other for other in needed if other != number]
        texts = [hits[other - 1].chunk.index_text for other in others]
        if (
            others
            and not checker.relates(sentence.text, hits[number - 1].chunk.index_text)
            and (checker.rules.judge(sentence.text, texts).verdict != "unsupported")
        ):
            needed = tuple(others)
    return needed


def _refuses(sentences: Sequence[Sentence], policy: Policy) -> bool:
    verdicts = {sentence.verdict for sentence in sentences}
    if policy == "mark":
        return verdicts <= {"not checkable"}
    return not verdicts & {"supported", "partly"} or (policy == "refuse" and "unsupported" in verdicts)


class _Numbering:
    """Citations of one answer, numbered from 1 in the order in which they are first used."""

    def __init__(self, hits: Sequence[Hit], checker: Checker, generation: int) -> None:
        self._hits = hits
        self._checker = checker
        self._generation = generation
        self.citations: list[Citation] = []

    def narrowed(self, sentence: Sentence) -> tuple[int, ...]:
        """The numbers of the sentence's citations, each narrowed to what supports it."""
        return tuple(dict.fromkeys(self._number(sentence, source) for source in sentence.citations))

    def _number(self, sentence: Sentence, source: int) -> int:
        chunk = self._hits[source - 1].chunk
        passage = supporting_passage(sentence.text, chunk, self._checker)
        new = cite(len(self.citations) + 1, chunk, passage, self._generation)
        for known in self.citations:
            if (known.path, known.start, known.end) == (new.path, new.start, new.end):
                return known.number
        self.citations.append(new)
        return new.number
