from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from pulumi_openai_admin import Project, ProjectRateLimits
from pulumi_openai_admin.engine.outputs import encode, wrap
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import Decoded, function, items, token

LIMITS = ProjectRateLimits.declaration


def test_names_are_spelled_as_in_pulumi_packages() -> None:
    assert properties.camel("max_requests_per_1_minute") == "maxRequestsPer1Minute"
    assert properties.camel("__managed") == "__managed"
    assert token("Project") == "openai-admin:index:Project"
    assert function("get_project_api_key") == "openai-admin:index:getProjectApiKey"
    assert [items("list_project_users"), items("get_costs")] == ["projectUsers", "buckets"]


def test_keys_of_mappings_stay_and_those_of_structures_are_renamed() -> None:
    declared = {"project_id": "proj_1", "limits": {"max_requests_per_1_minute": {"max_requests_per_1_minute": 60}}}
    native = {"projectId": "proj_1", "limits": {"max_requests_per_1_minute": {"maxRequestsPer1Minute": 60}}}
    assert properties.from_inputs(LIMITS, declared) == native
    assert properties.to_inputs(LIMITS, native) == declared


def test_an_input_that_does_not_exist_is_named_with_the_nearest() -> None:
    assert properties.wrong_names(Project.declaration, {"name": "a", "residncy": "eu", "__internal": 1}) == [
        "residncy is not an input of this resource. Did you mean residency?"
    ]
    (sentence,) = properties.wrong_names(Project.declaration, {"colour": "red"})
    told, _, inputs = sentence.removesuffix(".").partition("The inputs are ")
    assert told == "colour is not an input of this resource. "
    assert {"name", "residency"} <= {*inputs.split(", ")}


@pytest.mark.parametrize(
    ("python", "anywhere"),
    [
        ("set create_service_account_only=True, run", "set createServiceAccountOnly: true, run"),
        ("Look it up with include_archived=False.", "Look it up with includeArchived: false."),
        ("must be True or False, not a string", "must be true or false, not a string"),
        ("must be a list, not None", "must be a list, not null"),
        ("None of them is set: 'None'", "None of them is set: 'None'"),
    ],
)
def test_messages_show_values_as_programs_have_them(python: str, anywhere: str) -> None:
    assert properties.respelled({"create_service_account_only", "include_archived"}, python) == anywhere


def test_a_name_of_the_user_that_is_spelled_like_a_property_stays() -> None:
    """What a message has in quotes is the user's: a field of a secret, the name of a key."""
    text = "Field 'api_key' of secret 'api_key/x' in Vault has another value; remove api_key."
    assert properties.respelled({"api_key"}, text) == (
        "Field 'api_key' of secret 'api_key/x' in Vault has another value; remove apiKey."
    )


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
