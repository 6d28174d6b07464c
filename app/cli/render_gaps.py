"""Gaps for a terminal. Questions and remarks are printed as text: never markup or escapes."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from footnote.app.core.console import plain
from footnote.app.schemas.gaps import GapOut, GapsOut

_COMMENT_CHARS = 300


def render_gaps(gaps: GapsOut, keeping: bool) -> RenderableType:
    """A block for each gap, and a line of what is not shown; one friendly line when there is none."""
    notes = _notes(gaps)
    if not gaps.gaps:
        found = "Nothing that was asked is unanswered" + ("." if keeping else ": FOOTNOTE_KEEP_QUESTIONS is off.")
        return Group(Text(found), *notes)
    blocks = [_gap(number, gap) for number, gap in enumerate(gaps.gaps, 1)]
    return Group(*blocks, *notes)


def _notes(gaps: GapsOut) -> list[Text]:
    notes = []
    if gaps.not_shown:
        notes.append(f"{gaps.not_shown} more: raise --top.")
    if gaps.answered_now is not None:
        notes.append(f"{_number(gaps.answered_now, 'question')} left out: answered now.")
    if gaps.not_judged:
        notes.append(
            f"{_number(gaps.not_judged, 'question')} kept without asking: an answer did not help, "
            "or a language model refused."
        )
    return [Text(note, style="dim") for note in notes]


def _gap(number: int, gap: GapOut) -> RenderableType:
    how = [f"{gap.refused} refused"] * bool(gap.refused) + [f"{gap.unhelpful} not helpful"] * bool(gap.unhelpful)
    how += [f"{gap.helpful} helpful"] * bool(gap.helpful)
    last = gap.last_asked.replace("T", " ").removesuffix("+00:00")
    lines = [
        Text(
            f"asked {gap.count}x ({', '.join(how)}), {_number(gap.questions, 'question')}, last {last} UTC", style="dim"
        )
    ]
    lines += [Text(f"also: {_line(example.question)}") for example in gap.examples]
    lines += [Text(f"said: {_line(remark.comment)}", style="yellow") for remark in gap.remarks if remark.comment]
    lines += [
        Text(f"near: {_line(heading.path)}  {_line(' > '.join(heading.heading_path))}".rstrip(), style="cyan")
        for heading in gap.nearest
    ]
    title = Text(f"{number}. {_line(gap.question)}", style="bold")
    return Group(title, Padding(Group(*lines), (0, 0, 1, 3)))


def _line(text: str) -> str:
    line = " ".join(plain(text).split())
    return line if len(line) <= _COMMENT_CHARS else line[: _COMMENT_CHARS - 1] + "…"


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
