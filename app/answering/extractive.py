"""Extractive answers: what best answers, quoted verbatim in readable pieces. No language model."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from footnote.app.answering.answerer import PASSAGES_SILENT, Beside, Draft, refusal
from footnote.app.answering.citations import cite
from footnote.app.answering.defang import with_escaped_markers
from footnote.app.answering.links import Linking, Links
from footnote.app.answering.quoting.choose import Candidate, scored
from footnote.app.answering.quoting.escaping import bold
from footnote.app.answering.quoting.extend import Run, extended, is_beside, readable, standing_alone
from footnote.app.answering.quoting.render import ends_in_prose, rendered
from footnote.app.answering.quoting.stretches import stretches
from footnote.app.core.pages.flavour import PLAIN, Flavour, flavour_for
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.core.stop import Stop
from footnote.app.core.text.analysis import question_terms
from footnote.app.core.types import Citation, Hit, OtherPlace, Passage, Sentence
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker

SiteOf = Callable[[str], Flavour]
MAX_RUNS = 3
MAX_CHARS = 900  # of all quotes together, but for a block that is longer by itself
REPEATED_CHARS = 40  # a shorter sentence or block may be quoted again; a guess
# How far below the best score another run may be: in logits, of passage and chunk together; in cosine for the embedder.
# Chosen on two documentation sets.
LOGIT_MARGIN = 3.0
COSINE_MARGIN = 0.05


@dataclass(slots=True)
class _Quote:
    """A run to quote for a candidate, with the room that it was extended in, and runs that say the same elsewhere."""

    run: Run
    asked: Candidate
    room: int
    same: list[Run] = field(default_factory=list)


class ExtractiveAnswerer:
    """Quotes the run of text that best answers, and others that come close to it, one citation each.

    Args:
        links: of the site that all pages are of.
        site_of: of pages of several sites which one a page is of, by its path.
    """

    mode = "extractive"
    model = "extractive"

    def __init__(
        self,
        reranker: Reranker | None,
        embedder: Embedder,
        links: LinkSettings | None = None,
        site_of: SiteOf | None = None,
    ) -> None:
        self._reranker = reranker
        self._embedder = embedder
        self._links = links or LinkSettings()
        self._site_of = site_of

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
        links: Linking | None = None,
    ) -> Iterator[Draft]:
        """The draft alone: what is quoted is chosen all together."""
        yield self.answer(question, hits, generation, site, beside, links)

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        links: Linking | None = None,
    ) -> Draft:
        """At most `MAX_RUNS` quotes: the most useful page first, those of a page in its order."""
        found = stretches(hits, beside([hit.chunk for hit in hits]) if beside else None)
        candidates = scored(question, found, self._reranker, self._embedder)
        if not candidates:
            return refusal("gate", PASSAGES_SILENT)
        margin = LOGIT_MARGIN if self._reranker else COSINE_MARGIN
        quotes = _in_reading_order(_chosen(candidates, margin, frozenset(question_terms(question))))
        citations = tuple(_cited(number, quote, generation) for number, quote in enumerate(quotes, 1))
        sentences = tuple(Sentence(citation.quote, (citation.number,), "supported") for citation in citations)
        return Draft(
            self._text(quotes, site, generation, links or Links(self._links, site.anchors)),
            sentences,
            citations,
            0,
            None,
        )

    def _text(self, quotes: Sequence[_Quote], site: Flavour, generation: int, links: Linking) -> str:
        """The quotes as markdown, below their headings, with their markers; no other `[n]` outside code is left one."""
        text, own = "", set()
        above: Run | None = None
        pages = len({quote.run.stretch.chunk.path for quote in quotes})
        for number, quote in enumerate(quotes, 1):
            run = quote.run
            path = run.stretch.chunk.path
            flavour = flavour_for(path, self._site_of(path) if self._site_of else site)
            piece = rendered(run, flavour, partial(links.target, path, generation))
            heading = _heading(run, pages > 1) if _needs_heading(run, above, len(quotes)) else ""
            piece = f"{bold(heading)}\n\n{piece}" if heading else piece
            text += ("\n\n" if text else "") + piece + (" " if ends_in_prose(piece) else "\n\n")
            own.add(len(text))
            text += f"[{number}]"
            above = run
        return with_escaped_markers(text, own)


def _chosen(candidates: Sequence[Candidate], margin: float, asked: frozenset[str]) -> list[_Quote]:
    """What to quote, best first; of equal ones the best placed, and of tabs those that the question names."""
    ordered = sorted(candidates, key=lambda one: (-one.score, one.stretch.rank))
    best = ordered[0]
    ordered = [one for one in ordered if not (one.stretch is best.stretch and is_beside(one.label, best.label, asked))]
    quotes: list[_Quote] = []
    room = MAX_CHARS
    for one in ordered:
        if one.score < ordered[0].score - margin:
            break
        if any(_overlap(one, run) for quote in quotes for run in (quote.run, *quote.same)):
            continue
        if said := next((quote for quote in quotes if _said(one.text) in _said(quote.run.text)), None):
            again = _run(one, said.room, asked)
            if _said(again.text) == _said(said.run.text):
                said.same.append(again)
            continue
        beside = [quote for quote in quotes if quote.run.stretch is one.stretch]
        run = _run(one, room, asked)
        if beside or _repeats(run, quotes):
            run = readable(one.stretch, one.first, one.last, room)
        joined = next((quote for quote in beside if _can_join(quote, run, room)), None)
        if joined:
            room -= _joined(joined.run, run).chars - joined.run.chars
            joined.run = _joined(joined.run, run)
        elif not quotes or (
            len(quotes) < MAX_RUNS
            and _stands_alone(run, one, room)
            and not _meet(run, beside)
            and not _repeats(run, quotes)
        ):
            quotes.append(_Quote(run, one, room))
            room -= run.chars
    for quote in quotes:
        quote.same = [_alone(run, quote.asked.last - quote.run.first) for run in quote.same]
        quote.run = _alone(quote.run, quote.asked.last - quote.run.first)
    return quotes


def _alone(run: Run, asked: int) -> Run:
    """The run from where it stands alone, where that is before the end of what was asked, by parts from its first."""
    return standing_alone(run, run.first + asked) or run


def _repeats(run: Run, quotes: Sequence[_Quote]) -> bool:
    """Whether a run says a sentence or block again that is quoted already."""
    known = {said for quote in quotes for said in _sayings(quote.run)}
    return not known.isdisjoint(_sayings(run))


def _sayings(run: Run) -> list[str]:
    parts = run.stretch.parts[run.first : run.last + 1]
    said = (_said(run.stretch.text[part.start : part.end]) for part in parts)
    return [one for one in said if len(one) >= REPEATED_CHARS]


def _run(one: Candidate, room: int, asked: frozenset[str]) -> Run:
    return extended(readable(one.stretch, one.first, one.last, room), room, asked)


def _joined(one: Run, other: Run) -> Run:
    """Both runs of a stretch, and what is between them."""
    return Run(one.stretch, min(one.first, other.first), max(one.last, other.last))


def _overlap(one: Candidate, run: Run) -> bool:
    return one.stretch is run.stretch and one.first <= run.last and run.first <= one.last


def _can_join(quote: _Quote, run: Run, room: int) -> bool:
    """Whether a quote can go on to another run of its stretch, and begin no worse for it."""
    both = _joined(quote.run, run)
    fits = both.chars - quote.run.chars <= room
    return fits and (both.first == quote.run.first or standing_alone(both, both.first) is not None)


def _stands_alone(run: Run, one: Candidate, room: int) -> bool:
    """Whether there is room for a further quote with what its beginning refers to, and with the code it introduces."""
    return run.chars <= room and not run.is_torn and standing_alone(run, one.last) is not None


def _meet(run: Run, quotes: Sequence[_Quote]) -> bool:
    return any(run.first <= quote.run.last and quote.run.first <= run.last for quote in quotes)


def _said(text: str) -> str:
    return " ".join(text.split())


def _in_reading_order(quotes: Sequence[_Quote]) -> list[_Quote]:
    """Page by page, the one with the best quote first."""
    pages = list(dict.fromkeys(quote.run.stretch.chunk.path for quote in quotes))
    return sorted(quotes, key=lambda one: (pages.index(one.run.stretch.chunk.path), _passage(one.run).start))


def _needs_heading(run: Run, above: Run | None, quotes: int) -> bool:
    """Whether a reader must be told what the run is about: it begins in the middle, or is one of several."""
    chunk = run.stretch.chunk
    if above and (above.stretch.chunk.path, above.stretch.chunk.heading_path) == (chunk.path, chunk.heading_path):
        return False
    begins = run.first == 0 and run.stretch.begins_section and not run.points_back and not run.left_out
    return quotes > 1 or not begins


def _heading(run: Run, with_title: bool) -> str:
    """What the run stands below on its page; a question above it, which is shown anyway, tells more than a heading."""
    chunk = run.stretch.chunk
    if run.stretch.parts[run.first].label.endswith("?"):
        return chunk.title if with_title else ""
    heading = chunk.heading_path[-1] if chunk.heading_path else chunk.title
    return f"{chunk.title} > {heading}" if with_title and heading != chunk.title else heading


def _passage(run: Run) -> Passage:
    return run.stretch.passage(run.first, run.last, run.left_out)


def _cited(number: int, quote: _Quote, generation: int) -> Citation:
    return replace(
        cite(number, quote.run.stretch.chunk, _passage(quote.run), generation), also_at=tuple(_places(quote.same))
    )


def _places(runs: Iterable[Run]) -> Iterable[OtherPlace]:
    for run in runs:
        place = _passage(run)
        yield OtherPlace(run.stretch.chunk.path, place.start_line, place.end_line)
