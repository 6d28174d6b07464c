"""counts: what callers have done within the windows of one rate, in memory of a bounded size."""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

if TYPE_CHECKING:
    from limits import RateLimitItem


class BoundedMemory(MemoryStorage):
    """The library's counts in memory, but for how they are forgotten.

    The library looks through all of them on a thread of its own after each request, and has room for any number. Here
    the counts that nobody asked for in the longest time go first, once there are too many: somebody who makes up
    addresses pushes out other made-up ones, and nobody who goes on asking, be it in vain.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        # In the order in which they are forgotten; a plain dictionary would look for its first entry again and again.
        self._ends = self.expirations = OrderedDict[str, float]()

    def get(self, key: str) -> int:
        count = super().get(key)
        if count:
            self._ends.move_to_end(key)
        return count

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        count: int = self.get(key) + amount
        if count == amount:
            self._ends[key] = time.time() + expiry
        self.storage[key] = count
        while len(self._ends) > self._most:
            oldest, _ = self._ends.popitem(last=False)
            del self.storage[oldest]
        return count


class Counts:
    """One rate, and what each caller has done of it.

    The window slides: what was done in the window before counts by the share of it that is still within reach. So
    nobody gets twice the limit around a full minute, and a caller takes two numbers, whatever the limit is.
    """

    def __init__(self, rate: "RateLimitItem", most_callers: int) -> None:
        self.limit = rate.amount
        self.window_s = rate.get_expiry()
        self._rate = rate
        self._memory = BoundedMemory(2 * most_callers)
        self._strategy = SlidingWindowCounterRateLimiter(self._memory)

    def __len__(self) -> int:
        return len(self._memory.storage)

    def has_room(self, caller: str) -> bool:
        """Whether the caller may do one more; nothing is counted."""
        return self._strategy.test(self._rate, caller)

    def add(self, caller: str) -> None:
        """Count one."""
        self._strategy.hit(self._rate, caller)

    def left(self, caller: str) -> tuple[int, int]:
        """What the caller may still do, and after how many whole seconds, one or more, that grows."""
        reset, remaining = self._strategy.get_window_stats(self._rate, caller)
        # One more than the whole seconds: at the very end of a window nothing has become free yet.
        return remaining, int(max(0.0, reset - time.time())) + 1
