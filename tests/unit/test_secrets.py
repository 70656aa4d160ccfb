from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pulumi.runtime import rpc

from pulumi_openai_admin.provider import secrets

VALUES = ["sk-svcacct-1", "", 5, None, ["a"], {"a": {"b": 1}}, {"value": 1}]


def received(bag: dict[str, Any]) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return rpc.deserialize_properties(loop.run_until_complete(rpc.serialize_properties(bag, {})))
    finally:
        loop.close()


@pytest.mark.parametrize("value", [value for value in VALUES if value is not None])
def test_pulumi_itself_takes_a_wrapped_value_for_a_secret(value: Any) -> None:
    got = received({"api_key": secrets.wrap(value)})["api_key"]
    assert rpc.is_rpc_secret(got)
    assert rpc.unwrap_rpc_secret(got) == value


@pytest.mark.parametrize("value", VALUES)
def test_a_wrapped_value_is_known_and_not_wrapped_twice(value: Any) -> None:
    wrapped = secrets.wrap(value)
    assert secrets.is_wrapped(wrapped)
    assert not secrets.is_wrapped(value)
    assert secrets.wrap(wrapped) is wrapped


def test_another_special_value_of_pulumis_is_no_secret() -> None:
    assert not secrets.is_wrapped({"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17"})
