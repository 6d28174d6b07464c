"""Sentence boundaries of prose and of markdown paragraphs."""

import re

# A sentence ends at . ! or ? with closing quotes or markup, before white space and something that can
# begin a sentence. Abbreviations and list numbers ("e.g.", "1.") do not end one; other numbers do.
_BOUNDARY = re.compile(r"""(?P<stop>[.!?…][)\]"'”’*_`]*)(?:\s*\[\d+\])*(?P<space>\s+)(?=[A-Z0-9"'“‘(\[`*_<]|$)""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|no|dr|mr|ms|st)|(?:^|[.!?:]\s)[ \t]*\d+)\.$", re.I | re.M
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence, in order, without surrounding white space.

    Together they cover all that is not white space; empty for blank text.
    """
    spans = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        stop = match.end("stop")
        if _ABBREVIATION.search(text, max(0, stop - 12), stop):
            continue
        spans.append((start, match.start("space")))
        start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, start, end) for start, end in spans) if span[0] < span[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
