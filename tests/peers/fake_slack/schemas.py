"""Slack's own schemas, and a validator that says which part of a union was meant."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parent / "reference"
METHODS: dict[str, Any] = json.loads((REFERENCE / "methods.json").read_text())
_BLOCKS = json.loads((REFERENCE / "blocks.schema.json").read_text())
_MANIFEST = json.loads((REFERENCE / "manifest.schema.json").read_text())


def block_problems(definition: str, instance: object) -> list[str]:
    """Where `instance` is not what Slack calls e.g. AnyBlock, AnyChunk, HomeView or ModalView."""
    return [_sentence(error) for error in _validator(definition).iter_errors(instance)]


def manifest_problems(manifest: object) -> list[str]:
    """Where `manifest` is no app manifest."""
    return [_sentence(error) for error in Draft7Validator(_MANIFEST).iter_errors(manifest)]


def _sentence(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path)
    return f"{place or 'it'}: {error.message[:300]}"


@cache
def _validator(definition: str) -> Draft7Validator:
    schema = {"$ref": f"#/definitions/{definition}", "definitions": _BLOCKS["definitions"]}
    validator: Draft7Validator = extend(Draft7Validator, {"anyOf": _by_type})(schema)
    return validator


def _by_type(
    validator: Draft7Validator, branches: list[Any], instance: object, schema: object
) -> Iterator[ValidationError]:
    """anyOf, tried only with the branches that have the instance's type: quicker, and clear errors."""
    kind = instance.get("type") if isinstance(instance, dict) else None
    meant = _by_types(json.dumps(branches)).get(kind)
    if not meant:
        yield ValidationError(f"type {kind!r} does not belong here")
        return
    tried = [list(validator.descend(instance, branch)) for branch in meant]
    yield from min(tried, key=len)


@cache
def _by_types(branches: str) -> dict[object, list[Any]]:
    found: dict[object, list[Any]] = {}
    for branch in _flat(json.loads(branches)):
        kind = branch.get("properties", {}).get("type", {})
        found.setdefault(kind.get("const"), []).append(branch)
    return found


def _flat(branches: list[Any]) -> list[Any]:
    found = []
    for branch in branches:
        resolved = _BLOCKS["definitions"][branch["$ref"].rsplit("/", 1)[1]] if "$ref" in branch else branch
        found += _flat(resolved["anyOf"]) if "anyOf" in resolved else [resolved]
    return found
