"""Nobody waits for what does not answer, and what does not answer does not pile up."""

from __future__ import annotations

import threading
import time

import pytest

from index.deadline import Deadline


def test_what_comes_in_time_is_given_and_what_is_raised_is_raised() -> None:
    deadline = Deadline(5.0)
    assert deadline.call(lambda: 4) == 4
    with pytest.raises(TimeoutError, match="its own"):
        deadline.call(lambda: fail(TimeoutError("its own")))


def fail(error: Exception) -> int:
    raise error


def test_no_more_than_a_few_are_under_way_and_others_follow_when_they_end() -> None:
    deadline, end, begun = Deadline(0.05, most=3), threading.Event(), []
    for _ in range(3):
        with pytest.raises(TimeoutError, match="too long"):
            deadline.call(lambda: begun.append(1) or end.wait())
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(TimeoutError, match="too many"):
            deadline.call(lambda: begun.append(1))
    assert time.monotonic() - began < 0.05
    assert len(begun) == 3
    end.set()
    time.sleep(0.05)
    assert deadline.call(lambda: 4) == 4
