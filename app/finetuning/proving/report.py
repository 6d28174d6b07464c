"""report: the proof for a terminal and as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from footnote.app.core.console import counted, plain
from footnote.app.evaluation.comparing.against import FEWEST
from footnote.app.evaluation.reports.against import against_document, rows_document, rows_table
from footnote.app.finetuning.proving.measures import MEANINGS
from footnote.app.finetuning.proving.verdict import Proof, SetProof

_STYLES = {"better": "bold green", "no difference": "bold", "worse": "bold red"}


def render_proof(proof: Proof) -> RenderableType:
    """The verdict, by what, and every measure of every set."""
    return Group(*_parts(proof))


def proof_json(proof: Proof) -> str:
    """All of it, with both answers to the questions on which they differ."""
    document: dict[str, Any] = {
        "base": proof.base,
        "tuned": proof.tuned,
        "verdict": proof.verdict,
        "reasons": proof.reasons,
        "notes": proof.notes,
        "confidence": proof.confidence,
        "sets": [_document(one) for one in proof.sets],
    }
    return json.dumps(document, ensure_ascii=False)


def heading(one: SetProof) -> str:
    """What the set is."""
    seen = "docs that the training never saw" if one.is_unseen else "docs of the training, questions held out"
    return f"{one.name}: {seen}; {counted(one.against.questions, 'question')}"


def explained(proof: Proof) -> str:
    """What the verdict rests on."""
    return (
        f"The first table of each set decides, each measure from {FEWEST} questions on. Its intervals have "
        f"{percent(proof.confidence)} each, so that together "
        "they find a difference between equal models in at most 5 of 100 comparisons; what is worse anywhere outweighs "
        "what is better elsewhere."
    )


def percent(confidence: float) -> str:
    """`99.4%`."""
    return f"{confidence * 100:.4g}%"


def _document(one: SetProof) -> dict[str, Any]:
    return {
        "docs_dir": one.name,
        "unseen": one.is_unseen,
        "deciding": rows_document(one.deciding),
        "written": rows_document(one.written),
        **{name: value for name, value in against_document(one.against).items() if name not in ("a", "b")},
    }


def _parts(proof: Proof) -> Iterator[RenderableType]:
    yield Text(proof.verdict, style=_STYLES[proof.verdict])
    for reason in proof.reasons:
        yield Text(plain(f"  {reason}"))
    for note in proof.notes:
        yield Text(plain(f"  {note}"), style="yellow")
    yield Text(plain(f"\nA: {proof.base}\nB: {proof.tuned}"))
    for one in proof.sets:
        yield Text(plain(f"\n{heading(one)}"), style="bold")
        yield rows_table(one.deciding, percent(proof.confidence))
        yield Text()
        yield rows_table((*one.written, *one.against.rows))
        failed = one.against.failed
        yield Text(f"failed: A {failed[0]}, B {failed[1]}", style="dim")
    yield Text(f"\n{explained(proof)}", style="dim")
    for name in dict.fromkeys(row.name for one in proof.sets for row in (*one.deciding, *one.written)):
        yield Text(f"{name}: {MEANINGS[name]}", style="dim")
