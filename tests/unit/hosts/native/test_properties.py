from __future__ import annotations

import pytest

from pulumi_openai_admin import (
    ExternalKey,
    Project,
    ProjectRateLimit,
    ProjectRateLimits,
    WorkloadIdentityProvider,
)
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import camel, function, items, token

LIMITS = ProjectRateLimits.declaration


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("max_requests_per_1_minute", "maxRequestsPer1Minute"),
        ("batch_1_day_max_input_tokens", "batch1DayMaxInputTokens"),
        ("name", "name"),
        ("__managed", "__managed"),
    ],
)
def test_properties_are_spelled_as_in_pulumi_packages(name: str, expected: str) -> None:
    assert camel(name) == expected


def test_tokens() -> None:
    assert token("Project") == "openai-admin:index:Project"
    assert function("get_project_api_key") == "openai-admin:index:getProjectApiKey"
    assert [items("list_project_users"), items("get_costs")] == ["projectUsers", "buckets"]


def test_the_keys_of_a_mapping_are_the_users_and_those_of_a_structure_are_properties() -> None:
    declared = {"project_id": "proj_1", "limits": {"max_requests_per_1_minute": {"max_requests_per_1_minute": 60}}}
    native = {"projectId": "proj_1", "limits": {"max_requests_per_1_minute": {"maxRequestsPer1Minute": 60}}}
    assert properties.from_inputs(LIMITS, declared) == native
    assert properties.to_inputs(LIMITS, native) == declared


def test_what_a_structure_does_not_have_keeps_its_name_for_the_message() -> None:
    native = {"limits": {"gpt-4o": {"maxRpm": 60}}}
    assert properties.to_inputs(LIMITS, native) == native


@pytest.mark.parametrize("resource", [ExternalKey, WorkloadIdentityProvider, Project, ProjectRateLimit])
def test_every_input_comes_back_as_it_was(resource: type[Project]) -> None:
    declared = {field.name: "value" for field in resource.declaration.inputs}
    assert (
        properties.to_inputs(resource.declaration, properties.from_inputs(resource.declaration, declared)) == declared
    )


def test_what_openai_leaves_out_is_null_and_comes_back_as_absent() -> None:
    declared = {"name": "Team", "residency": "", "__managed": {"inputs": ["name"]}}
    native = properties.from_state(Project.declaration, declared)
    assert native == {"name": "Team", "residency": None, "__managed": {"inputs": ["name"]}}
    back = properties.to_state(
        Project.declaration, {name: value for name, value in native.items() if value is not None}
    )
    assert back["name"] == "Team"
    assert back["residency"] == ""
    assert set(back) == {field.stored for field in Project.declaration.fields.values()} | {"__managed"}


def test_what_previews_hide_in_python_has_its_public_name() -> None:
    native = properties.from_state(LIMITS, {"__rows": {"gpt-4o": {"max_requests_per_1_minute": 60}}})
    assert list(native) == ["rows"]
    assert properties.to_state(LIMITS, native)["__rows"] == {"gpt-4o": {"max_requests_per_1_minute": 60}}


def test_an_input_that_does_not_exist_is_named_with_the_nearest() -> None:
    assert properties.unexpected(Project.declaration, ["name", "residncy", "__internal"]) == [
        "residncy is not an input of this resource. Did you mean residency?"
    ]
    (sentence,) = properties.unexpected(Project.declaration, ["colour"])
    told, _, inputs = sentence.removesuffix(".").partition("The inputs are ")
    assert told == "colour is not an input of this resource. "
    assert {"name", "residency"} <= {*inputs.split(", ")}


def test_messages_name_properties_as_programs_have_them() -> None:
    text = "limits['x'].max_requests_per_1_minute of project_id proj_max_1, user_ids of others"
    assert properties.respelled(properties.names_in(LIMITS), text) == (
        "limits['x'].maxRequestsPer1Minute of projectId proj_max_1, user_ids of others"
    )


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
