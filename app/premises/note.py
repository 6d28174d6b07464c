"""note: what is wrong with a question, said in front of its answer or in the reason of a refusal."""

import re
from collections.abc import Sequence

from footnote.app.answering.answerer import Draft
from footnote.app.answering.citations import cite
from footnote.app.answering.defang import with_escaped_markers
from footnote.app.core.types import Citation, Premise
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed

_ITEM_MARK = re.compile(r"^(?:(?:[-*+>]|\d+[.)])\s+)+")
_NEGATION = re.compile(r"n't\b|\b(?:not|no|never|nowhere|neither|nor|unknown)\b", re.I)


def with_premises(
    draft: Draft, found: Sequence[Unnamed | Denial], generation: int, is_written: bool
) -> tuple[Draft, tuple[Premise, ...]]:
    """The draft with what is wrong with its question said first, and the same as premises of the answer.

    A refusal says it in its reason. A passage that denies is cited by the number that it has in the draft, or by the
    next one. Of a draft that a language model wrote, what it says itself is not said again.
    """
    if draft.refused:
        return _refused(draft, found)
    note = ""
    citations = list(draft.citations)
    premises = []
    for one in found:
        if isinstance(one, Unnamed):
            premise, is_said = _unnamed(one), any(_says_unnamed(sentence.text, one) for sentence in draft.sentences)
        else:
            citation = _citation(one, citations, generation)
            premise = Premise("denied", _denied(one), citations=(citation.number,))
            is_said = citation in draft.citations
            if citation not in citations:
                citations.append(citation)
        premises.append(premise)
        if not (is_written and is_said):
            note += (" " if note else "") + with_escaped_markers(premise.text, ())
            note += "".join(f" [{number}]" for number in premise.citations)
    text = f"{note}\n\n{draft.text}" if note else draft.text
    return draft._replace(text=text, citations=tuple(citations)), tuple(premises)


def _refused(draft: Draft, found: Sequence[Unnamed | Denial]) -> tuple[Draft, tuple[Premise, ...]]:
    reason = draft.refusal_reason or ""
    premises = []
    for one in found:
        if isinstance(one, Unnamed):
            premises.append(_unnamed(one))
            # The gate may have named it already.
            reason += _hint(one) if one.name in reason else f"; {_in_reason(premises[-1].text)}"
        else:
            premises.append(Premise("denied", f"{_denied(one)} ({_place(one)})"))
            reason += f"; {_in_reason(premises[-1].text)}"
    return draft._replace(refusal_reason=reason), tuple(premises)


def _in_reason(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def sentence_of(one: Unnamed | Denial) -> str:
    """The sentence that says what is wrong."""
    return _unnamed(one).text if isinstance(one, Unnamed) else _denied(one)


def _unnamed(one: Unnamed) -> Premise:
    return Premise("unnamed", f"The docs do not name `{one.name}`{_hint(one)}.", one.name, one.like)


def _hint(one: Unnamed) -> str:
    return f" (did you mean `{one.like}`?)" if one.like else ""


def _denied(one: Denial) -> str:
    return f"The docs say otherwise: “{_ITEM_MARK.sub('', ' '.join(one.passage.text.split()))}”"


def _place(one: Denial) -> str:
    return f"{one.chunk.path}:{one.passage.start_line}-{one.passage.end_line}"


def _says_unnamed(sentence: str, one: Unnamed) -> bool:
    return one.name.casefold() in sentence.casefold() and bool(_NEGATION.search(sentence))


def _citation(one: Denial, citations: Sequence[Citation], generation: int) -> Citation:
    """The citation whose quote holds the passage, or else a new one."""
    passage = one.passage
    for known in citations:
        if known.path == one.chunk.path and known.start <= passage.start and passage.end <= known.end:
            return known
    return cite(len(citations) + 1, one.chunk, passage, generation)
