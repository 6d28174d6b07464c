"""Kept answers for a terminal. All their texts are untrusted, and printed as text: never markup or escapes."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from footnote.app.cli.lines import text_lines, whole
from footnote.app.cli.prose import answer_lines
from footnote.app.core.console import plain
from footnote.app.kept.rows import KeptAnswer, KeptPassage

_LINE_CHARS = 300


def render_answers(answers: Sequence[KeptAnswer], count: int, keeping: bool) -> RenderableType:
    """Three lines for each answer, and one of what is not shown; one friendly line when there is none."""
    if not answers:
        off = "" if keeping else " FOOTNOTE_KEEP_ANSWERS is off: with true, what is asked from then on is kept."
        return Text(f"No such answer is kept.{off}")
    blocks: list[RenderableType] = [_listed(kept) for kept in answers]
    if count > len(answers):
        blocks.append(Text(f"{count - len(answers)} more: raise --top.", style="dim"))
    return Group(*blocks)


def render_kept_answer(kept: KeptAnswer) -> RenderableType:
    """All of one answer."""
    parts: list[RenderableType] = [Text(plain(kept.question), style="bold")]
    if kept.asked_as:
        parts.append(Text(f"read as: {plain(kept.asked_as)}", style="dim"))
    parts += [Text(_about(kept), style="dim"), Text("")]
    parts += answer_lines(kept.text, style="bold" if kept.refused else "")
    if kept.refusal_reason:
        parts.append(Text(f"Reason: {plain(kept.refusal_reason)}.", style="dim"))
    if kept.notice:
        parts.append(Text(plain(kept.notice), style="yellow"))
    parts += [
        Text(f"  {one.verdict}: {plain(one.text)} ({plain(one.reason)})", style="yellow")
        for one in (*kept.sentences, *kept.dropped)
        if one.verdict in ("unverified", "unsupported")
    ]
    if kept.citations:
        parts.append(Text("\nSources", style="bold"))
        parts += [
            whole(f"[{one.number}] {one.path}:{one.start_line}-{one.end_line}  sha256 {one.sha256[:12]}", "cyan")
            for one in kept.citations
        ]
    if kept.feedback:
        parts.append(Text(f"\n{_word(kept)}", style="green" if kept.feedback.helpful else "red"))
    parts.append(Text("\nPassages, as they were sent" if kept.mode == "llm" else "\nPassages", style="bold"))
    for number, passage in enumerate(kept.passages, 1):
        parts += _passage(number, passage)
    return Group(*parts)


def _listed(kept: KeptAnswer) -> RenderableType:
    lines = [Text(_about(kept), style="dim"), Text(_line(kept.text))]
    if kept.feedback:
        lines.append(Text(_word(kept), style="green" if kept.feedback.helpful else "red"))
    return Group(Text(f"{kept.id}. {_line(kept.question)}", style="bold"), Padding(Group(*lines), (0, 0, 1, 3)))


def _about(kept: KeptAnswer) -> str:
    asked = f"{datetime.fromtimestamp(kept.asked_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    arm = f" (arm {kept.arm})" if kept.arm else ""
    parts = [asked, f"{plain(kept.model)}{arm}", f"generation {kept.generation}"]
    if kept.refused:
        parts.append(f"refused by the {kept.refused_by}")
    else:
        verdicts = Counter(one.verdict for one in kept.sentences)
        parts += [f"{verdicts[name]} {name}" for name in ("supported", "unverified", "unsupported") if verdicts[name]]
    parts += [f"{len(kept.dropped)} dropped"] * bool(kept.dropped) + ["from cache"] * kept.from_cache
    return ", ".join(parts)


def _word(kept: KeptAnswer) -> str:
    assert kept.feedback
    said = "helpful" if kept.feedback.helpful else "not helpful"
    return f"{said}: {_line(kept.feedback.comment)}" if kept.feedback.comment else said


def _passage(number: int, passage: KeptPassage) -> list[RenderableType]:
    place = f"{passage.path}:{passage.start_line}-{passage.end_line}"
    headings = " > ".join(passage.heading_path)
    text = f"{passage.context}\n{passage.text}" if passage.context else passage.text
    return [whole(f"{number}. {place}  {headings}".rstrip(), "cyan"), *text_lines(text, indent=3), Text("")]


def _line(text: str) -> str:
    line = " ".join(plain(text).split())
    return line if len(line) <= _LINE_CHARS else line[: _LINE_CHARS - 1] + "…"
