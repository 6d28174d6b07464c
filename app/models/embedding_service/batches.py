"""batches: texts cut into what one request may hold, smaller ones once the server refused some."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts in a row, the first of which is text number `first` of all."""

    first: int
    texts: list[str]

    def halves(self) -> "tuple[Batch, Batch]":
        """The same as two; it has at least two texts."""
        middle = len(self.texts) // 2
        return Batch(self.first, self.texts[:middle]), Batch(self.first + middle, self.texts[middle:])


class Batches:
    """Gives out batches of at most so many texts and bytes; a text that is larger alone."""

    def __init__(self, texts: Iterable[str], most_texts: int, most_bytes: int) -> None:
        self._texts = iter(texts)
        self._most_texts, self._most_bytes = most_texts, most_bytes
        self._next = 0
        self._ahead: str | None = None
        self._again: deque[Batch] = deque()

    def take(self) -> Batch | None:
        """The next one; None when all are given out."""
        if self._again:
            return self._again.popleft()
        texts = list(self._one())
        if not texts:
            return None
        batch = Batch(self._next, texts)
        self._next += len(texts)
        return batch

    def split(self, batch: Batch) -> None:
        """Give out the halves of one that is too large, and from now on none that is larger than these."""
        halves = batch.halves()
        self._again.extend(halves)
        self._most_texts = min(self._most_texts, len(halves[1].texts))

    def _one(self) -> Iterator[str]:
        size = count = 0
        while count < self._most_texts:
            text = self._ahead if self._ahead is not None else next(self._texts, None)
            self._ahead = None
            if text is None:
                return
            size += len(text.encode("utf-8", "surrogatepass"))
            if count and size > self._most_bytes:
                self._ahead = text
                return
            count += 1
            yield text
