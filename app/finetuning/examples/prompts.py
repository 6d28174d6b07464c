"""prompts: a case -> the very messages that Footnote sends, and the reply to learn.

As in RAFT (arXiv 2403.10131) the passages that answer stand among distractors, in any order, and some prompts are
without them: there the refusal is learned.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.prompt import prompt_messages
from footnote.app.checking.checker import Checker
from footnote.app.checking.verdicts import evidence_of
from footnote.app.core.types import Hit
from footnote.app.finetuning.examples.sources.cited import renumbered, without_markers
from footnote.app.finetuning.examples.sources.types import Case
from footnote.app.finetuning.examples.types import Example, Message

# The reranker's logit from which another passage may answer as well; a guess.
ANSWERS_LOGIT = 0.0


@dataclass(frozen=True, slots=True)
class Made:
    """An example with what it is made of: the case, and the passages in the order of its numbered sources."""

    example: Example
    case: Case
    hits: tuple[Hit, ...]

    @property
    def is_refusal(self) -> bool:
        """Whether the reply says that the docs do not say."""
        return self.example.reply == REFUSAL_TEXT

    @property
    def pages(self) -> frozenset[str]:
        """Those of its sources."""
        return frozenset(hit.chunk.path for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Prompting:
    """Puts cases into prompts of `passages` numbered sources; of a seed and a question it is always the same."""

    compact: bool
    passages: int
    seed: int
    checker: Checker

    def answered(self, case: Case, out_of_bounds: Collection[str]) -> Made:
        """The oracle among distractors, none of them of a page that is out of bounds, and the cited answer."""
        beside = [hit for hit in case.distractors if hit.chunk.path not in out_of_bounds]
        hits = [*case.oracle, *beside[: max(0, self.passages - len(case.oracle))]]
        order = self._random(case).sample(range(len(hits)), len(hits))
        numbers = {old + 1: new for new, old in enumerate(order, 1)}
        return self._made(case, [hits[place] for place in order], renumbered(case.answer, numbers))

    def refused(self, case: Case, out_of_bounds: Collection[str]) -> Made | None:
        """What was found without the oracle, and the refusal; None where nothing is left that surely does not answer.

        Of a case that has an oracle those are passages of other pages that support no sentence of the answer, and that
        the reranker does not take for one.
        """
        sentences = without_markers(case.answer).split("\n")
        beside = [
            hit
            for hit in case.distractors
            if hit.chunk.path not in out_of_bounds
            and not (case.oracle and (hit.chunk.path in case.pages or self._may_answer(hit, case, sentences)))
        ][: self.passages]
        if not beside:
            return None
        return self._made(case, self._random(case).sample(beside, len(beside)), REFUSAL_TEXT)

    def _may_answer(self, hit: Hit, case: Case, sentences: Sequence[str]) -> bool:
        if hit.reranked and hit.reranked.score > ANSWERS_LOGIT:
            return True
        evidence = [evidence_of(hit.chunk)]
        return any(
            self.checker.judge(one, evidence, case.question).verdict == "supported" for one in sentences if one.strip()
        )

    def _made(self, case: Case, hits: Sequence[Hit], reply: str) -> Made:
        sent = prompt_messages(self.compact, case.question, hits)
        # Replies of worked examples are read, not learned.
        prompt = [Message(one.role, one.content, 0 if one.role == "assistant" else None) for one in sent]
        return Made(Example((*prompt, Message("assistant", reply))), case, tuple(hits))

    def _random(self, case: Case) -> random.Random:
        return random.Random(f"{self.seed}\0{case.question}")
