from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from pulumi_openai_admin.engine.outputs import ASSET, wrap
from pulumi_openai_admin.hosts.native.properties import Secret, decode, encode, has_secret, marked, plain


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


def test_secrets_are_kept_apart_at_any_depth() -> None:
    tree = decode(struct({"name": "ci", "limits": {"gpt-4o": wrap(60)}, "key": wrap({"a": wrap("b")})}))
    assert tree == {"name": "ci", "limits": {"gpt-4o": Secret(60)}, "key": Secret({"a": Secret("b")})}
    assert plain(tree) == {"name": "ci", "limits": {"gpt-4o": 60}, "key": {"a": "b"}}
    assert {name for name, value in tree.items() if has_secret(value)} == {"limits", "key"}


@pytest.mark.parametrize(
    "marker",
    [
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ],
)
def test_an_unknown_value_of_any_type_is_unknown(marker: str) -> None:
    assert decode(struct({"a": [marker], "b": wrap(marker)})) == {"a": [rpc.UNKNOWN], "b": Secret(rpc.UNKNOWN)}


def test_what_is_null_is_not_set() -> None:
    assert decode(struct({"a": None, "b": {"c": None, "d": 1}})) == {"b": {"d": 1}}


def test_an_asset_is_not_taken_for_a_mapping() -> None:
    signature = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    assert decode(struct({"a": signature})) == {"a": ASSET}


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        (1, 2, 1),
        (1, Secret(2), wrap(1)),
        ({"a": 1, "b": 2}, {"a": Secret(1), "b": 2}, {"a": wrap(1), "b": 2}),
        ({"a": 1, "new": 2}, {"a": Secret(1)}, {"a": wrap(1), "new": wrap(2)}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": Secret(9), "c": 2}}, {"a": {"b": wrap(1), "c": 2}}),
        (["b", "a"], ["a", Secret("b")], wrap(["b", "a"])),
        ("text", {"was": Secret("a mapping")}, wrap("text")),
        ({"a": 1}, None, {"a": 1}),
    ],
)
def test_a_value_is_marked_like_what_it_came_from(value: Any, like: Any, expected: Any) -> None:
    assert marked(value, like) == expected


def test_what_is_encoded_is_decoded() -> None:
    values = {"a": 1, "b": None, "c": wrap("secret"), "d": [{"e": True}]}
    assert decode(encode(values)) == {"a": 1, "c": Secret("secret"), "d": [{"e": True}]}
    assert json_format.MessageToDict(encode(values)) == values
