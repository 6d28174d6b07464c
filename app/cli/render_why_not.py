"""Why a page or section was not found, for a terminal. Text of the docs is printed as text."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footnote.app.cli.lines import on_one_line
from footnote.app.cli.render import searched_beside
from footnote.app.core.console import plain
from footnote.app.core.types import Chunk
from footnote.app.explaining.types import MissingWord, RankedPassage, StageTrace, WhyNot

_STAGES = {"lexical": "BM25", "vector": "cosine", "fused": "fused", "reranked": "logit", "final": "final"}
_DIGITS = {"lexical": 1, "vector": 2, "fused": 4, "reranked": 1, "final": 1}
_CAPTION = "kept: how many a stage hands on; ahead: the last that was kept, or the one before it"


def render_why_not(found: WhyNot) -> RenderableType:
    """What became of it, what would keep it, where each stage had it, and the words that it lacks."""
    name = " > ".join((found.path, *found.heading_path))
    parts: list[RenderableType] = [Text(plain(name), style="cyan"), Text(plain(found.reason), style="bold")]
    if found.suggestions:
        parts.append(Text(plain(f"Did you mean {' or '.join(found.suggestions)}?")))
    if found.fix:
        parts.append(Text(plain(found.fix)))
    if found.refusal and found.lost_to != "gate":
        parts.append(Text(plain(f"The question is refused as well: {found.refusal}."), style="yellow"))
    if found.stages:
        parts += [Text(), _stages(found.stages)]
    if found.passage:
        parts += [Text(), _missing(found.passage, found.missing_words, found.passages)]
    return Group(*parts, *searched_beside(found.rewritten.texts, found.rewritten.failed))


def _stages(stages: Sequence[StageTrace]) -> Table:
    table = Table(box=None, pad_edge=False, caption=_CAPTION)
    table.add_column("stage", no_wrap=True)
    for column in ("kept", "rank", "score"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("lines", no_wrap=True)
    table.add_column("ahead", overflow="fold")
    for one in stages:
        kept = "all" if one.kept is None else str(one.kept)
        ahead = f"{' '.join(_numbers(one, one.ahead))}  {_place(one.ahead.chunk)}" if one.ahead else "-"
        lines = _lines(one.best.chunk) if one.best else "-"
        table.add_row(_STAGES[one.stage], kept, *_numbers(one, one.best), lines, Text(plain(ahead)))
    return table


def _numbers(one: StageTrace, passage: RankedPassage | None) -> tuple[str, str]:
    if passage is None:
        return "-", "-"
    score = "-" if passage.score is None else f"{passage.score:.{_DIGITS[one.stage]}f}"
    return str(passage.rank or "later"), score


def _missing(passage: Chunk, missing: Sequence[MissingWord], passages: int) -> Text:
    place = f"{on_one_line(passage.path)}:{_lines(passage)}"
    if not missing:
        return Text(plain(f"{place} holds every word of the question."))
    words = ", ".join(f"{word.text} (in {word.passages})" for word in missing)
    what = f"Words of the question that {place} lacks, rare ones first, and in how many of {passages} passages"
    return Text(plain(f"{what}: {words}"))


def _place(chunk: Chunk) -> str:
    return f"{on_one_line(chunk.path)}:{_lines(chunk)}  {' > '.join(chunk.heading_path)}".rstrip()


def _lines(chunk: Chunk) -> str:
    return f"{chunk.start_line}-{chunk.end_line}"
