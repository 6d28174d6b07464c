"""Files by number: what a filter of the server names them by, so that no path is ever part of an expression."""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

# Ranges are few, so that an expression nests little; shorter ones are listed number by number.
_MOST_RANGES = 40
_SHORTEST_RANGE = 20


class FileNumbers:
    """The files of a generation, numbered by path, a folder's after each other, and how many chunks each has."""

    def __init__(self, numbers: Mapping[str, int], chunks: Mapping[str, int]) -> None:
        self._numbers, self._chunks = numbers, chunks
        self._all_chunks = sum(chunks.values())
        self._paths = {number: path for path, number in numbers.items()}

    def number(self, path: str) -> int:
        return self._numbers[path]

    def path(self, number: int) -> str:
        """The file's path; "" for a number that no file has."""
        return self._paths.get(number, "")

    def share(self, paths: Collection[str]) -> float:
        """The share of the chunks that are of these files, [0, 1]."""
        return sum(self._chunks.get(path, 0) for path in paths) / max(1, self._all_chunks)

    def condition(self, paths: Collection[str]) -> str | None:
        """What is true of these files' chunks; "" where that is all of them, None where it is none.

        It names the files or the others, whichever are fewer.
        """
        wanted = {self._numbers[path] for path in paths if path in self._numbers}
        if not wanted:
            return None
        if len(wanted) == len(self._numbers):
            return ""
        if len(wanted) <= len(self._numbers) / 2:
            return _among(wanted)
        return f"not ({_among(self._paths.keys() - wanted)})"


def _among(numbers: Collection[int]) -> str:
    runs = sorted(_runs(sorted(numbers)), key=len, reverse=True)
    ranges = [run for run in runs[:_MOST_RANGES] if len(run) >= _SHORTEST_RANGE]
    conditions = [f"(file >= {run.start} and file < {run.stop})" for run in ranges]
    single = sorted(number for run in runs[len(ranges) :] for number in run)
    if single:
        conditions.append(f"file in [{','.join(map(str, single))}]")
    return " or ".join(conditions)


def _runs(numbers: list[int]) -> Iterator[range]:
    """The runs of numbers that follow each other."""
    first = numbers[0]
    for before, number in pairwise(numbers):
        if number != before + 1:
            yield range(first, before + 1)
            first = number
    yield range(first, numbers[-1] + 1)
