"""What counts as right for any retriever: bytes of the file against bytes of the file.

Peers cut pages where they like and know no chunk of Footnote, so a result is a page and the bytes it was cut from, and
the same rules hold for Footnote's own: a page is right by its path, a section where the two share text, a passage where
they share half of the shorter one (as in `footnote eval`). A chunk across two sections is right for both.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from footnote.app.core.text.offsets import byte_offsets
from footnote.app.evaluation.scoring.labels import Labels, Target, overlaps
from footnote.app.evaluation.scoring.ranking import DEPTH, hit, reciprocal_rank
from footnote.app.evaluation.types import Question, Score
from footnote.app.index.page import Span
from footnote.app.index.reader import Index

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk that a search returned: bytes `[start, end)` of the page `path`, relative to the docs folder."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer of one label stands.

    Attributes:
        section: bytes of what is below the label's heading, or around its quote; empty with neither.
        passage: bytes of the quote, wherever it stands; empty without one.
    """

    path: str
    section: tuple[Span, ...]
    passage: tuple[Span, ...]


def gold_of(question: Question, labels: Labels, index: Index) -> list[Gold] | str:
    """The gold of each label, or why one of them matches nothing any more."""
    found = []
    for label in question.gold:
        target = labels.resolve(label)
        if not isinstance(target, Target):
            return target
        chunks = index.chunks.get(target.section or ()).values()
        section = tuple((chunk.start, chunk.end) for chunk in chunks)
        found.append(Gold(target.path, section, target.spans if target.passage else ()))
    return found


def scores(found: Sequence[Found], gold: Sequence[Gold]) -> list[Score]:
    """hit@1, hit@5 and MRR@10 of pages, hit@1 and @4 of sections, hit@1, @4 and @10 of passages; `found` best first.

    Only the first ten are looked at, and a page counts once, at its best rank. A level has scores where every label
    has what it takes.
    """
    found = found[:DEPTH]
    golden = {one.path for one in gold}
    page = [path in golden for path in dict.fromkeys(one.path for one in found)]
    made = [Score("page/hit@1", hit(page, 1)), Score("page/hit@5", hit(page, 5))]
    made.append(Score(f"page/MRR@{DEPTH}", reciprocal_rank(page)))
    if all(one.section for one in gold):
        section = [_is_right(one, gold, lambda right: right.section, _share_text) for one in found]
        made += [Score(f"section/hit@{k}", hit(section, k)) for k in (1, 4)]
    if all(one.passage for one in gold):
        passage = [_is_right(one, gold, lambda right: right.passage, overlaps) for one in found]
        made += [Score(f"passage/hit@{k}", hit(passage, k)) for k in (1, 4, DEPTH)]
    return made


def located(texts: Sequence[str], page: str) -> list[Span | None]:
    """The bytes of the page that each text was made from, where markup was rewritten; None for what is not there.

    Words are compared, without what is between them. The longest run that both have in common is surely meant; other
    runs count while they are no further from it than the text is long.
    """
    matches = list(_WORD.finditer(page))
    # Every run is looked for in the same page: SequenceMatcher indexes its second sequence once.
    matcher = SequenceMatcher(None, (), [match[0] for match in matches], autojunk=False)
    spans: list[Span | None] = []
    for text in texts:
        words = _WORD.findall(text)
        matcher.set_seq1(words)
        runs = [run for run in matcher.get_matching_blocks() if run.size]
        longest = max(runs, key=lambda run: run.size, default=None)
        if longest is None:
            spans.append(None)
            continue
        shift = longest.b - longest.a
        near = [run for run in runs if abs(run.b - run.a - shift) <= len(words)]
        spans.append((matches[near[0].b].start(), matches[near[-1].b + near[-1].size - 1].end()))
    return in_bytes(spans, page)


def in_bytes(spans: Sequence[Span | None], page: str) -> list[Span | None]:
    """Spans of characters as spans of bytes of the page in UTF-8."""
    to_byte: Mapping[int, int] = byte_offsets(page, [offset for span in spans if span for offset in span])
    return [(to_byte[span[0]], to_byte[span[1]]) if span else None for span in spans]


def _is_right(
    found: Found,
    gold: Sequence[Gold],
    part: Callable[[Gold], tuple[Span, ...]],
    meets: Callable[[Span, Span], bool],
) -> bool:
    span = (found.start, found.end)
    return any(one.path == found.path and any(meets(span, right) for right in part(one)) for one in gold)


def _share_text(one: Span, other: Span) -> bool:
    return min(one[1], other[1]) > max(one[0], other[0])
