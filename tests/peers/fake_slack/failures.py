"""What a test wants to go wrong, one call after the other."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """How one call goes wrong: an error, an HTTP status, a lost connection, or only a delay in seconds."""

    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    drop: bool = False
    after: bool = False  # the call takes effect, and its answer is lost
    delay: float = 0.0

    @property
    def answers(self) -> bool:
        """Whether it takes the place of the method's own answer."""
        return self.after or self.drop or (self.error, self.status, self.retry_after) != (None, None, None)


class Failures:
    """Failures that wait for their calls."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Failure]] = defaultdict(deque)

    def add(self, method: str, failure: Failure, times: int) -> None:
        """The next `times` calls of `method` go wrong so."""
        self._waiting[method] += [failure] * times

    def next(self, method: str) -> Failure:
        """How this call goes wrong; mostly not at all."""
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else Failure()
