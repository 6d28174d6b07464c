"""written: a language model's reply as search queries. Pure functions; whatever it says, what comes out is bounded."""

import re
import textwrap

from footnote.app.core.text.analysis import question_terms

QUERY_CHARS = 300
PASSAGE_CHARS = 1_000  # about a chunk
_REPLY_CHARS = 8_000
_MARK = re.compile(r"\A(?:[-*•]|\d{1,2}[.)])\s+")
_LABEL = re.compile(r"\A(?:search )?quer(?:y|ies)(?: \d{1,2})?:\s*", re.I)
_QUOTES = "\"'`“”‘’*"


def written_queries(reply: str, question: str, most: int) -> tuple[str, ...]:
    """At most so many queries, a line each; none that is the question or a lead-in such as "Here they are:"."""
    queries: dict[str, str] = {}
    for line in _said(reply).splitlines():
        bare = _LABEL.sub("", _MARK.sub("", line.strip())).strip(_QUOTES + " ")
        query = textwrap.shorten(bare, QUERY_CHARS, placeholder="")
        if query and not query.endswith(":") and question_terms(query):
            queries.setdefault(query.casefold(), query)
    queries.pop(question.casefold(), None)
    return tuple(queries.values())[:most]


def written_passage(reply: str) -> str:
    """The beginning of a passage, in one line; "" where nothing is left that can be searched."""
    passage = textwrap.shorten(_said(reply), PASSAGE_CHARS, placeholder="")
    return passage if question_terms(passage) else ""


def _said(reply: str) -> str:
    """What comes after the reasoning that some models show."""
    return reply.rpartition("</think>")[2][:_REPLY_CHARS]
