"""answers: what a question is answered with, from the passages that do: a reference, quotes, or what a model writes."""

import re
from dataclasses import dataclass, replace
from functools import partial

from footnote.app.answering.answerer import Answerer, draft_of
from footnote.app.answering.citations import edit_sentences, located_sentences
from footnote.app.answering.links import Links
from footnote.app.answering.markers import markers
from footnote.app.answering.quoting.choose import scored
from footnote.app.answering.quoting.extend import readable, standing_alone
from footnote.app.answering.quoting.render import rendered
from footnote.app.answering.quoting.stretches import Stretch, stretches
from footnote.app.core.pages.flavour import Flavour, flavour_for
from footnote.app.core.text.passages import passages
from footnote.app.core.types import Hit
from footnote.app.finetuning.examples.sources.cited import in_paragraphs, without_markers
from footnote.app.index.page import Span
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker

NO_MEANS = "a draft from a heading below which the docs do not say at once how"
NO_QUOTE = "no text around the label that can be read by itself"
REFUSED = "a model that says that the passages do not answer"
UNREADABLE = "an answer that is cut off, or begins in the middle"
POINTS_ELSEWHERE = "an answer that only points to another page"
TOO_LONG = "an answer that is too long"

MAX_REPLY_CHARS = 900  # the room that an extractive answer has
_OPENING = 4  # passages of a section; what stands further below is about a part of what its heading says. A guess.
_MEANS = re.compile(r"(?:To|Use|Run|Set|Add|Pass|Open|Install|Create|You can|If you (?:want|need|wish))\s")
# A sentence that says what for, with its example below it.
_SHOWN = re.compile(r"\b(?:to|can|must|should) [a-z]+ [^\n]*:\s*\n.*(?:`{3}|~{3})\s*\Z", re.S)
_POINTS = re.compile(
    r"(?:see|read|refer to|check out|for (?:more|further|additional|details|a complete|an? full)|(?:to )?learn more|"
    r"more details)\b",
    re.I,
)
_FRAGMENT = re.compile(
    r"\A(?:[,;:.)\]]|`{3}|~{3}|(?:This|These|Those|It|They|However|Also|Then|Next|But|And|Or|So|"
    r"Otherwise|Instead|Additionally|For example|For instance|Similarly|Finally|Note that|In this case)\b)"
)
# An image, a footnote, or an abbreviation where a sentence should go on.
_SHOWS_WHAT_IS_NOT_THERE = re.compile(r"!\[|\[\^|\b(?:e\.g|i\.e)\.?:?$|…$", re.M)
# Tabs show one of several: the quote has the one that it was found in.
_SEVERAL = re.compile(r"\b(?:one|any) of the following\b|\bthe following (?:examples|commands|options)\b")
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})", re.M)


class Unanswered(Exception):
    """Says why a question has no answer that is good enough to learn from."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """Quotes passages as plain markdown, as the extractive answerer does, but the one place that answers alone.

    A model learns to be brief from brief replies: what comes close to the answer as well is left to the answerer.
    """

    reranker: Reranker | None
    embedder: Embedder
    links: Links
    site: Flavour
    generation: int

    def labelled(self, spans: tuple[Span, ...], hit: Hit) -> str:
        """The labelled text of a passage, with what it cannot be read without.

        Raises:
            Unanswered: nothing there can be read by itself.
        """
        for stretch in stretches([hit]):
            for span in spans:
                places = _places(stretch, span)
                if places:
                    return self._said(stretch, places[0], places[-1])
        raise Unanswered(NO_QUOTE)

    def means(self, hit: Hit) -> str:
        """What a section begins with that says how something is done, for a question made of its heading.

        Raises:
            Unanswered: it does not begin so, or that cannot be read by itself.
        """
        for passage in passages(hit.chunk)[:_OPENING]:
            if _MEANS.match(passage.text) or _SHOWN.search(passage.text):
                return self.labelled(((passage.start, passage.end),), hit)
        raise Unanswered(NO_MEANS)

    def best(self, question: str, hits: tuple[Hit, ...]) -> str:
        """The part of the passages that answers best, with what it cannot be read without.

        Raises:
            Unanswered: nothing there can be read by itself.
        """
        candidates = scored(question, stretches(hits), self.reranker, self.embedder)
        if not candidates:
            raise Unanswered(NO_QUOTE)
        best = max(candidates, key=lambda one: (one.score, -one.stretch.rank, -one.first))
        return self._said(best.stretch, best.first, best.last)

    def _said(self, stretch: Stretch, first: int, last: int) -> str:
        run = standing_alone(readable(stretch, first, last, MAX_REPLY_CHARS), last)
        if run is None or run.is_torn or run.points_back:
            raise Unanswered(NO_QUOTE)
        path = stretch.chunk.path
        return rendered(run, flavour_for(path, self.site), partial(self.links.target, path, self.generation))


def _places(stretch: Stretch, span: Span) -> list[int]:
    """The parts of a stretch that hold any of the bytes."""
    chunk, (start, end) = stretch.chunk, span
    raw = stretch.text.encode()
    first, last = (len(raw[: max(0, at - chunk.start)].decode(errors="ignore")) for at in (start, end))
    return [place for place, part in enumerate(stretch.parts) if part.start < last and first < part.end]


def by_answerer(answerer: Answerer, question: str, hits: tuple[Hit, ...], site: Flavour, generation: int) -> str:
    """What a language model says from these passages alone, without markers.

    Raises:
        Unanswered: it says that they do not answer, or not all of its answer is there.
        LLMError: it failed or cannot be reached.
    """
    draft = draft_of(answerer.written(question, hits, generation, site))
    if draft.refused:
        raise Unanswered(REFUSED)
    if draft.truncated:
        raise Unanswered(UNREADABLE)
    return without_markers(draft.text)


def worth_learning(text: str, is_quoted: bool) -> str:
    """The text in whole paragraphs, without sentences that only point to other pages.

    What is quoted must begin where it can be read by itself; what people or models wrote does.

    Raises:
        Unanswered: it is cut off, begins in the middle, is too long, or nothing of it is left.
    """
    text = in_paragraphs(text)
    if markers(text):
        raise Unanswered("an answer that has markers of its own")
    located = located_sentences(text)
    pointing = [
        place for place, one in enumerate(located) if not one.is_code and _POINTS.match(_bare(one.sentence.text))
    ]
    if len(pointing) == len(located):
        raise Unanswered(POINTS_ELSEWHERE)
    if pointing:
        text = edit_sentences(text, dict.fromkeys(pointing)).strip()
    is_cut = len(_FENCE.findall(text)) % 2 == 1 or text.rstrip("*_ ").endswith((":", ",", ";"))
    blocks = len(_FENCE.findall(text)) // 2 + text.count("\n- ") + text.count("\n1. ")
    is_torn = _FRAGMENT.match(_bare(text)) or _SHOWS_WHAT_IS_NOT_THERE.search(text)
    if is_cut or (is_quoted and (is_torn or (_SEVERAL.search(text) and blocks < 2))):
        raise Unanswered(UNREADABLE)
    if len(text) > MAX_REPLY_CHARS:
        raise Unanswered(TOO_LONG)
    return text


def _bare(text: str) -> str:
    return text.lstrip("*_>- \n")


def of_section(hit: Hit, heading: tuple[str, ...]) -> Hit:
    """The hit with the section of its chunk that has this heading, where the chunk holds several."""
    for section in hit.chunk.apart():
        if heading and section.heading_path[-1:] == heading[-1:]:
            return replace(hit, chunk=section)
    return hit
