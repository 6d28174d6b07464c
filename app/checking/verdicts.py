"""verdicts: a written draft with its sentences checked, and each citation narrowed to what supports its sentence.

draft -> judge each sentence -> cite what supports it (-> second opinion) -> drop, mark or refuse -> narrow the quotes
      -> renumber
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal, NamedTuple

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.answering.citations import Located, cite, edit_sentences, located_sentences
from footnote.app.answering.steps import Line, closed_up, with_number
from footnote.app.checking.checker import Checker, Judgement
from footnote.app.checking.claims import introduced, read_claim
from footnote.app.checking.quotes import supporting_passage
from footnote.app.checking.second_opinion import SecondOpinion
from footnote.app.core.types import Chunk, Citation, Hit, Sentence, TokenUse

NOT_SUPPORTED = "the retrieved passages do not support the answer that was written"
# So many words more must a passage share with a sentence to be cited in place of one that could support it, too.
SLIP = 2
SAID_BEFORE = "it was said before"
MARK = "[?]"
MARK_UNSUPPORTED = "[unsupported]"


class Policy(NamedTuple):
    """What becomes of sentences that are unsupported, and of those that are merely unverified."""

    unsupported: Literal["drop", "mark", "refuse"] = "drop"
    unverified: Literal["mark", "keep", "drop"] = "mark"


def checked(
    draft: Draft,
    question: str,
    hits: Sequence[Hit],
    checker: Checker,
    policy: Policy,
    generation: int,
    opinion: SecondOpinion | None = None,
    so_far: "SoFar | None" = None,
) -> Draft:
    """The draft with a verdict on each sentence, and citations that quote no more than supports it.

    `draft` cites hits by their number, from 1. A sentence that its citations do not support, or that has none, is
    cited to the hits that do. What then is unsupported is treated by the policy, and goes with what introduces it and
    nothing else; numbers of a list close up behind it. An answer of which nothing is left is a refusal. A draft whose
    sentences have their verdicts, as quotes do, stays as it is. `opinion` is asked once, for what the rules do not
    refute. With `so_far` the draft is a part of an answer: its citations are numbered on from those that came before,
    and are all of them.
    """
    if draft.refused or (draft.sentences and all(sentence.verdict for sentence in draft.sentences)):
        return draft
    located = located_sentences(draft.text)
    below = introduced(draft.text, located, so_far.begun if so_far else "")
    headers = {place for place in below if read_claim(draft.sentences[place + 1].text).role == "rule"}
    so_far = so_far or SoFar(question, hits, checker, generation)
    sentences = [
        replace(sentence, verdict="not checkable", reason="the header of a table")
        if place in headers
        else so_far.judged(sentence)
        for place, sentence in enumerate(draft.sentences)
    ]
    if opinion:
        seconded = opinion.on(sentences, question, hits)
        sentences = list(seconded.sentences)
        draft = draft._replace(tokens=_sum(draft.tokens, seconded.tokens), check_failed=seconded.failed)
    cut = _cut(sentences, below, policy)
    wrong = tuple(sentence for sentence in sentences if sentence.verdict == "unsupported")
    dropped = tuple(sentences[place] for place in sorted(cut) if sentences[place].verdict != "not checkable")
    left = [sentence for place, sentence in enumerate(sentences) if place not in cut]
    if not so_far.has_answered and _refuses(left, wrong, policy):
        return refusal("check", NOT_SUPPORTED, draft.unknown_markers, draft.tokens)._replace(
            dropped=wrong, check_failed=draft.check_failed
        )
    so_far.has_answered = True
    numbering = so_far.numbering
    edits: dict[int, str | None] = dict.fromkeys(cut)
    lines = _lines(draft.text, located, cut)
    numbers = closed_up(lines, [*so_far.kept, *(one.text for one in left)]) if cut else {}
    kept: list[Sentence] = []
    for place, sentence in enumerate(sentences):
        if place in cut:
            continue
        text = with_number(sentence.text, numbers[place]) if place in numbers else sentence.text
        kept.append(so_far.once(replace(sentence, text=text, citations=numbering.narrowed(sentence))))
        mark = _mark(sentence, policy)
        if mark or kept[-1].citations != draft.sentences[place].citations:
            edits[place] = "".join(f"[{number}]" for number in kept[-1].citations) + mark
    so_far.kept += [one.text for one in kept]
    return draft._replace(
        text=edit_sentences(draft.text, edits, numbers) if edits else draft.text,
        sentences=tuple(kept),
        citations=tuple(numbering.citations),
        dropped=dropped,
    )


def evidence_of(chunk: Chunk) -> str:
    """A chunk as it is compared with sentences: as a language model reads it, below its file and headings."""
    return f"{chunk.path} > {chunk.breadcrumb}\n\n{chunk.text_in_context}"


def _judged(sentence: Sentence, question: str, evidence: Sequence[str], checker: Checker) -> Sentence:
    """The sentence with its verdict, and with the numbers of the passages that it is cited to, from 1."""

    @cache
    def judge(numbers: tuple[int, ...]) -> Judgement:
        return checker.judge(sentence.text, [evidence[number - 1] for number in numbers], question)

    judgement, citations = judge(sentence.citations), sentence.citations
    if judgement.verdict == "not checkable":
        return replace(sentence, verdict=judgement.verdict, reason=judgement.reason)
    everything = tuple(range(1, len(evidence) + 1))
    nearest = min(everything, key=lambda number: _order(judge((number,))), default=None)
    if judgement.verdict == "supported" and not (nearest and _is_nearer(judge((nearest,)), judgement)):
        return replace(sentence, citations=_needed(citations, judge), verdict="supported")
    if nearest and judge((nearest,)).verdict == "supported":
        return replace(sentence, citations=(nearest,), verdict="supported")
    judgement = judge(everything) if everything else judgement
    if judgement.verdict == "supported":
        citations = _needed((*citations, *(number for number in everything if number not in citations)), judge)
    return replace(sentence, citations=citations, verdict=judgement.verdict, reason=judgement.reason)


def _sum(one: TokenUse | None, other: TokenUse | None) -> TokenUse | None:
    return one + other if one and other else one or other


_BEST_FIRST = ("supported", "unverified", "not checkable", "unsupported")


def _order(judgement: Judgement) -> tuple[int, int, int]:
    return _BEST_FIRST.index(judgement.verdict), judgement.new, judgement.missing


def _is_nearer(one: Judgement, cited: Judgement) -> bool:
    """Whether the one passage says so much more of the sentence that the cited ones must be a slip."""
    return one.verdict == "supported" and one.new <= cited.new and one.missing <= cited.missing - SLIP


def _needed(citations: tuple[int, ...], judge: Callable[[tuple[int, ...]], Judgement]) -> tuple[int, ...]:
    """The citations without those that are not missed, the last ones first."""
    needed = citations
    for number in reversed(citations):
        others = tuple(other for other in needed if other != number)
        if others and judge(others).verdict == "supported":
            needed = others
    return needed


def _cut(sentences: Sequence[Sentence], below: Mapping[int, Sequence[int]], policy: Policy) -> set[int]:
    """The places of the sentences that are left out, with those that introduce nothing else."""
    cut = {place for place, sentence in enumerate(sentences) if is_dropped(sentence, policy)}
    for place in sorted(below, reverse=True) if cut else ():
        structure = [other for other in below[place] if sentences[other].verdict != "not checkable"]
        if structure and cut.issuperset(structure):
            cut.update({place, *below[place]})
        else:
            cut.discard(place)
    return cut


def is_dropped(sentence: Sentence, policy: Policy) -> bool:
    """Whether a sentence that states something is left out for its verdict."""
    how = {"unsupported": policy.unsupported, "unverified": policy.unverified}
    return how.get(sentence.verdict or "") == "drop"


def _lines(text: str, located: Sequence[Located], cut: set[int]) -> list[Line]:
    """The lines that sentences begin, in order."""
    by_start: dict[int, list[int]] = {}
    for place, one in enumerate(located):
        by_start.setdefault(text.rfind("\n", 0, one.start) + 1, []).append(place)
    return [
        Line(places[0], text[start : located[places[0]].end].partition("\n")[0], cut.issuperset(places))
        for start, places in by_start.items()
    ]


def _mark(sentence: Sentence, policy: Policy) -> str:
    if sentence.verdict == "unsupported":
        return MARK_UNSUPPORTED
    return MARK if sentence.verdict == "unverified" and policy.unverified == "mark" else ""


def _refuses(left: Sequence[Sentence], wrong: Sequence[Sentence], policy: Policy) -> bool:
    if policy.unsupported == "refuse" and wrong:
        return True
    return all(sentence.verdict == "not checkable" for sentence in left)


class SoFar:
    """What is known of one answer while its parts are checked one after the other.

    Attributes:
        numbering: of its citations.
        kept: its sentences so far.
        has_answered: whether a part of it was let through, so that the rest cannot make it a refusal.
        begun: what was written on the line on which the next part begins.
    """

    def __init__(self, question: str, hits: Sequence[Hit], checker: Checker, generation: int) -> None:
        self.numbering = _Numbering(hits, checker, generation)
        self.kept: list[str] = []
        self.has_answered = False
        self.begun = ""
        evidence = [evidence_of(hit.chunk) for hit in hits]
        self.judged = cache(lambda sentence: _judged(sentence, question, evidence, checker))
        self._proven: set[str] = set()

    def once(self, sentence: Sentence) -> Sentence:
        """The sentence, which if it was proven before is no second proof: small models say one thing over and over."""
        if sentence.verdict != "supported":
            return sentence
        said = " ".join(read_claim(sentence.text).text.casefold().split())
        if said in self._proven:
            return replace(sentence, verdict="not checkable", reason=SAID_BEFORE)
        self._proven.add(said)
        return sentence


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
        # What is not proven cites what it was written from, not a part that has some of its words.
        is_proven = sentence.verdict == "supported"
        passage = supporting_passage(sentence.text, chunk, self._checker) if is_proven else None
        new = cite(len(self.citations) + 1, chunk, passage, self._generation)
        for known in self.citations:
            if (known.path, known.start, known.end) == (new.path, new.start, new.end):
                return known.number
        self.citations.append(new)
        return new.number
