"""pairs: kept answers -> of one prompt an answer that readers liked and one that they did not -> lines for DPO."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from footnote.app.answering.prompt import PromptMessage
from footnote.app.finetuning.examples.personal import personal
from footnote.app.finetuning.examples.sources.kept import why_early
from footnote.app.finetuning.examples.sources.types import LeftOut
from footnote.app.kept.messages import messages_of, target_of
from footnote.app.kept.rows import KeptAnswer, PromptForm

PairFormat = Literal["openai", "trl"]

ALONE = "a prompt that has no liked and disliked answer"
NOT_PROVEN = "a liked answer with a sentence that is not proven, or was left out"
NOT_KNOWN = "an answer of which it is not known what the model should have written"
SAME = "a liked and a disliked answer that say the same"
OF_TEST_PAGE = "a prompt with a passage of a page of test questions"
HAS_PERSONAL_DATA = "a pair with what looks like personal data"


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt with its better and its worse reply."""

    prompt: tuple[PromptMessage, ...]
    better: str
    worse: str

    def line(self, format: PairFormat = "openai") -> str:
        """As a line of JSON: for OpenAI, or as trl's trainer of preferences reads it."""
        prompt = [{"role": one.role, "content": one.content} for one in self.prompt]
        better, worse = ([{"role": "assistant", "content": said}] for said in (self.better, self.worse))
        row: dict[str, Any] = {"prompt": prompt, "chosen": better, "rejected": worse}
        if format == "openai":
            row = {"input": {"messages": prompt}, "preferred_output": better, "non_preferred_output": worse}
        return json.dumps(row, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs, the oldest prompts first; and what was left out, by reason, and found of personal data, by kind."""

    pairs: tuple[Pair, ...]
    left_out: LeftOut
    personal_data: "Counter[str]" = field(default_factory=Counter)


def pairs_of(kept: Iterable[KeptAnswer], form: PromptForm, never: Collection[str], drops_personal_data: bool) -> Pairs:
    """A pair for each prompt that got both: the newest answer that was liked and is proven, the newest disliked one."""
    left_out: LeftOut = Counter()
    found: Counter[str] = Counter()
    prompts: dict[tuple[PromptMessage, ...], list[KeptAnswer]] = {}
    for one in kept:
        if one.feedback:
            prompts.setdefault(messages_of(one, form), []).append(one)
    pairs = []
    for prompt, answers in prompts.items():
        pair = _pair(prompt, answers, never)
        if isinstance(pair, str):
            left_out[pair] += 1
            continue
        kinds = set(personal("\n".join((prompt[-1].content, pair.better, pair.worse))))
        found.update(kinds)
        if kinds and drops_personal_data:
            left_out[HAS_PERSONAL_DATA] += 1
        else:
            pairs.append(pair)
    return Pairs(tuple(pairs), left_out, found)


def _pair(prompt: tuple[PromptMessage, ...], answers: list[KeptAnswer], never: Collection[str]) -> Pair | str:
    """The pair, or why there is none."""
    newest_first = sorted(answers, key=lambda one: -one.id)
    liked = [one for one in newest_first if one.feedback and one.feedback.helpful]
    disliked = [one for one in newest_first if one.feedback and not one.feedback.helpful]
    if not liked or not disliked:
        return ALONE
    if any(passage.path in never for passage in liked[0].passages):
        return OF_TEST_PAGE
    proven = [one for one in liked if one.is_proven]
    if not proven:
        return NOT_PROVEN
    better, worse = _newest_target(proven), _newest_target(disliked)
    if better is None or worse is None:
        without = proven if better is None else disliked
        return next(filter(None, map(why_early, without)), NOT_KNOWN)
    return SAME if " ".join(better.split()) == " ".join(worse.split()) else Pair(prompt, better, worse)


def _newest_target(answers: Iterable[KeptAnswer]) -> str | None:
    return next(filter(None, map(target_of, answers)), None)
