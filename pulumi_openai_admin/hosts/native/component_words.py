"""Messages about the inputs of a component, with the property paths of programs in every language. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_openai_admin.components.entries import Spelling
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.names import camel

if TYPE_CHECKING:
    from collections.abc import Collection

_ENTRY = re.compile(r"\['([^']*)'\]")
"""A place as messages for Python have it."""


def spelled(text: str, names: Collection[str]) -> str:
    """A message with property paths, and with names and values as programs in every language have them.

    Args:
        text: The message. What `NATIVE` has spelled stays.
        names: The names of arguments and properties in Python.
    """
    paths = _ENTRY.sub(lambda found: _key(camel(found[1]) if found[1] in names else found[1]), text)
    return properties.respelled(names, paths)


def _key(key: str | int) -> str:
    return f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{json.dumps(key, ensure_ascii=False)}]"


def _value(value: object) -> str:
    return json.dumps(_in_camel_case(value), ensure_ascii=False)


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {camel(key): _in_camel_case(entry) for key, entry in value.items()}
    return [_in_camel_case(entry) for entry in value] if isinstance(value, list) else value


_KINDS: dict[type, str] = {
    bool: "a boolean",
    str: "a string",
    dict: "a mapping",
    list: "a list",
    int: "a number",
    float: "a number",
    pulumi.Output: "an Output",
}


def _kind(value: object) -> str:
    return next((words for kind, words in _KINDS.items() if isinstance(value, kind)), f"a {type(value).__name__}")


NATIVE = Spelling(
    name=camel, key=_key, inside=lambda name: f".{camel(name)}", value=_value, kind=_kind, line=lambda: ""
)
"""What the user's program has, in JSON and with names in camelCase."""
