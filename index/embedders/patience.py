"""Asking again. The one place where that is done: the providers' own ways are off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from index.errors import EmbedderError

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")


class Patience(NamedTuple):
    """How often a call is made at most, and how many seconds lie between two at most."""

    calls: int
    longest: float


INDEXING = Patience(6, 60.0)  # providers count by the minute
ASKING = Patience(2, 1.0)  # somebody waits


def patiently(call: Callable[[], T], patience: Patience, stopped: Event | None = None) -> T:
    """What `call` gives, asked again where its error may pass: after as long as the provider
    says, else 1, 2, 4... seconds. Raises its last EmbedderError; at once when `stopped` is
    set or when the provider wants more than `patience`."""
    from tenacity import (
        Retrying,
        retry_if_exception,
        sleep_using_event,
        stop_after_attempt,
        stop_when_event_set,
        wait_random_exponential,
    )

    stopped = stopped or Event()
    guess = wait_random_exponential(multiplier=1, max=patience.longest)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        named = error.after if isinstance(error, EmbedderError) else None
        return guess(state) if named is None else named

    def may_pass(error: BaseException) -> bool:
        return (
            isinstance(error, EmbedderError) and error.may_pass and (error.after or 0.0) <= patience.longest
        )

    return Retrying(
        retry=retry_if_exception(may_pass),
        wait=wait,
        stop=stop_after_attempt(patience.calls) | stop_when_event_set(stopped),
        sleep=sleep_using_event(stopped),
        reraise=True,
    )(call)


def retry_after(headers: Any) -> float | None:
    """Seconds that a reply's `Retry-After` asks for: it holds a number or a date."""
    text = headers.get("retry-after", "")
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without a zone
        return None


def reply_of(error: BaseException | None) -> Any:
    """The HTTP reply that an error came from: its own, or that of what was being handled."""
    while error is not None:
        if (response := getattr(error, "response", None)) is not None:
            return response
        error = error.__cause__ or error.__context__
    return None
