from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from pulumi_openai_admin.engine.outputs import ASSET, wrap
from pulumi_openai_admin.hosts.native.properties import Decoded, encode


def decoded(values: dict[str, Any]) -> Decoded:
    return Decoded.of(json_format.ParseDict(values, struct_pb2.Struct()))


def test_secrets_are_found_at_any_depth() -> None:
    found = decoded({"name": "ci", "limits": {"gpt-4o": wrap(60)}, "key": wrap({"a": wrap("b")})})
    assert found.values == {"name": "ci", "limits": {"gpt-4o": 60}, "key": {"a": "b"}}
    assert found.secrets.keys() == {"limits", "key"}


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
    found = decoded({"a": [marker], "b": wrap(marker)})
    assert found == Decoded({"a": [rpc.UNKNOWN], "b": rpc.UNKNOWN}, {"b": {}})


def test_what_is_null_is_not_set() -> None:
    assert decoded({"a": None, "b": {"c": None, "d": 1}}).values == {"b": {"d": 1}}


def test_an_asset_is_not_taken_for_a_mapping() -> None:
    signature = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "x"}
    assert decoded({"a": signature}).values == {"a": ASSET}


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        (1, 2, 1),
        (1, wrap(2), wrap(1)),
        ({"a": 1, "b": 2}, {"a": wrap(1), "b": 2}, {"a": wrap(1), "b": 2}),
        ({"a": 1, "new": 2}, {"a": wrap(1)}, {"a": wrap(1), "new": wrap(2)}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": wrap(9), "c": 2}}, {"a": {"b": wrap(1), "c": 2}}),
        (["b", "a"], ["a", wrap("b")], wrap(["b", "a"])),
        ("text", {"was": wrap("a mapping")}, wrap("text")),
        ({"a": 1}, wrap({"a": 1}), wrap({"a": 1})),
        ({"a": 1}, None, {"a": 1}),
    ],
)
def test_a_value_is_marked_like_what_it_came_from(value: Any, like: Any, expected: Any) -> None:
    assert decoded({"it": like}).mark("it", value) == expected


def test_a_newer_message_has_its_own_secrets() -> None:
    older = decoded({"a": wrap(1), "b": wrap(2)})
    assert decoded({"a": 3}).over(older) == Decoded({"a": 3, "b": 2}, {"b": {}})


def test_what_is_encoded_is_decoded() -> None:
    values = {"a": 1, "b": None, "c": wrap("secret"), "d": [{"e": True}]}
    assert Decoded.of(encode(values)) == Decoded({"a": 1, "c": "secret", "d": [{"e": True}]}, {"c": {}})
    assert json_format.MessageToDict(encode(values)) == values
