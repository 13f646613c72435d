"""One call to Slack: what its refusals and its silence mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.errors import RefusedError, StoppedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

INVALID = {"invalid_blocks", "invalid_blocks_format", "invalid_message"}
UNKNOWN = {"unknown_method"}
LACKING = UNKNOWN | {
    "feature_disabled",
    "missing_scope",
    "not_agent_app",
    "not_allowed_token_type",
}
_SLACKS_FAULT = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}


async def guarded(method: str, send: Callable[[], Awaitable[Any]]) -> Any:
    """What `send` gives. Raises RefusedError, StoppedError or UnreachableError."""
    try:
        return await send()
    except SlackApiError as error:
        code, status, needed = _reason(error)
        if status >= 500 or code in _SLACKS_FAULT:
            raise UnreachableError(f"Slack fails at {method} ({code or status}).") from error
        kind = StoppedError if code == "stopped_by_user" else RefusedError
        raise kind(method, code or f"HTTP {status}", needed) from error
    except (aiohttp.ClientError, TimeoutError, SlackClientError) as error:
        raise UnreachableError(f"Slack does not answer {method} ({type(error).__name__}).") from error


def _reason(error: SlackApiError) -> tuple[str, int, str]:
    """Slack's word, the HTTP status and the scope that is missing; the SDK hands over a body, a page
    or a bare response."""
    response = error.response
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", response)
    said = data if isinstance(data, dict) else {}
    return str(said.get("error") or ""), int(status), str(said.get("needed") or "")
