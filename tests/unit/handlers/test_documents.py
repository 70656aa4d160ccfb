from __future__ import annotations

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.handler import Remote


def test_a_property_is_found_by_its_dotted_name() -> None:
    document = {"channel": {"recipients": ["a"]}, "name": None}
    assert documents.get(document, "channel.recipients") == ["a"]
    assert documents.get(document, "channel.type") is None
    assert documents.get(document, "name.first") is None


def test_a_body_is_nested_and_uses_the_names_under_which_openai_takes_properties() -> None:
    properties = {"name": "ops", "channel.type": "email", "channel.recipients": ["a"], "description": None}
    assert documents.nested(properties, {"name": "role_name"}) == {
        "role_name": "ops",
        "channel": {"type": "email", "recipients": ["a"]},
        "description": None,
    }


def test_the_order_of_an_unordered_list_makes_no_difference() -> None:
    remote = Remote({}, attributes={"channel": {"to": ["b", "a"]}}, unordered=frozenset({"channel.to"}))
    assert remote.has("channel.to", ["a", "b"])
    assert not remote.has("channel.to", ["a"])
    assert not Remote({}, attributes={"to": ["b", "a"]}).has("to", ["a", "b"])
