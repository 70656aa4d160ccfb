"""Whether the properties of a resource are what the native provider's schema says."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pulumi_openai_admin.hosts.native import schema
from pulumi_openai_admin.hosts.native.properties import token

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@cache
def _schema() -> dict[str, Any]:
    return dict(json.loads(schema.text()))


def misfits(resource: type[Any], properties: dict[str, Any]) -> list[str]:
    """What is not as the schema says; empty if all is."""
    spec = _schema()["resources"][token(resource.__name__)]
    shown = {name: value for name, value in properties.items() if not name.startswith("__") and value is not None}
    missing = [f"{name} is missing" for name in spec["required"] if name not in shown]
    unknown = [f"{name} is not in the schema" for name in shown if name not in spec["properties"]]
    wrong = [
        wrong
        for name, value in shown.items()
        if name in spec["properties"]
        for wrong in _misfits(value, spec["properties"][name], name)
    ]
    return missing + unknown + wrong


def _misfits(value: Any, spec: dict[str, Any], where: str) -> list[str]:
    if "oneOf" in spec:
        found = [_misfits(value, member, where) for member in spec["oneOf"]]
        return [] if any(not each for each in found) else [f"{where}: {value!r} fits none of the alternatives"]
    if "$ref" in spec:
        named = spec["$ref"].removeprefix("#/types/")
        return [] if named == "pulumi.json#/Any" else _misfits(value, _schema()["types"][named], where)
    if wrong := _scalar_misfit(value, spec):
        return [f"{where}: {value!r} is {wrong}"]
    if isinstance(value, list):
        return [wrong for n, item in enumerate(value) for wrong in _misfits(item, spec["items"], f"{where}[{n}]")]
    return _inside(value, spec, where) if isinstance(value, dict) else []


def _scalar_misfit(value: Any, spec: dict[str, Any]) -> str:
    kinds = _KINDS[spec["type"]]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return f"no {spec['type']}"
    if spec["type"] == "integer" and (value != int(value) or abs(value) >= 2**31):
        return "no whole number of 32 bits"
    return f"not {spec['const']!r}" if value != spec.get("const", value) else ""


def _inside(value: dict[str, Any], spec: dict[str, Any], where: str) -> list[str]:
    if "properties" not in spec:
        inner = spec.get("additionalProperties", {"$ref": "pulumi.json#/Any"})
        return [wrong for key, item in value.items() for wrong in _misfits(item, inner, f"{where}.{key}")]
    missing = [f"{where}.{name} is missing" for name in spec.get("required", ()) if name not in value]
    unknown = [f"{where}.{name} is not in the schema" for name in value if name not in spec["properties"]]
    known = ((name, item) for name, item in value.items() if name in spec["properties"])
    return (
        missing
        + unknown
        + [wrong for name, item in known for wrong in _misfits(item, spec["properties"][name], f"{where}.{name}")]
    )
