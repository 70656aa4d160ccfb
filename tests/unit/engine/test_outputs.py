from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest
from pulumi import AssetArchive, FileArchive, FileAsset, RemoteAsset, StringAsset
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_openai_admin.engine import outputs
from pulumi_openai_admin.schema.shapes import UNKNOWN

VALUES = ["sk-svcacct-1", "", 5, None, ["a"], {"a": {"b": 1}}, {"value": 1}]


@pytest.mark.parametrize("value", [value for value in VALUES if value is not None])
def test_pulumi_itself_takes_a_wrapped_value_for_a_secret(value: Any) -> None:
    sent = asyncio.run(rpc.serialize_properties({"api_key": outputs.wrap(value)}, {}))
    got = rpc.deserialize_properties(sent)["api_key"]
    assert rpc.is_rpc_secret(got)
    assert rpc.unwrap_rpc_secret(got) == value


@pytest.mark.parametrize("value", VALUES)
def test_a_wrapped_value_is_known_and_not_wrapped_twice(value: Any) -> None:
    wrapped = outputs.wrap(value)
    assert outputs.is_wrapped(wrapped)
    assert not outputs.is_wrapped(value)
    assert outputs.wrap(wrapped) is wrapped


def test_an_input_is_secret_if_a_secret_is_anywhere_in_it() -> None:
    async def ask() -> Any:
        plain, secret = pulumi.Output.from_input(1), pulumi.Output.secret(1)
        names = outputs.names(
            {
                "plain": plain,
                "text": "text",
                "secret": secret,
                "mapping": {"a": {"b": secret}, "c": plain},
                "sequence": [1, (plain, secret)],
                "derived": pulumi.Output.all(plain, secret).apply(str),
            }
        )
        return None if names is None else await names.future()

    assert asyncio.run(ask()) == ["secret", "mapping", "sequence", "derived"]


def test_an_unknown_value_is_the_marker_of_pulumi() -> None:
    assert rpc.UNKNOWN == UNKNOWN
    assert outputs.plain({"a": [Unknown(), {"b": Unknown()}], "c": 1}) == {"a": [UNKNOWN, {"b": UNKNOWN}], "c": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (FileAsset("a.txt"), outputs.ASSET),
        (StringAsset("text"), outputs.ASSET),
        (RemoteAsset("https://a.test"), outputs.ASSET),
        (FileArchive("a.zip"), outputs.ARCHIVE),
        (AssetArchive({"a": StringAsset("text")}), outputs.ARCHIVE),
    ],
)
def test_assets_are_named_in_words_at_any_depth(value: Any, expected: Any) -> None:
    assert outputs.plain([value, {"a": value}]) == [expected, {"a": expected}]
