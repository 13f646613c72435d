"""Writes that arrive at the same time are made together: one commit for all of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Arrival(Generic[T, R]):
    item: T
    outcome: R | BaseException | None = None


class Batches(Generic[T, R]):
    """`write` takes items in the order they came and gives a result, not None, for each; where it
    raises `failure`, every item of the batch fails with it."""

    def __init__(
        self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]], failure: type[Exception]
    ) -> None:
        self._write = write
        self._failure = failure
        self._turn = asyncio.Lock()
        self._arriving: list[_Arrival[T, R]] = []

    async def add(self, item: T) -> R:
        """What became of the item, once it is written."""
        arrival = _Arrival[T, R](item)
        self._arriving.append(arrival)
        async with self._turn:
            if arrival.outcome is None:
                await self._write_all()
        if isinstance(arrival.outcome, BaseException):
            raise arrival.outcome
        assert arrival.outcome is not None
        return arrival.outcome

    async def _write_all(self) -> None:
        """Who is cut off here leaves the items to the next in line."""
        batch = list(self._arriving)
        outcomes: Sequence[R | BaseException]
        try:
            outcomes = await self._write([arrival.item for arrival in batch])
        except self._failure as error:
            outcomes = [error] * len(batch)
        for arrival, outcome in zip(batch, outcomes, strict=True):
            arrival.outcome = outcome
        del self._arriving[: len(batch)]
