"""issues: gaps as markdown, one issue each, to be filed wherever the docs are worked on.

What readers wrote is untrusted: it stands on one line, as text that a renderer shows as it is.
"""

import re

from footnote.app.core.console import counted, plain
from footnote.app.schemas.gaps import GapOut, GapsOut

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&:-])")
_MAX_CHARS = 300


def gaps_markdown(gaps: GapsOut) -> str:
    """A section for each gap; a sentence where there is none."""
    if not gaps.gaps:
        return "Nothing that was asked is unanswered.\n"
    sections = [_issue(gap) for gap in gaps.gaps]
    if gaps.not_shown:
        sections.append(f"{gaps.not_shown} more are not shown.\n")
    return "\n".join(sections)


def _issue(gap: GapOut) -> str:
    how = {"refused": gap.refused, "not helpful": gap.unhelpful, "helpful": gap.helpful}
    counts = ", ".join(f"{count} {name}" for name, count in how.items() if count)
    last = gap.last_asked.partition("T")[0]
    lines = [
        f"## Docs do not answer: {_text(gap.question)}",
        "",
        f"Asked {counted(gap.count, 'time')} ({counts}) in {counted(gap.questions, 'question')}, last on {last}.",
    ]
    lines += _listed("Also asked:", [_text(example.question) for example in gap.examples])
    lines += _listed("Readers said:", [_text(remark.comment) for remark in gap.remarks if remark.comment])
    places = [" › ".join(map(_text, (heading.path, *heading.heading_path))) for heading in gap.nearest]
    lines += _listed("Nearest places in the docs:", places)
    return "\n".join([*lines, ""])


def _listed(title: str, items: list[str]) -> list[str]:
    return ["", title, "", *(f"- {item}" for item in items)] if items else []


def _text(text: str) -> str:
    line = " ".join(plain(text).split())
    short = line if len(line) <= _MAX_CHARS else line[: _MAX_CHARS - 1] + "…"
    return _MARKUP.sub(r"\\\1", short)
