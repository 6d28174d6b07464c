"""A drafted question, before a person has kept or dropped it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from footnote.app.core.types import Chunk


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with the place that answers it.

    Attributes:
        heading: the innermost one above the quote; "" without one.
        quote: text of the page, character by character.
        kind: how it was drafted.
        answer: a reference answer; "" without one.
    """

    question: str
    path: str
    heading: str
    quote: str
    kind: str
    answer: str = ""

    @classmethod
    def of(cls, question: str, chunk: Chunk, quote: str, kind: str, answer: str = "") -> "Draft":
        heading = chunk.heading_path[-1] if chunk.heading_path else ""
        return cls(question, chunk.path, heading, quote, kind, answer)

    @property
    def line(self) -> str:
        """As a line of a question file, marked as generated."""
        heading = {"heading": self.heading} if self.heading else {}
        digest = hashlib.sha256(f"{self.path}\0{self.question}".encode()).hexdigest()[:10]
        row: dict[str, Any] = {
            "id": f"draft-{digest}",
            "question": self.question,
            "answerable": True,
            "gold": [{"path": self.path, **heading, "quote": self.quote}],
        }
        if self.answer:
            row["answer"] = self.answer
        return json.dumps({**row, "tags": [self.kind], "generated": True}, ensure_ascii=False)
