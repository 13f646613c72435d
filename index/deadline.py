"""Calls that are waited for only so long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import BoundedSemaphore, Thread
from typing import TypeVar

T = TypeVar("T")


class Deadline:
    """Makes calls beside their caller, who waits at most `seconds`. A call that is given up goes on
    until it ends by itself, and keeps neither another nor the process from ending; at most `most`
    are under way, so that those of a server which never answers do not pile up."""

    def __init__(self, seconds: float, most: int = 16) -> None:
        self._seconds = seconds
        self._free = BoundedSemaphore(most)

    def call(self, function: Callable[[], T]) -> T:
        """What `function` gives or raises. Raises TimeoutError where it takes too long, or too many
        before it still do."""
        if not self._free.acquire(blocking=False):
            raise TimeoutError("too many calls before it are still without a reply")
        future: Future[T] = Future()
        try:
            Thread(target=self._run, args=(function, future), daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise TimeoutError("the machine has no thread left for it") from error
        if not wait([future], self._seconds).done:
            raise TimeoutError("it took too long")
        return future.result()

    def _run(self, function: Callable[[], T], future: Future[T]) -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - who waits is told of whatever it is
            future.set_exception(error)
        finally:
            self._free.release()
