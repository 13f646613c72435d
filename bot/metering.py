"""What one question may still ask of a language model, and what its replies say of themselves: the
tokens they cost, and why they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatResponse

MOST_REQUESTS = 3  # for one question, the rewriting of a follow-up included
_WHOLE = {"stop", "end_turn", "stop_sequence", "eos"}  # how providers say that a reply is finished
_INPUT = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_OUTPUT = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")


@dataclass(slots=True)
class Meter:
    """The requests and tokens of one question, and the time in which its model must be done, on the
    event loop's clock."""

    until: float
    left: int = MOST_REQUESTS
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def take(self) -> None:
        """Counts a request. Raises ModelError where there may be no more."""
        if not self.left:
            raise ModelError("The language model was asked often enough.")
        self.left -= 1
        self.requests += 1


class Told:
    """What a reply has told of itself so far, chunk by chunk. Providers tell the sum of its tokens,
    some in every chunk."""

    def __init__(self) -> None:
        self.input_tokens = self.output_tokens = 0
        self.reason = ""

    @property
    def is_whole(self) -> bool:
        return self.reason.lower() in _WHOLE

    def note(self, chunk: ChatResponse) -> None:
        usages = [_dict(usage) for usage in _usages(chunk)]
        self.input_tokens = max([self.input_tokens, *_counts(usages, _INPUT)])
        self.output_tokens = max([self.output_tokens, *_counts(usages, _OUTPUT)])
        self.reason = _reason(chunk) or self.reason


def _counts(usages: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[int]:
    found = (usage.get(name) for usage in usages for name in names)
    return [count for count in found if isinstance(count, int)]


def _usages(chunk: ChatResponse) -> list[Any]:
    raw = _dict(chunk.raw)
    said = chunk.message.additional_kwargs
    return [raw, chunk.additional_kwargs, raw.get("usage"), raw.get("usage_metadata"), said.get("usage")]


def _reason(chunk: ChatResponse) -> str:
    """Why the reply ends here, in the provider's word; "" where it goes on."""
    raw = _dict(chunk.raw)
    choices = raw.get("choices") or [None]
    reasons = (
        _dict(choices[0]).get("finish_reason"),  # OpenAI and those like it
        chunk.message.additional_kwargs.get("stop_reason"),  # Anthropic
        _dict(raw.get("delta")).get("stop_reason"),
        raw.get("done_reason"),  # Ollama
        raw.get("finish_reason"),  # Google
    )
    found = next((reason for reason in reasons if reason), "")
    return str(getattr(found, "value", found))


def _dict(thing: Any) -> Mapping[str, Any]:
    if isinstance(thing, Mapping):
        return thing
    return vars(thing) if hasattr(thing, "__dict__") else {}
