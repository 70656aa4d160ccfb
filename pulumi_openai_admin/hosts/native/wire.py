"""Pulumi's wire format: a `Struct` with markers for secrets and unknown values, and plain values. Pure.

A decoded value is a tree of plain values in which `Secret` wraps what the engine has encrypted in the state. Verbs get
the plain values. What they return is marked like the tree it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from pulumi_openai_admin.hosts.common.secrets import is_wrapped, wrap
from pulumi_openai_admin.hosts.common.values import ARCHIVE, ASSET

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN_MARKERS = frozenset({
    rpc.UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # of a boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # of a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # of a list
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # of a mapping
})  # fmt: skip
"""The engine has a marker for each type of a value that is not known yet; the verbs know one."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values."""
_UNSUPPORTED = {
    "c44067f5952c0a294b673a41bacd8c17": ASSET,
    "0def7320c3a5731c473e5ecbe6d01bc7": ARCHIVE,
}
"""Special values that no input can have. Validation refuses them in words, so their content is not needed."""


@dataclass(frozen=True)
class Secret:
    """A value that the engine keeps encrypted."""

    value: Any


def decode(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The values of a message. Entries that are null are omitted: they are not set."""
    decoded: dict[str, Any] = _decoded(_value_of_struct(struct))
    return decoded


def _value_of_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The values, without protobuf's conversion to JSON, which fails on `.inf` and `.nan` of a program in YAML."""
    return {name: _value_of(value) for name, value in struct.fields.items()}


def _value_of(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _value_of_struct(value.struct_value)
    if kind == "list_value":
        return [_value_of(item) for item in value.list_value.values]
    return None if kind in {None, "null_value"} else getattr(value, kind)


def _decoded(value: Any) -> Any:
    if isinstance(value, str):
        return rpc.UNKNOWN if value in UNKNOWN_MARKERS else value
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if is_wrapped(value):
        return Secret(_decoded(value.get("value")))
    if unsupported := _UNSUPPORTED.get(str(value.get(_SIGNATURE))):
        return unsupported
    return {key: _decoded(item) for key, item in value.items() if item is not None}


def plain(tree: Any) -> Any:
    """A tree without its markers."""
    if isinstance(tree, Secret):
        return plain(tree.value)
    if isinstance(tree, dict):
        return {key: plain(item) for key, item in tree.items()}
    return [plain(item) for item in tree] if isinstance(tree, list) else tree


def has_secret(tree: Any) -> bool:
    """Whether a tree is secret, or contains a secret."""
    if isinstance(tree, dict):
        return any(map(has_secret, tree.values()))
    return isinstance(tree, Secret) or (isinstance(tree, list) and any(map(has_secret, tree)))


def marked(value: Any, like: Any) -> Any:
    """A plain value with its secrets in wire format, marked like the tree that it came from.

    An entry that a mapping with secrets did not have is secret, and so is a list with a secret: its order may differ.
    """
    if not has_secret(like):
        return value
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: marked(item, like[key]) if key in like else wrap(item) for key, item in value.items()}
    return wrap(value)


def encode(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """The message of values, which may contain secrets in wire format."""
    struct: struct_pb2.Struct = json_format.ParseDict(dict(values), struct_pb2.Struct())
    return struct
