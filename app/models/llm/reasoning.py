"""reasoning: a reply without the reasoning that some servers leave in its text, as it comes in. Pure.

Where a server keeps it apart, as OpenAI does, there is none in the text.
"""

import re
from collections.abc import Callable, Iterator

from footnote.app.core.errors import LLMError

_NAMES = "think|thinking|thought|reasoning|reflection|analysis"
_OPENS = re.compile(rf"\s*(?:<(?P<tag>{_NAMES})>|(?P<sign>\[THINK\]))", re.I)
_CLOSES = re.compile(rf"</(?:{_NAMES})>|\[/THINK\]", re.I)
REASONS_APART = "reasons_apart"  # told beside a part of a reply: its server keeps reasoning out of the text
_MAX_TAG = 16
_UNMARKED = (
    "the language model writes its reasoning into its answers and does not mark where that begins: start its server "
    "with a parser for it, as vLLM's --reasoning-parser"
)


def without_reasoning(texts: Iterator[str], thinks: Callable[[], bool] = lambda: False) -> Iterator[str]:
    """The parts of the reply behind its reasoning, which stands first.

    Where it `thinks`, asked again for each part, nothing is let through before it is known that the reply has no
    reasoning, or where that ends: the template of such a model may have put the opening tag into the prompt.

    Raises:
        LLMError: parts were let through already when reasoning ended.
    """
    tail = ""
    for text in _behind_reasoning(texts, thinks):
        tail += text
        if _CLOSES.search(tail):
            raise LLMError(_UNMARKED)
        tail = tail[-_MAX_TAG:]
        yield text


def _behind_reasoning(texts: Iterator[str], thinks: Callable[[], bool]) -> Iterator[str]:
    held = ""
    for text in texts:
        held += text
        if _OPENS.match(held) or thinks():
            closes = _CLOSES.search(held, max(0, len(held) - len(text) - _MAX_TAG))
            if closes:
                yield from _without_space_before(held[closes.end() :], texts)
                return
        elif not _may_open(held):
            yield held
            yield from texts
            return
    if not _OPENS.match(held):
        yield held


def _without_space_before(text: str, texts: Iterator[str]) -> Iterator[str]:
    text = text.lstrip()
    while not text and (more := next(texts, None)) is not None:
        text = more.lstrip()
    yield text
    yield from texts


def _may_open(held: str) -> bool:
    """Whether the reply may yet turn out to begin with reasoning."""
    begun = held.lstrip()
    return not begun or (begun[0] in "<[" and len(begun) <= _MAX_TAG)
