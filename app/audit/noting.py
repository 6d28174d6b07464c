"""noting: what is learned of a request while it is answered, for its line of the audit.

A context variable, so that routes, tools and what is done after the response all note for the request that they serve.
Where nothing is audited, noting does nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from footnote.app.audit.acts import Act
from footnote.app.core.types import Answer


@dataclass(slots=True)
class Notes:
    """What is known of one request so far.

    Attributes:
        act: where the route alone does not say what it does.
        question: as it was asked.
        answer: what was given to it.
        from_cache: whether it was given from the cache.
        pages: what else of the docs was shown.
        generation: what that is from; None where several were asked together.
        pages_of: the pages by collection, where several were asked together.
        generations: which one of each collection was asked then.
    """

    act: Act | None = None
    question: str | None = None
    answer: Answer | None = None
    from_cache: bool = False
    pages: tuple[str, ...] = ()
    generation: int | None = None
    pages_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    generations: Mapping[str, int] = field(default_factory=dict)

    def verdicts(self) -> dict[str, int]:
        """How many sentences of the answer have which verdict."""
        return dict(Counter(one.verdict or "unchecked" for one in self.answer.sentences)) if self.answer else {}


_current: ContextVar[Notes | None] = ContextVar("audit", default=None)


@contextmanager
def noting() -> Iterator[Notes]:
    """What is noted in the block."""
    notes = Notes()
    token = _current.set(notes)
    try:
        yield notes
    finally:
        _current.reset(token)


def note_question(act: Act, question: str) -> None:
    """Note that this is asked."""
    notes = _current.get()
    if notes:
        notes.act, notes.question = act, question


def note_answer(answer: Answer, from_cache: bool) -> None:
    """Note that this is given."""
    notes = _current.get()
    if notes:
        notes.answer, notes.from_cache = answer, from_cache
        notes.generations = {one.name: one.generation for one in answer.collections}
        notes.generation = None if notes.generations else answer.generation


def note_pages(act: Act, paths: Iterable[str], generation: int | None) -> None:
    """Note that of these pages something is shown."""
    notes = _current.get()
    if notes:
        notes.act, notes.pages, notes.generation = act, tuple(dict.fromkeys(paths)), generation


def note_found(pages: Iterable[tuple[str | None, str]], generation: int, generations: Mapping[str, int]) -> None:
    """Note what a search found: collection and path of each page, and which generations were asked, by collection.

    The collections of the pages are kept where several were asked; else the line names the one.
    """
    notes = _current.get()
    if not notes:
        return
    found = list(dict.fromkeys(pages))
    several = len(generations) > 1
    note_pages("search", (path for _, path in found), None if several else generation)
    if several:
        notes.generations = dict(generations)
        notes.pages_of = {name: [path for of, path in found if of == name] for name in generations}
