"""html: the proof as a page, with what both models answered where they differ."""

from collections.abc import Iterator

from footnote.app.core.console import counted
from footnote.app.core.html import Html, element
from footnote.app.core.version import VERSION
from footnote.app.evaluation.comparing.against import Row
from footnote.app.evaluation.reports.against_html import differing_section, rows_table
from footnote.app.evaluation.reports.frame import html_page
from footnote.app.evaluation.reports.markup import Bar, bars, table
from footnote.app.finetuning.proving.measures import MEANINGS
from footnote.app.finetuning.proving.report import explained, heading, percent
from footnote.app.finetuning.proving.verdict import Proof, SetProof

_CLASSES = {"better": "good", "no difference": "dim", "worse": "bad"}


def proof_html(proof: Proof) -> str:
    """The whole page."""
    return html_page("Footnote: the tuned model against its base", list(_parts(proof)))


def _parts(proof: Proof) -> Iterator[Html]:
    yield element("h1", f"The tuned model: {proof.verdict}", class_=_CLASSES[proof.verdict])
    yield element("ul", *(element("li", reason) for reason in proof.reasons))
    if proof.notes:
        yield element("ul", *(element("li", note) for note in proof.notes), class_="dim")
    yield element("p", f"A, the base: {proof.base}. B, tuned: {proof.tuned}. Footnote {VERSION}.")
    yield element("p", explained(proof), class_="dim")
    for one in proof.sets:
        yield from _set(one, percent(proof.confidence))
    yield element("h2", "What is measured")
    names = dict.fromkeys(row.name for one in proof.sets for row in (*one.deciding, *one.written))
    yield table(("measure", "share of"), [[name, MEANINGS[name]] for name in names])


def _set(one: SetProof, interval: str) -> Iterator[Html]:
    yield element("h2", heading(one))
    shown = [bar for row in (*one.deciding, *one.written) for bar in _bars(row)]
    if shown:
        yield bars(shown, "Shares of both models")
    yield rows_table(one.deciding, interval)
    yield rows_table((*one.written, *one.against.rows))
    failed = one.against.failed
    yield element("p", f"Failed: A {failed[0]}, B {failed[1]}.", class_="dim")
    yield element("p", f"{counted(len(one.against.differing), 'question')} on which they differ much:")
    yield from differing_section(one.against)


def _bars(row: Row) -> Iterator[Bar]:
    for side, value in (("A", row.a), ("B", row.b)):
        if value is not None:
            yield Bar(f"{side} {row.name}", value, f"{value:.2f}")
