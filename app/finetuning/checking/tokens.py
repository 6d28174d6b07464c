"""tokens: how long examples are, by tiktoken; estimated where its encoding cannot be had."""

import threading
from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple

from footnote.app.finetuning.checking.types import Bucket, Line, Said, Tokens

DEFAULT_ENCODING = "o200k_base"
ESTIMATED = "characters / 4"
_CHARS = 4  # a token of English prose; OpenAI's rule of thumb
# What each message and each example take beside their text. Source: OpenAI's cookbook, "How to count tokens with
# tiktoken"; a trainer counts so.
_OF_MESSAGE, _OF_EXAMPLE = 3, 3
_FETCH_S = 20.0
_BUCKETS = 8


class Counter(NamedTuple):
    """Counts the tokens of a text."""

    encoding: str
    is_estimate: bool
    count: Callable[[str], int]


def counter_for(model: str, fetch_s: float = _FETCH_S) -> Counter:
    """What counts for this model: tiktoken, with o200k_base for a name that it does not know.

    Its encodings are fetched once from OpenAI's storage and then kept; where that fails or takes too long, tokens are
    estimated by characters.
    """
    found: list[Counter] = []
    # A thread, since tiktoken's request has no time limit of its own.
    thread = threading.Thread(target=lambda: found.extend(_by_tiktoken(model)), daemon=True)
    thread.start()
    thread.join(fetch_s)
    return found[0] if found else Counter(ESTIMATED, True, lambda text: ceil(len(text) / _CHARS))


def _by_tiktoken(model: str) -> list[Counter]:
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        name = DEFAULT_ENCODING
    try:
        encoding = tiktoken.get_encoding(name)
    except Exception:  # whatever the network, a proxy or the cache's folder says: then it is estimated
        return []
    # Control tokens in a text are text there.
    return [Counter(name, False, lambda text: len(encoding.encode(text, disallowed_special=())))]


def tokens_of(line: Line, counter: Counter) -> int:
    """Of the whole example, with the longest reply of a preference."""
    prompt = sum(_of(said, counter) for said in line.prompt)
    return prompt + max(_of(said, counter) for said in line.replies) + _OF_EXAMPLE


def billed_tokens(line: Line, counter: Counter) -> int:
    """Those that are trained on: the prompt with each of the replies."""
    prompt = sum(_of(said, counter) for said in line.prompt)
    return sum(prompt + _of(said, counter) + _OF_EXAMPLE for said in line.replies)


def learned_tokens(line: Line, counter: Counter) -> int:
    """Those of the replies that have a weight."""
    said = [one for one in line.prompt if one.role == "assistant"] if line.form == "openai" else []
    return sum(counter.count(one.content) for one in (*said, *line.replies[:1]) if one.weight != 0)


def summary(lengths: Sequence[int], learned: int, counter: Counter) -> Tokens:
    """The lengths of all examples, of which there is one at least."""
    ordered = sorted(lengths)
    width = _nice(ceil(ordered[-1] / _BUCKETS))
    tops = range(width, ordered[-1] + width, width)
    histogram = tuple(Bucket(top, sum(top - width < one <= top for one in ordered)) for top in tops)
    last = len(ordered) - 1
    median, p95 = ordered[last // 2], ordered[ceil(0.95 * last)]
    return Tokens(counter.encoding, counter.is_estimate, sum(ordered), learned, median, p95, ordered[-1], histogram)


def _nice(width: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size >= width:
                return step * size
        size *= 10


def _of(said: Said, counter: Counter) -> int:
    return _OF_MESSAGE + counter.count(said.role) + counter.count(said.content)
