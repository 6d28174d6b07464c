"""claims: what a sentence of an answer does there, and what it holds together. Pure functions.

A sentence states something, or it is structure: a lead-in, a label, the header of a table, a reply such as "Yes.", or
says what the docs do not say. Structure lives as long as anything that it introduces.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from footnote.app.answering.citations import Located

Role = Literal["claim", "lead-in", "reply", "silence", "code", "rule"]

_ITEM_MARK = re.compile(r"(?:[ \t>]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S))+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_LABEL = re.compile(r"(?:\*\*|__)[^*\n]{1,120}?(?:\*\*|__)\W*$")
_RULE_ROW = re.compile(r"\|?[ \t]*:?-{2,}[|:\s-]*")
_REPLY = re.compile(
    r"(?:(?:yes|no|none|correct|right|exactly|not (?:quite|exactly|really|necessarily|independently)"
    r"|(?:that(?:'s| is)|it(?:'s| is)|this is) (?:not )?(?:true|correct|right|possible|the case)"
    r"|i hope this helps|no need to apologi[sz]e)[\s,.!:;-]*)*(?:let me know if .{0,60}[\s,.!:;-]*)?",
    re.I,
)
_TELLING = r"""
say|state|mention|specify|describe|contain|cover|explain|provide|answer|name|include|information|details?|give|show|list
|offer|tell|indicate|document|discuss|address|define|talk|speak|refer|quote|set out|point""".replace("\n", "")
_DOCS = r"(?:docs?|documentation|documents?|sources?|passages?|pages?|text|context|excerpts?|guides?|article|material)"
_SILENCE = re.compile(
    rf"\b(?:{_DOCS}|they|it)\b[^.;]{{0,60}}"
    r"\b(?:do(?:es)? not|did not|don't|doesn't|never|cannot|no(?:t|thing)?|little)\b"
    rf"[^.;]{{0,40}}\b(?:{_TELLING})"
    rf"|\b(?:no|not|nothing|none)\b.{{0,40}}\b(?:{_TELLING})\w*\b"
    rf".{{0,30}}\b(?:in|by) (?:the|these|those|any)\b.{{0,30}}\b{_DOCS}\b"
    r"|\b(?:is|are|was|were) not (?:documented|mentioned|specified|stated|described|covered)\b",
    re.I,
)
_CLAUSES = re.compile(r"(?:[,;]|\s[–—-])\s+(?=(?:but|and|however|though|although|while|so|which|it|they)\b)", re.I)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is compared with the docs.

    Attributes:
        text: without list marks, and without a clause that says what the docs do not say.
        role: a "claim" and "code" are judged in full, a "lead-in" by its facts alone, the rest not at all.
    """

    text: str
    role: Role


@lru_cache(maxsize=1024)
def read_claim(sentence: str) -> Claim:
    """What one sentence, item, row or code block of an answer claims."""
    if re.match(r"[ \t>]*(?:`{3,}|~{3,})", sentence):
        return Claim(sentence, "code")
    text = _ITEM_MARK.sub("", sentence, count=1).strip()
    bare = text.strip("*_ ")
    if _RULE_ROW.fullmatch(text):
        return Claim(text, "rule")
    if not bare or _REPLY.fullmatch(bare):
        return Claim(text, "reply")
    if _SILENCE.search(text):
        said = [clause for clause in _CLAUSES.split(text) if not _SILENCE.search(clause)]
        return Claim(", ".join(said), "claim") if said else Claim(text, "silence")
    if bare.endswith(":") or _HEADING.match(text) or _LABEL.fullmatch(text):
        return Claim(text, "lead-in")
    return Claim(text, "claim")


def introduced(text: str, located: Sequence[Located], begun: str = "") -> dict[int, list[int]]:
    """For each sentence that introduces others, by its place, the places of these; a table's header among them.

    `located` are the sentences of `text`, in order; `begun` is what stands before it on its first line.
    """
    lines = [_Line.of(text, one, begun) for one in located]
    found = {}
    for place, line in enumerate(lines):
        below = _rows_below(lines, place) if line.is_header else _below(lines, place) if line.introduces else []
        if below:
            found[place] = below
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a sentence stands; `start` is that of its line."""

    start: int
    indent: int
    is_block: bool
    is_row: bool
    introduces: bool
    is_header: bool

    @classmethod
    def of(cls, text: str, one: Located, begun: str) -> "_Line":
        start = text.rfind("\n", 0, one.start) + 1
        line = (begun if start == 0 else "") + text[start:].partition("\n")[0]
        role = read_claim(one.sentence.text).role
        mark = _ITEM_MARK.match(line)
        below = text[one.end :].lstrip(" \t").removeprefix("\n").partition("\n")[0].strip()
        return cls(
            start=start,
            indent=len(line) - len(line.lstrip(" \t>")),
            is_block=one.is_code or mark is not None or line.lstrip().startswith("|"),
            is_row=line.lstrip().startswith("|") or role == "rule",
            introduces=role == "lead-in" and not text[one.end :].partition("\n")[0].strip(),
            is_header=role != "rule" and bool(below) and "|" in below and bool(_RULE_ROW.fullmatch(below)),
        )


def _rows_below(lines: Sequence[_Line], place: int) -> list[int]:
    below = []
    for other in range(place + 1, len(lines)):
        if not lines[other].is_row:
            break
        below.append(other)
    return below


def _below(lines: Sequence[_Line], place: int) -> list[int]:
    own = lines[place]
    below: list[int] = []
    for other in range(place + 1, len(lines)):
        line = lines[other]
        if own.is_block and line.is_block and line.indent <= own.indent and not line.is_row:
            break
        if below and line.is_row != lines[below[0]].is_row:
            break
        if not line.is_block and below and line.start != lines[below[-1]].start and line.indent <= own.indent:
            break
        if line.start != own.start:
            below.append(other)
    return below
