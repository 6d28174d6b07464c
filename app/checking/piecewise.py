"""piecewise: an answer checked while it is written. What is let through is final, whatever follows.

piece -> judged -> held until what it depends on is known -> checked with all that was held -> put behind what was said

A sentence waits for nothing but its own verdict. What states nothing by itself - a lead-in, a heading, "Yes." - waits
for a sentence below it that stays; what follows a sentence that was cut in or behind a numbered list waits for the
end, where all numbers are settled; an answer that begins like a refusal waits for its first citation. Where the answer
may be refused as a whole, or a second opinion on it is asked for, all of it waits.
"""

import re
from collections.abc import Iterator, Sequence

from footnote.app.answering.answerer import Draft, Piece, begins_as_refusal, joined, widest
from footnote.app.answering.citations import located_sentences
from footnote.app.answering.defang import can_act, harmless_behind
from footnote.app.checking.checker import Checker
from footnote.app.checking.claims import read_claim
from footnote.app.checking.second_opinion import SecondOpinion
from footnote.app.checking.verdicts import Policy, SoFar, checked, is_dropped
from footnote.app.core.events import Said
from footnote.app.core.types import Hit

_NUMBERED = re.compile(r"[ \t>]*(?:[-*+#]+[ \t]+)*(?:\*\*|__)?\d{1,9}[.)]")
_MAX_READ_AGAIN = 8_000  # behind so many characters nothing is let through that must be read with all that is above


class PiecewiseCheck:
    """The check of one answer.

    Args:
        policy, opinion: as for `checked`.
        holds: nothing is to be let through before the end.
    """

    def __init__(
        self,
        question: str,
        hits: Sequence[Hit],
        checker: Checker,
        policy: Policy,
        generation: int,
        opinion: SecondOpinion | None = None,
        holds: bool = False,
    ) -> None:
        self._question, self._hits, self._checker = question, hits, checker
        self._policy, self._generation, self._opinion = policy, generation, opinion
        self._so_far = SoFar(question, hits, checker, generation)
        self._holds = holds or opinion is not None or policy.unsupported == "refuse"
        self._held: list[Piece] = []
        self._ends_well = False  # the last sentence that is held states something, and stays
        self._has_numbers = self._waits_for_end = False
        self._may_refuse: bool | None = None
        self._text = self._gap = ""
        self._let_through: list[Said] = []

    def add(self, piece: Piece) -> Iterator[Said]:
        """What is final with this piece, if anything is."""
        self._has_numbers |= _NUMBERED.match(piece.text) is not None
        self._held.append(piece)
        judged = [self._so_far.judged(sentence) for sentence in piece.sentences]
        self._waits_for_end |= len(self._text) > _MAX_READ_AGAIN and can_act(self._text + piece.text)
        self._waits_for_end |= self._has_numbers and any(is_dropped(one, self._policy) for one in judged)
        if judged:
            last = judged[-1]
            introduces = read_claim(last.text).role == "lead-in"
            self._ends_well = not introduces and last.verdict != "not checkable" and not is_dropped(last, self._policy)
            if self._may_refuse is None:
                self._may_refuse = begins_as_refusal(piece.sentences[0].text)
            self._may_refuse &= not any(sentence.citations for sentence in piece.sentences)
        if self._ends_well and not (self._holds or self._waits_for_end or self._may_refuse):
            yield self._join(self._part(Draft("", (), (), 0, None)))

    def end(self, draft: Draft) -> Draft:
        """All of the answer, checked; `draft` is what was written, the pieces that were added put together."""
        if draft.refused or not self._let_through:
            whole = self._checked(draft)
            return whole._replace(text=harmless_behind("", whole.text))
        if self._held:
            self._join(self._part(draft))
        said = self._let_through
        return draft._replace(
            text=self._text,
            sentences=tuple(sentence for one in said for sentence in one.sentences),
            citations=tuple(citation for one in said for citation in one.citations),
            dropped=tuple(sentence for one in said for sentence in one.dropped),
        )

    def _part(self, draft: Draft) -> Draft:
        """What is held, checked; the rest is of `draft`."""
        text, gap = joined((piece.text, piece.gap) for piece in self._held)
        sentences = tuple(one.sentence for one in located_sentences(text))
        part = self._checked(draft._replace(text=text, sentences=sentences))
        self._so_far.begun = (self._so_far.begun + text + gap).rpartition("\n")[2]
        return part

    def _checked(self, draft: Draft) -> Draft:
        return checked(
            draft,
            self._question,
            self._hits,
            self._checker,
            self._policy,
            self._generation,
            self._opinion,
            self._so_far,
        )

    def _join(self, part: Draft) -> Said:
        """What the part, which is of what is held, adds to the text."""
        kept = {_unnumbered(sentence.text) for sentence in part.sentences}
        stays = [any(_unnumbered(sentence.text) in kept for sentence in piece.sentences) for piece in self._held]
        first = stays.index(True) if True in stays else len(stays)
        gaps = [piece.gap for piece in self._held]
        added = ""
        if part.text:
            gap = widest(self._gap, *gaps[:first]) if self._text else ""
            added = gap + harmless_behind(self._text + gap, part.text)
            self._gap = ""
        self._text += added
        self._gap = widest(self._gap, *gaps[len(stays) - stays[::-1].index(True) - 1 if True in stays else 0 :])
        known = sum(len(one.citations) for one in self._let_through)
        self._let_through.append(Said(added, part.sentences, part.citations[known:], part.dropped))
        self._held, self._ends_well = [], False
        return self._let_through[-1]


def _unnumbered(text: str) -> str:
    return _NUMBERED.sub("", text, count=1)
