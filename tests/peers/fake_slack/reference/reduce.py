"""Make the reference files beside this script from the full ones: `python reduce.py FOLDER`.

Kept is what a bot like ours may use; descriptions go. See README.md for where the full files come from.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

METHODS = [
    "agents.sessions.rename",
    "agents.sessions.setStatus",
    "apps.connections.open",
    "assistant.threads.setStatus",
    "assistant.threads.setSuggestedPrompts",
    "assistant.threads.setTitle",
    "auth.test",
    "blocks.validate",
    "chat.appendStream",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.startStream",
    "chat.stopStream",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "reactions.add",
    "reactions.remove",
    "team.info",
    "users.info",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
]

BLOCKS = [
    "ActionsBlock",
    "ContextBlock",
    "ContextActionsBlock",
    "DividerBlock",
    "HeaderBlock",
    "ImageBlock",
    "InputBlock",
    "MarkdownBlock",
    "PlanBlock",
    "RichTextBlock",
    "SectionBlock",
    "TableBlock",
    "TaskCardBlock",
]

# Where the data is behind Slack's own SDK (3.47): method -> what replaces it.
CORRECTIONS: dict[str, dict[str, Any]] = {
    "apps.connections.open": {"scopes": {"bot": ["connections:write"]}},
    "chat.appendStream": {"required": ["channel", "ts"]},  # chunks do as well as markdown_text
    "chat.startStream": {"required": ["channel", "thread_ts"]},
    "chat.stopStream": {"args": {"session_status": {"type": "string"}}},
}

MANIFEST_PARTS = ["_metadata", "display_information", "features", "oauth_config", "settings"]


def methods(full: dict[str, Any]) -> dict[str, Any]:
    """The methods a bot like ours may call: arguments, required ones, scopes and errors."""
    kept = {}
    for name in METHODS:
        method = {key: full[name][key] for key in ("args", "required", "scopes", "errors")}
        method["args"].pop("token", None)
        method["scopes"] = {"bot": method["scopes"].get("bot", [])}
        correction = CORRECTIONS.get(name, {})
        kept[name] = method | correction | {"args": method["args"] | correction.get("args", {})}
    return kept


def blocks(block: dict[str, Any], chunk: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """One schema for blocks, chunks and views, since they share their definitions."""
    definitions = view["definitions"] | chunk["definitions"] | block["definitions"]
    definitions["KnownBlock"] = definitions["AnyBlock"] = {"anyOf": [_ref(name) for name in BLOCKS]}
    definitions["View"] = {"anyOf": [_ref("HomeView"), _ref("ModalView")]}
    return _reachable({"anyOf": [_ref("AnyBlock"), _ref("AnyChunk"), _ref("View")]}, definitions)


def manifest(full: dict[str, Any]) -> dict[str, Any]:
    """A manifest without functions, workflows and datastores."""
    definitions: dict[str, Any] = full.pop("definitions")
    full["properties"] = {name: full["properties"][name] for name in MANIFEST_PARTS}
    features = definitions["app-manifests.v1.features.schema"]["properties"]
    for name in ("functions", "workflow_steps"):
        features.pop(name, None)
    return _reachable(full, definitions)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/definitions/{name}"}


def _reachable(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    waiting = _references(schema)
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = _without_words(definitions[name])
            waiting += _references(definitions[name])
    draft: dict[str, Any] = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return draft | dict(_without_words(schema)) | {"definitions": dict(sorted(kept.items()))}


def _references(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [name for item in schema for name in _references(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rsplit("/", 1)[1]] if isinstance(schema.get("$ref"), str) else []
    return own + [name for item in schema.values() for name in _references(item)]


def _without_words(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_words(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    words = {"description", "title", "examples", "markdownDescription"}
    return {k: _without_words(v) for k, v in schema.items() if k not in words or isinstance(v, dict)}


def _write(path: Path, content: dict[str, Any], section: str | None) -> None:
    """One entry a line, so that a change shows as one line."""
    entries = content[section] if section else content
    head = json.dumps({k: v for k, v in content.items() if k != section})[:-1] if section else "{"
    lines = ",\n".join(
        f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in entries.items()
    )
    start, end = (f'{head}, "{section}": {{\n', "\n}}\n") if section else ("{\n", "\n}\n")
    path.write_text(start + lines + end)


def main(folder: Path) -> None:
    def read(name: str) -> Any:
        return json.loads((folder / name).read_text())

    here = Path(__file__).parent
    schemas = [read(f"{name}.schema.json") for name in ("block-kit", "stream-chunks", "view")]
    _write(here / "methods.json", methods(read("slack-web-api.json")), None)
    _write(here / "blocks.schema.json", blocks(*schemas), "definitions")
    _write(here / "manifest.schema.json", manifest(read("manifest.schema.2.0.0.json")), "definitions")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
