"""views.open, push, update and publish."""

from __future__ import annotations

import json
from typing import Any

from fake_slack import checks
from fake_slack.payloads import APP, new_id
from fake_slack.safety import unsafe
from fake_slack.world import Args, SlackError, Workspace, World

VIEW_BYTES = 250_000


def open_view(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A modal, for a trigger_id that is still good."""
    world.redeem(args.get("trigger_id"))
    view = _checked(world, "views.open", args["view"])
    return {"view": _keep(world, workspace, view, new_id("V"))}


def update(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """Other content for an open modal, by view_id or external_id."""
    wanted = args.get("view_id"), args.get("external_id")
    found = [
        view["id"] for view in world.views.values() if set(wanted) & {view["id"], view["external_id"] or 0}
    ]
    if not found:
        raise SlackError("not_found")
    return replace(world, workspace, "views.update", found[0], args)


def publish(world: World, workspace: Workspace, args: Args) -> dict[str, Any]:
    """A user's App Home; `views` has it under the user as well."""
    user = args["user_id"]
    known = world.views.get(user, {"id": new_id("V")})["id"]
    answer = replace(world, workspace, "views.publish", known, args)
    world.views[user] = answer["view"]
    return answer


def replace(world: World, workspace: Workspace, method: str, view_id: str, args: Args) -> dict[str, Any]:
    """Put args' view in the place of the one with this id."""
    old = world.views.get(view_id)
    if old and args.get("hash") not in (None, old["hash"]):
        raise SlackError("hash_conflict")
    view = _checked(world, method, args["view"])
    if (view["type"] == "home") != (method == "views.publish"):
        world.refuse(method, "invalid_arguments", [f"a view of type {view['type']}"])
    return {"view": _keep(world, workspace, view, view_id)}


def _checked(world: World, method: str, view: Any) -> dict[str, Any]:
    world.refuse_newer(view)
    if world.checking:
        world.refuse(method, "invalid_arguments", checks.invalid_view(view))
        if (size := len(json.dumps(view))) > VIEW_BYTES:
            world.refuse(method, "view_too_large", [f"{size} bytes, at most {VIEW_BYTES}"])
        world.note(method, unsafe(view, world.allowed_urls, world.allowed_mentions))
    return dict(view)


def _keep(world: World, workspace: Workspace, view: dict[str, Any], view_id: str) -> dict[str, Any]:
    named = {"callback_id": "", "external_id": "", "private_metadata": "", "state": {"values": {}}}
    ids = {"id": view_id, "root_view_id": view_id, "previous_view_id": None, "hash": new_id("h")}
    owner = {"team_id": workspace.team, "app_id": APP, "bot_id": workspace.bot}
    world.views[view_id] = named | view | ids | owner
    return world.views[view_id]
