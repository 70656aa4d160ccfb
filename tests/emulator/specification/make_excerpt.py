"""Makes `admin-openapi.json` of the specification: what a reply can be checked with, and nothing else.

    python tests/emulator/specification/make_excerpt.py admin-openapi.yaml

Descriptions, examples and extensions are left out. `nullable: true`, which OpenAPI 3.1 does not know any more, becomes
the type `null`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

EXCERPT = Path(__file__).parent / "admin-openapi.json"
_LEFT_OUT = frozenset({"description", "summary", "title", "example", "examples", "nullable", "externalDocs", "tags"})
_NAMED_BY_THE_API = frozenset({"properties", "schemas", "paths", "patternProperties"})
"""Their keys are names, not words of the specification."""


def excerpt(part: Any, *, is_naming: bool = False) -> Any:
    """Leave out of a part of the specification what no check reads."""
    if isinstance(part, list):
        return [excerpt(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: excerpt(value, is_naming=not is_naming and name in _NAMED_BY_THE_API)
        for name, value in part.items()
        if is_naming or not (name in _LEFT_OUT or name.startswith("x-"))
    }
    return _with_null(kept) if not is_naming and part.get("nullable") is True else kept


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Say in the words of JSON Schema that null is allowed."""
    if "type" not in schema or "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [*_as_list(schema["type"]), "null"]}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main(source: str) -> None:
    document = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
    document["info"] = {"title": "Excerpt of OpenAI's Administration API", "version": document["info"]["version"]}
    EXCERPT.write_text(_text(excerpt(document)), encoding="utf-8")


def _text(document: dict[str, Any]) -> str:
    """Write JSON with a path or a schema on each line, so that a change shows where it is."""
    groups = {"paths": document.pop("paths"), **document.pop("components")}
    paths = _lines(groups.pop("paths"), "  ")
    components = ",\n".join(f'  "{name}": {_lines(group, "   ")}' for name, group in groups.items())
    rest = "".join(f' "{name}": {json.dumps(value)},\n' for name, value in document.items())
    return f'{{\n{rest} "paths": {paths},\n "components": {{\n{components}\n }}\n}}\n'


def _lines(group: dict[str, Any], indent: str) -> str:
    lines = ",\n".join(f"{indent}{json.dumps(name)}: {json.dumps(value)}" for name, value in group.items())
    return f"{{\n{lines}\n{indent[:-1]}}}"


if __name__ == "__main__":
    main(sys.argv[1])
