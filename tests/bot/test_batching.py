"""Writes that come together are made together, and each learns what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.batching import Batches


class Written:
    """Remembers the batches; a batch with a negative number fails."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()

    async def write(self, items: Sequence[int]) -> list[int]:
        await self.open.wait()
        if min(items) < 0:
            raise OSError("disk full")
        self.batches.append(list(items))
        return [10 * item for item in items]


async def test_what_arrives_during_a_write_is_written_by_the_next_one() -> None:
    written = Written()
    batches = Batches(written.write, OSError)
    waiting = [asyncio.create_task(batches.add(0))]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(batches.add(n)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    written.open.set()
    assert await asyncio.gather(*waiting) == [0, 10, 20, 30]
    assert written.batches == [[0], [1, 2, 3]]


async def test_a_failure_is_told_to_all_of_the_batch_and_to_nobody_else() -> None:
    written = Written()
    batches = Batches(written.write, OSError)
    first = asyncio.create_task(batches.add(0))
    await asyncio.sleep(0)
    failing = [asyncio.create_task(batches.add(n)) for n in (1, -1)]
    await asyncio.sleep(0)
    written.open.set()
    assert await first == 0
    for task in failing:
        with pytest.raises(OSError, match="disk full"):
            await task
    assert await batches.add(4) == 40


async def test_what_the_first_in_line_leaves_when_it_is_cut_off_is_written() -> None:
    written = Written()
    batches = Batches(written.write, OSError)
    first, second = (asyncio.create_task(batches.add(n)) for n in (1, 2))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.sleep(0.01)
    written.open.set()
    assert await second == 20
