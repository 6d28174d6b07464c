"""Two language models against each other, as a section of the page."""

from collections.abc import Iterator, Sequence

from footnote.app.core.console import counted
from footnote.app.core.html import Html, element
from footnote.app.evaluation.comparing.against import Against, Row
from footnote.app.evaluation.comparing.differing import Differing
from footnote.app.evaluation.reports.against import cells, noted, said_by
from footnote.app.evaluation.reports.markup import table


def against_section(against: Against | None) -> Iterator[Html]:
    """Every measure of both, and each question on which they differ much with both answers; nothing without."""
    if against is None:
        return
    yield element("h2", "Two language models")
    yield element("p", *(f"{side}: {name}; " for side, name in zip("AB", against.names, strict=True)))
    yield element("p", noted(against), class_="dim")
    yield rows_table(against.rows)
    yield element("p", f"{counted(len(against.differing), 'question')} on which they differ much")
    yield from differing_section(against)


def rows_table(rows: Sequence[Row], interval: str = "95%") -> Html:
    """Measures of both, a line each; `interval` heads the column of its ends."""
    head = ("measure", "A", "B", "B - A", interval, "questions", "")
    return element("div", table(head, [cells(row) for row in rows], "numbers"), class_="scroll")


def differing_section(against: Against) -> Iterator[Html]:
    """Each question on which they differ much, with both answers."""
    for one in against.differing:
        summary = element("summary", one.a.question.text, " ", element("span", one.why, class_="dim"))
        yield element("details", summary, *_both(one))


def _both(one: Differing) -> Iterator[Html]:
    yield element("p", one.a.question.origin, class_="dim")
    if one.a.question.answer:
        yield element("p", "Reference answer:")
        yield element("blockquote", one.a.question.answer)
    for side, result in (("A", one.a), ("B", one.b)):
        yield element("p", f"{side}:")
        yield element("blockquote", said_by(result))
