"""A Slack of our own on 127.0.0.1: the Web API, Socket Mode and response_urls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web
from fake_slack import checks, modals
from fake_slack.failures import Failure, Failures
from fake_slack.methods import METHODS
from fake_slack.payloads import new_id
from fake_slack.response_urls import ResponseUrls
from fake_slack.schemas import METHODS as RULES
from fake_slack.sockets import Ack, Sockets
from fake_slack.wire import Call, lost, plain, read
from fake_slack.world import Args, SlackError, Workspace, World

if TYPE_CHECKING:
    from types import TracebackType


class FakeSlack(World):
    """Slack's side of the wire. Every call is checked; `problems` has what broke a rule."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._failures = Failures()
        self._sockets = Sockets()
        self._response_urls = ResponseUrls(self)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/api/{method}", self._serve_method)
        app.router.add_post("/response/{key}", self._serve_response_url)
        app.router.add_get("/link/", self._sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """End every connection."""
        await self._sockets.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The Web API's base url."""
        return f"http://127.0.0.1:{self._port}/api/"

    def called(self, method: str) -> list[Call]:
        """The calls of one method, failed ones too."""
        return [call for call in self.calls if call.method == method]

    def response_url(
        self,
        channel: str = "C0GENERAL",
        user: str = "U0ASKER",
        *,
        age: float = 0.0,
        original_ts: str | None = None,
    ) -> str:
        """A fresh one; `original_ts` is the message that replace_original replaces."""
        key = self._response_urls.give(channel, user, age, original_ts)
        return f"http://127.0.0.1:{self._port}/response/{key}"

    def fail(
        self,
        method: str,
        *,
        times: int = 1,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        drop: bool = False,
        after: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Let the next `times` calls of a method (or "response_url") go wrong, or only be slow.

        `retry_after` answers 429; `after` lets the call take effect and loses its answer.
        """
        self._failures.add(method, Failure(error, status, retry_after, drop, after, delay), times)

    # Socket Mode

    async def connected(self, n: int = 1, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 -- a test's patience
        """Wait until n sockets stand."""
        await self._sockets.connected(n, timeout)

    async def send(
        self,
        type: str,  # noqa: A002 -- Slack's word
        payload: dict[str, Any],
        *,
        retry_attempt: int = 0,
        envelope_id: str | None = None,
        timeout: float = 3.0,  # noqa: ASYNC109 -- Slack's patience
    ) -> Ack | None:
        """Deliver an envelope (events_api, slash_commands, interactive); None if unacknowledged."""
        self.hear(payload)
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id or new_id("00000000-0000-4000-8000-"),
            "type": type,
        }
        envelope |= {"payload": payload, "accepts_response_payload": type != "events_api"}
        if type == "events_api":
            reason = "timeout" if retry_attempt else ""
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": reason}
        else:
            self.allowed_mentions.add(str(payload.get("user_id") or payload.get("user", {}).get("id")))
        ack = await self._sockets.send(envelope, timeout)
        if ack and ack.payload:
            try:
                self._take(type, payload, ack.payload)
            except SlackError as error:
                self.note("acknowledgement", [str(error)])  # Slack shows the user a warning sign
        return ack

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the bot's sockets to come again, or cut them off ("abrupt")."""
        await self._sockets.disconnect(reason)

    def _take(self, kind: str, payload: dict[str, Any], answer: dict[str, Any]) -> None:
        """An acknowledgement may carry a message or the next view."""
        workspace = next(iter(self.workspaces.values()))
        if "view" in answer:
            modals.replace(
                self, workspace, "view_submission", payload["view"]["id"], {"view": answer["view"]}
            )
        elif kind == "slash_commands":
            self.inspect("acknowledgement", answer)
            self.post(workspace, payload["channel_id"], answer, ephemeral_to=payload["user_id"])

    # HTTP

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        token, args = await read(request, method)
        call = Call(method, args, token)
        self.calls.append(call)
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes))} if token in self.workspaces else {}

        def act() -> web.Response:
            call.response = self._answer(method, token, args)
            return web.json_response(call.response, headers=headers)

        return await self._perform(request, call, act)

    async def _serve_response_url(self, request: web.Request) -> web.StreamResponse:
        call = Call("response_url", await request.json(), "")
        self.calls.append(call)

        def act() -> web.Response:
            try:
                self._response_urls.answer(request.match_info["key"], call.args)
            except SlackError as error:
                call.response = error.answer
                gone = error.answer["error"] in {"expired_url", "used_url"}
                return web.json_response(error.answer, status=404) if gone else plain(400, str(error))
            call.response = {"ok": True}
            return plain(200, "ok")

        return await self._perform(request, call, act)

    async def _perform(self, request: web.Request, call: Call, act: Any) -> web.StreamResponse:
        failure = self._failures.next(call.method)
        await asyncio.sleep(failure.delay)
        answer: web.StreamResponse | None = None
        if failure.after or not failure.answers:
            answer = act()
        if not failure.answers and answer:
            return answer
        return lost(request, call, failure)

    def _answer(self, method: str, token: str, args: Args) -> dict[str, Any]:
        try:
            workspace = self._admit(method, token, args)
            if method == "apps.connections.open":
                return {
                    "ok": True,
                    "url": f"ws://127.0.0.1:{self._port}/link/?ticket={self._sockets.ticket()}",
                }
            return {"ok": True} | METHODS[method](self, workspace, args)
        except SlackError as error:
            return error.answer

    def _admit(self, method: str, token: str, args: Args) -> Workspace:
        """Whether the method is there, the token good for it, and the arguments right."""
        if method not in RULES:
            self.note(method, ["no such method in the reference"])
        if method not in RULES or method in self._withdrawn:
            raise SlackError("unknown_method")
        workspace = self._owner(method, token)
        if token != self.app_token:
            self._permit(method, str(args.get("channel") or args.get("channel_id") or ""))
        problems = checks.check_arguments(method, args)
        self.note(method, [problem for problem in problems if problem.startswith("no argument")])
        wrong = [problem for problem in problems if not problem.startswith("no argument")]
        self.refuse(method, "invalid_arguments", wrong)
        return workspace

    def _owner(self, method: str, token: str) -> Workspace:
        if not token:
            raise SlackError("not_authed")
        for_app = method == "apps.connections.open"
        if token == self.app_token or token in self.workspaces:
            if for_app != (token == self.app_token):
                raise SlackError("not_allowed_token_type")
            return self.workspaces.get(token) or next(iter(self.workspaces.values()))
        raise SlackError("invalid_auth")

    def _permit(self, method: str, channel: str) -> None:
        """One of the method's scopes will do; if they differ by the kind of channel, that kind's."""
        first = "G" if channel in self.private else channel[:1]
        kind = {"C": "channels:", "G": "groups:", "D": "im:"}.get(first, " ")
        scopes = RULES[method]["scopes"]["bot"]
        needed = [scope for scope in scopes if scope.startswith(kind)] or scopes
        if needed and not self.scopes & set(needed):
            provided = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=needed[0], provided=provided)
