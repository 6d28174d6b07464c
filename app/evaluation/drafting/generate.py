"""`footnote eval --generate`: passages of every page in turn -> drafts -> checked and without repeats -> a file."""

import json
import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from footnote.app.answering.asked import LanguageModel
from footnote.app.core.errors import LLMError
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk
from footnote.app.evaluation.drafting import by_llm as draft_by_llm
from footnote.app.evaluation.drafting import by_rule as draft_by_rule
from footnote.app.evaluation.drafting.draft import Draft
from footnote.app.evaluation.scoring.labels import Labels
from footnote.app.evaluation.types import Label
from footnote.app.index.reader import Index, open_index
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.app.models.llm.chat import EXTRACTIVE, resolve_llm

T = TypeVar("T")

# Of the drafts from uv's docs all pairs above said the same, and most below asked for something else (measured).
SAME_COSINE = 0.95
_TRIES = 3  # passages that a model may be asked about, for each question wanted
_FAILURES_IN_A_ROW = 3
_REPEATED = "a question that is there already"


@dataclass(frozen=True, slots=True)
class Drafts:
    """What was drafted.

    Attributes:
        by: the language model, or "rules".
        dropped: how many drafts were dropped, by reason.
        pages: pages of the index.
    """

    drafts: tuple[Draft, ...]
    by: str
    dropped: tuple[tuple[str, int], ...]
    pages: int

    def jsonl(self) -> str:
        """A line a question."""
        return "".join(f"{draft.line}\n" for draft in self.drafts)

    def summary(self, file: Path) -> str:
        """What was written, what was dropped, and what to do with it."""
        paths = len({draft.path for draft in self.drafts})
        dropped = ", ".join(f"{count} {reason}" for reason, count in self.dropped)
        return (
            f"{len(self.drafts)} questions drafted by {self.by} from {paths} of {self.pages} pages, in {file}"
            f"{f'; dropped: {dropped}' if dropped else ''}\n"
            "Read each one: delete its line, or keep it and take `generated` out."
        )

    def summary_json(self, file: Path) -> str:
        """The same as one JSON document."""
        fields = {"drafted": len(self.drafts), "by": self.by, "dropped": dict(self.dropped), "output": str(file)}
        return json.dumps(fields, ensure_ascii=False)


def generate(
    settings: Settings,
    count: int,
    known: Sequence[str] = (),
    seed: int = 0,
    on_progress: OnProgress = lambda stage, done, total: None,
) -> Drafts:
    """At most `count` drafts, none like another or like a question that is `known`.

    The language model of the settings drafts them; without one, rules do, and find fewer.

    Raises:
        LLMError: the language model failed three times in a row.
        IndexMissingError, IndexDamagedError: see `open_index`.
    """
    model = None if resolve_llm(settings.llm) == EXTRACTIVE else LanguageModel(settings.llm, settings.models.threads)
    embedder = make_embedder(settings.models, settings.llm, settings.embedding_service)
    index = open_index(settings.folders.index_dir, store=make_store(settings.store))
    try:
        pages = _pages(index, seed)
        found: Iterator[Draft | str]
        if model:
            found = _by_model(_in_turns(map(iter, pages)), model, count * _TRIES)
        else:
            found = _in_turns(map(_by_rules, pages))
        kept, dropped = _chosen(found, count, Seen(embedder, known), Labels(index), on_progress)
    finally:
        index.close()
    return Drafts(tuple(kept), model.name if model else "rules", tuple(sorted(dropped.items())), len(pages))


def _pages(index: Index, seed: int) -> list[list[Chunk]]:
    """The chunks of each page; the seed decides the order of pages, and of the chunks of each."""
    pages: dict[str, list[Chunk]] = {}
    for chunk in sorted(index.chunks.all_chunks(), key=lambda chunk: (chunk.path, chunk.start)):
        pages.setdefault(chunk.path, []).extend(chunk.apart())
    order = random.Random(seed)
    shuffled = [order.sample(chunks, len(chunks)) for chunks in pages.values()]
    order.shuffle(shuffled)
    return shuffled


def _in_turns(queues: Iterable[Iterator[T]]) -> Iterator[T]:
    """The first of each, then the second of each; no more is drawn than is asked for."""
    left = deque(queues)
    while left:
        queue = left.popleft()
        for one in queue:
            yield one
            left.append(queue)
            break


def _by_rules(chunks: Sequence[Chunk]) -> Iterator[Draft]:
    """Those of one page."""
    opening: dict[tuple[str, ...], int] = {}
    for chunk in chunks:
        opening[chunk.heading_path] = min(chunk.start, opening.get(chunk.heading_path, chunk.start))
    for chunk in chunks:
        yield from draft_by_rule.drafts_of(chunk, opening[chunk.heading_path] == chunk.start)


def _by_model(chunks: Iterable[Chunk], model: LanguageModel, tries: int) -> Iterator[Draft | str]:
    failures = 0
    for chunk in islice((one for one in chunks if len(one.text) >= draft_by_llm.MIN_CHUNK_CHARS), tries):
        try:
            draft = draft_by_llm.draft_of(chunk, model)
            failures = 0
        except LLMError:
            failures += 1
            if failures == _FAILURES_IN_A_ROW:
                raise
            draft = "a call of the model that failed"
        yield draft


def _chosen(
    found: Iterator[Draft | str], count: int, seen: "Seen", labels: Labels, on_progress: OnProgress
) -> tuple[list[Draft], Counter[str]]:
    kept: list[Draft] = []
    dropped: Counter[str] = Counter()
    on_progress("draft", 0, count)
    for draft in found:
        reason = draft if isinstance(draft, str) else _fault(draft, seen, labels)
        if reason:
            dropped[reason] += 1
        elif isinstance(draft, Draft):
            kept.append(draft)
            on_progress("draft", len(kept), count)
        if len(kept) == count:
            break
    return kept, dropped


def _fault(draft: Draft, seen: "Seen", labels: Labels) -> str:
    """Why the draft cannot be kept; "" if it can. A kept one is seen from now on."""
    heading = (draft.heading,) if draft.heading else ()
    if isinstance(labels.resolve(Label(draft.path, heading, draft.quote)), str):
        return "a label that does not match the page"
    return "" if seen.add(draft.question) else _REPEATED


class Seen:
    """The questions there are, to recognise one that says the same."""

    def __init__(self, embedder: Embedder, known: Sequence[str]) -> None:
        self._embedder = embedder
        self._texts: set[str] = set()
        self._vectors: list[NDArray[np.float32]] = []
        for question in known:
            self.add(question)

    def add(self, question: str) -> bool:
        """Whether the question is new; then it is there from now on."""
        text = " ".join("".join(sign if sign.isalnum() else " " for sign in question.casefold()).split())
        if text in self._texts:
            return False
        vector = np.array(self._embedder.embed_query(question), dtype=np.float32)
        vector /= float(np.linalg.norm(vector)) or 1.0
        if self._vectors and float(np.max(np.stack(self._vectors) @ vector)) >= SAME_COSINE:
            return False
        self._texts.add(text)
        self._vectors.append(vector)
        return True
