"""told: what the flow says of joined pages, as each collection has them: its paths, its generation, its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from footnote.app.answering.links import Linking
from footnote.app.core.events import Event, Said, Sources
from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.types import Answer, AskedCollection, Chunk, Citation, OtherPlace, Section
from footnote.app.engine.joining.names import named_hits, own_hits, split_path


@dataclass(frozen=True, slots=True)
class Own:
    """What of a collection its citations need."""

    generation: int
    site: Flavour
    links: Linking


class JoinedLinks:
    """The URLs of joined pages, by the template of their own collection; see `Links`."""

    def __init__(self, collections: Mapping[str, Own]) -> None:
        self._collections = collections

    def target(self, path: str, generation: int, target: str) -> str | None:
        """The address of a link on a page."""
        name, own = split_path(path)
        one = self._collections[name]
        return one.links.target(own, one.generation, target)

    def url(self, part: Citation | Chunk, generation: int) -> str | None:
        """Where a reader finds the passage."""
        name, own = split_path(part.path)
        one = self._collections[name]
        return one.links.url(replace(part, path=own), one.generation)

    def linked(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations with their URLs."""
        return tuple(replace(citation, url=self.url(citation, citation.generation)) for citation in citations)

    def site_of(self, path: str) -> Flavour:
        """The kind of site that a page is of."""
        return self._collections[split_path(path)[0]].site


class Told:
    """Puts events into the words of their collections."""

    def __init__(self, collections: Mapping[str, Own]) -> None:
        self._collections = collections

    def event(self, event: Event) -> Event:
        """The event, each page in it with its collection."""
        if isinstance(event, Answer):
            return self.answer(event)
        if isinstance(event, Sources):
            return Sources(own_hits(event.hits))
        if isinstance(event, Said):
            return replace(event, citations=tuple(map(self._citation, event.citations)))
        return event

    def answer(self, answer: Answer) -> Answer:
        """The answer, and which collections it was looked for in."""
        return replace(
            answer,
            hits=own_hits(answer.hits),
            citations=tuple(map(self._citation, answer.citations)),
            nearest=tuple(map(_section, answer.nearest)),
            collections=tuple(AskedCollection(name, one.generation) for name, one in self._collections.items()),
        )

    def _citation(self, citation: Citation) -> Citation:
        name, own = split_path(citation.path)
        generation = self._collections[name].generation
        places = tuple(map(_place, citation.also_at))
        return replace(citation, path=own, collection=name, generation=generation, also_at=places)


def _place(place: OtherPlace) -> OtherPlace:
    name, own = split_path(place.path)
    return replace(place, path=own, collection=name)


def _section(section: Section) -> Section:
    name, own = split_path(section.path)
    return replace(section, path=own, collection=name)


def named_event(event: Event, name: str, generation: int) -> Event:
    """The event of a question that was asked of one collection alone, where there are several: it names that one."""
    if isinstance(event, Answer):
        return named_answer(event, name, generation)
    if isinstance(event, Sources):
        return Sources(named_hits(event.hits, name))
    if isinstance(event, Said):
        return replace(event, citations=_named(event.citations, name))
    return event


def named_answer(answer: Answer, name: str, generation: int) -> Answer:
    """The answer, which names it."""
    return replace(
        answer,
        hits=named_hits(answer.hits, name),
        citations=_named(answer.citations, name),
        nearest=tuple(replace(section, collection=name) for section in answer.nearest),
        collections=(AskedCollection(name, generation),),
    )


def _named(citations: Sequence[Citation], name: str) -> tuple[Citation, ...]:
    return tuple(
        replace(one, collection=name, also_at=tuple(replace(place, collection=name) for place in one.also_at))
        for one in citations
    )
