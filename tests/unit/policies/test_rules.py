"""What each policy finds, in the spelling of both providers, through Pulumi's policy SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_NUMBER_VALUE, UNKNOWN_STRING_VALUE, unknown_checking_proxy

from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.policies.pack import declared_resource, policies
from pulumi_openai_admin.public_names import load
from tests import keyed

PACK = {policy.name: policy for policy in policies()}
OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
DAY = 86_400
RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
both = pytest.mark.parametrize("native", [False, True], ids=["dynamic", "native"])


def shown(kind: str, inputs: dict[str, Any], *, native: bool) -> tuple[str, dict[str, Any]]:
    """The type and the properties that the engine shows to policies."""
    if not native:
        return f"pulumi-python:dynamic/openai-admin:{kind}", {**inputs, "__secret": ["name"]}
    resource: Any = load(kind)
    return f"openai-admin:index:{kind}", properties.from_inputs(resource.declaration, inputs)


def found(policy: str, kind: str, inputs: dict[str, Any], *, native: bool, **config: Any) -> list[str]:
    token, values = shown(kind, inputs, native=native)
    told: list[str] = []
    proxy: Any = unknown_checking_proxy(values)
    args = ResourceValidationArgs(token, proxy, "urn", "it", OPTIONS, None, config)
    found = PACK[policy]
    assert isinstance(found, ResourceValidationPolicy)
    found.validate(args, lambda message, _urn=None: told.append(message))
    return told


@both
def test_limits_have_a_maximum(native: bool) -> None:
    name = "maxRequestsPer1Minute" if native else RPM
    row = {"project_id": "p", "model": "gpt-4o", RPM: 10_001.0}
    (told,) = found("openai-limits", "ProjectRateLimit", row, native=native)
    what = f"{name} of gpt-4o is 10001, and the maximum is 10000."
    assert told == f"{what} Lower it in the program, or have the maximum raised."
    assert not found("openai-limits", "ProjectRateLimit", {**row, RPM: 10_000}, native=native)
    rows = {"project_id": "p", "limits": {"gpt-4o*": {RPM: 50}, "o1": {RPM: 11}}, "others": {TPM: 6, RPM: 0}}
    config = {"maximum": {RPM: 100, TPM: 5}, "models": {"o*": {RPM: 20}, "o1*": {RPM: 10}}}
    told_of = found("openai-limits", "ProjectRateLimits", rows, native=native, **config)
    tokens = "maxTokensPer1Minute" if native else TPM
    assert [text.partition(" is ")[0] for text in told_of] == [f"{name} of o1", f"{tokens} of others"]


@pytest.mark.parametrize(
    ("limits", "others", "models", "above"),
    [
        # A pattern of the program reaches models with a lower maximum.
        ({"o*": 50}, None, {"o1": 20}, ["o* is 50, and the maximum of o1 is 20"]),
        ({"*-mini": 50}, None, {"gpt-*": 20}, ["*-mini is 50, and the maximum of gpt-* is 20"]),
        (
            {"*": 50},
            None,
            {"o1": 20, "o3": 30},
            ["* is 50, and the maximum of o1 is 20", "* is 50, and the maximum of o3 is 30"],
        ),
        ({"gpt-?": 50}, None, {"gpt-4o": 20}, []),
        ({"gpt-*": 50}, None, {"o*": 20}, []),
        # A more specific entry of the program overrides it there.
        ({"o*": 50, "o1": 10}, None, {"o1": 20}, []),
        ({"o*": 50, "o1*": 10}, None, {"o1-mini*": 20}, []),
        ({"o*": 50, "o1": 10}, None, {"o1*": 20}, ["o* is 50, and the maximum of o1* is 20"]),
        ({"*": 50, "*1*": 10}, None, {"o1*": 20}, []),
        # A more specific maximum overrides another one.
        ({"gpt-4o*": 50}, None, {"gpt-*": 20, "gpt-4o*": 60}, []),
        ({"gpt-4o*": 50}, None, {"gpt-*": 20, "gpt-4o": 60}, ["gpt-4o* is 50, and the maximum of gpt-* is 20"]),
        ({"gpt-4o": 50}, None, {"gpt-4o": 60, "gpt-4o*": 20}, []),
        ({"gpt-4o*": 500}, None, {"gpt-4*": 600}, []),
        ({"gpt-*": 500}, None, {"gpt-4*": 600}, ["gpt-* is 500, and the maximum is 100"]),
        # All other models.
        ({}, 50, {"o1": 20}, ["others is 50, and the maximum of o1 is 20"]),
        ({"o1": 5}, 50, {"o1": 20}, []),
        ({"o?*": 5}, 50, {"o1*": 20}, []),
        ({"o1-*": 5}, 50, {"o1*": 20}, ["others is 50, and the maximum of o1* is 20"]),
        ({"*": 5}, 500, {}, []),
        ({}, 500, {"*": 600}, []),
        ({"[go]*": 50}, None, {"o1": 20}, ["[go]* is 50, and the maximum of o1 is 20"]),
        # An unknown entry refuses no pattern.
        (
            {"o*": 50, "o3": 50, "o1": UNKNOWN_STRING_VALUE},
            None,
            {"o1": 10, "o3": 20},
            ["o3 is 50, and the maximum is 20"],
        ),
    ],
)
def test_a_pattern_has_every_maximum_that_it_reaches(
    limits: dict[str, Any], others: int | None, models: dict[str, int], above: list[str]
) -> None:
    entries = {key: value if value == UNKNOWN_STRING_VALUE else {RPM: value} for key, value in limits.items()}
    inputs: dict[str, Any] = {"project_id": "p", "limits": entries}
    if others is not None:
        inputs["others"] = {RPM: others}
    config = {"maximum": {RPM: 100}, "models": {key: {RPM: value} for key, value in models.items()}}
    told = found("openai-limits", "ProjectRateLimits", inputs, native=False, **config)
    assert [text.partition(". ")[0] for text in told] == [f"{RPM} of {text}" for text in above]


def test_what_takes_too_long_to_find_out_is_refused() -> None:
    """No model has the limits of `o*` alone. With many patterns beside it that is not found out."""
    config = {"maximum": {RPM: 10}}
    limits = {"o*": {RPM: 50}, "o**": {RPM: 5}}
    assert not found("openai-limits", "ProjectRateLimits", {"limits": limits}, native=False, **config)
    limits |= {f"*{letter * 4}*": {RPM: 5} for letter in "abcdefghijklmnop"}
    assert found("openai-limits", "ProjectRateLimits", {"limits": limits}, native=False, **config)


@both
@pytest.mark.parametrize(
    ("rate_limit_id", "models", "is_refused"),
    [
        ("rl-o1", {"o1*": {RPM: 10}}, True),
        ("rl-o1", {"o1*": {RPM: 10}, "o1": {RPM: 60}}, False),
        ("rl-o1", {"o3": {RPM: 10}}, False),
        ("rl_0123456789", {"o3": {RPM: 10}}, True),
        (UNKNOWN_STRING_VALUE, {"o3": {RPM: 10}}, False),
    ],
)
def test_a_limit_by_its_id_has_the_maximum_of_its_model(
    rate_limit_id: str, models: dict[str, Any], is_refused: bool, native: bool
) -> None:
    row = {"project_id": "p", "rate_limit_id": rate_limit_id, RPM: 50}
    told = found("openai-limits", "ProjectRateLimit", row, native=native, models=models)
    assert bool(told) is is_refused
    assert not told or f" of {rate_limit_id} is 50, and the maximum " in told[0]


@both
@pytest.mark.parametrize(
    ("kind", "inputs", "is_refused"),
    [
        ("AdminApiKey", {"name": "ci"}, True),
        ("ProjectServiceAccountApiKey", {"expires_in_seconds": 90 * DAY}, False),
        ("ProjectServiceAccountApiKey", {"expires_in_seconds": 90 * DAY + 1}, True),
        ("ProjectServiceAccountApiKey", {"expires_in_seconds": UNKNOWN_NUMBER_VALUE}, False),
        ("ProjectServiceAccount", {"name": "ci"}, True),
        ("ProjectServiceAccount", {"name": "ci", "create_service_account_only": True}, False),
        ("ProjectServiceAccount", {"name": "ci", "expires_in_seconds": DAY}, False),
    ],
)
def test_keys_expire(kind: str, inputs: dict[str, Any], is_refused: bool, native: bool) -> None:
    told = found("openai-key-expiry", kind, inputs, native=native)
    assert bool(told) == is_refused
    name = "expiresInSeconds" if native else "expires_in_seconds"
    assert not told or told[0].endswith(f"Set {name} to at most 7776000 (90 days).")
    assert not found("openai-key-expiry", kind, {**inputs, "expires_in_seconds": DAY}, native=native, maximum_days=1)


@both
def test_keys_have_scopes(native: bool) -> None:
    kind = "ProjectServiceAccountApiKey"
    assert found("openai-key-scopes", kind, {}, native=native)
    assert found("openai-key-scopes", kind, {"scopes": []}, native=native)
    assert not found("openai-key-scopes", kind, {"scopes": ["api.responses.write"]}, native=native)
    assert not found("openai-key-scopes", kind, {"scopes": [UNKNOWN_STRING_VALUE]}, native=native)
    assert not found("openai-key-scopes", "AdminApiKey", {"name": "ci"}, native=native)


@both
def test_admin_keys_are_listed(native: bool) -> None:
    (told,) = found("openai-admin-keys", "AdminApiKey", {"name": "ci"}, native=native)
    assert "'ci' is not in the list of allowed admin keys" in told
    assert not found("openai-admin-keys", "AdminApiKey", {"name": "ci"}, native=native, allowed=["ci"])


MEMBERS = keyed.members({"ada@example.com": "owner", "bob@example.com": "member"})
READER = {"email": "ada@example.com", "role": "reader"}
PROJECT_OWNER = "role-api-project-owner"


@both
@pytest.mark.parametrize(
    ("kind", "inputs", "who"),
    [
        ("ProjectMembers", {"members": MEMBERS}, "ada@example.com"),
        ("ProjectUser", {"user_id": "user-1", "role": "owner"}, "user-1"),
        ("ProjectGroup", {"group_id": "group_1", "role": "owner"}, "group_1"),
        ("OrganizationMember", {**READER, "projects": keyed.projects({"proj_1": "owner"})}, "ada@example.com"),
        ("Invite", {**READER, "projects": [{"id": "proj_1", "role": "owner"}]}, "ada@example.com"),
        ("UserRole", {"user_id": "user-1", "role_id": "role-api-organization-owner"}, "user-1"),
        ("ProjectGroupRoles", {"group_id": "group_1", "role_ids": ["role_a", PROJECT_OWNER]}, "group_1"),
        ("ProjectUserRole", {"user_id": "user-1", "role_id": f"{PROJECT_OWNER}__api-project__proj_1"}, "user-1"),
    ],
)
def test_owners_are_listed(kind: str, inputs: dict[str, Any], who: str, native: bool) -> None:
    (told,) = found("openai-owners", kind, inputs, native=native)
    assert told.startswith(f"{who} becomes an owner, and is not in the list of owners.")
    allowed = who.upper() if "@" in who else who
    assert not found("openai-owners", kind, inputs, native=native, owners=[allowed])
    assert found("openai-owners", kind, inputs, native=native, service_accounts=[who])


@both
@pytest.mark.parametrize("name", ["ci", "ada@example.com"])
def test_an_account_is_no_person_of_the_same_name(name: str, native: bool) -> None:
    inputs = {"name": name, "role": "owner"}
    (told,) = found("openai-owners", "ProjectServiceAccount", inputs, native=native, owners=[name])
    assert told == (
        f"Service account {name} becomes an owner, and is not in the list of owners. "
        "Give another role, or have it added to 'service_accounts'."
    )
    assert not found("openai-owners", "ProjectServiceAccount", inputs, native=native, service_accounts=[name])


@both
def test_what_is_no_owner_or_not_known_yet_is_not_refused(native: bool) -> None:
    assert not found("openai-owners", "ProjectUser", {"email": "a@example.com", "role": "member"}, native=native)
    unknown = {"group_id": UNKNOWN_STRING_VALUE, "role": "owner"}
    assert not found("openai-owners", "ProjectGroup", unknown, native=native)
    assert not found("openai-owners", "UserRole", {"user_id": "u", "role_id": UNKNOWN_STRING_VALUE}, native=native)


TEMPORARY = "openai-temporary-owners"


@both
@pytest.mark.parametrize(
    ("kind", "inputs", "until", "who"),
    [
        ("ProjectUser", {"email": "ada@example.com", "role": "owner"}, "2027-01-31", "ada@example.com"),
        ("OrganizationMember", {"email": "ada@example.com", "role": "owner"}, 1801414800, "ada@example.com"),
        ("UserRole", {"user_id": "user-a", "role_id": "role-api-organization-owner"}, "2027-01-31", "user-a"),
        ("ProjectMembers", {"members": MEMBERS}, keyed.until({"Ada@example.com": "2027-01-31"}), "ada@example.com"),
        (
            "UserRoles",
            {"user_id": "user-a", "role_ids": ["role-api-organization-owner", "role_1"]},
            keyed.until({"role-api-organization-owner": "2027-01-31"}),
            "user-a",
        ),
    ],
)
def test_owners_may_have_to_be_temporary(kind: str, inputs: dict[str, Any], until: Any, who: str, native: bool) -> None:
    assert found(TEMPORARY, kind, inputs, native=native) == [
        f"{who} becomes an owner for an unlimited time. Set until, or have it added to 'permanent'."
    ]
    assert found(TEMPORARY, kind, inputs, native=native, permanent=[who]) == []
    assert found(TEMPORARY, kind, {**inputs, "until": until}, native=native) == []


@both
def test_an_owner_without_an_end_is_declared_otherwise(native: bool) -> None:
    (told,) = found(TEMPORARY, "OrganizationUser", {"email": "ada@example.com", "role": "owner"}, native=native)
    assert "Declare the role with a resource that has until, or" in told
    assert not found(TEMPORARY, "ProjectServiceAccount", {"name": "ci", "role": "owner"}, native=native)
    members = keyed.members({"ada@example.com": "owner", "eve@example.com": "owner"})
    inputs = {"members": members, "until": keyed.until({"eve@example.com": 1801414800})}
    (told,) = found(TEMPORARY, "ProjectMembers", inputs, native=native)
    assert told.startswith("ada@example.com becomes an owner")


def resource(kind: str, name: str, values: dict[str, Any], *, native: bool, of: Any = None) -> PolicyResource:
    token, props = shown(kind, values, native=native)
    project_id = "projectId" if native else "project_id"
    proxy: Any = unknown_checking_proxy(props)
    return PolicyResource(token, proxy, f"urn::{name}", name, OPTIONS, None, None, [], {project_id: [of] if of else []})


def found_in_stack(resources: list[PolicyResource], **config: Any) -> list[tuple[str, str | None]]:
    told: list[tuple[str, str | None]] = []
    policy = PACK["openai-spend-limits"]
    assert isinstance(policy, StackValidationPolicy)
    policy.validate(StackValidationArgs(resources, config), lambda message, urn=None: told.append((message, urn)))
    return told


@both
def test_projects_have_a_spend_limit(native: bool) -> None:
    web = resource("Project", "web", {"name": "Web"}, native=native)
    lab = resource("Project", "lab", {"name": "Lab"}, native=native)
    unknown = {"project_id": UNKNOWN_STRING_VALUE, "threshold_amount": 5000}
    limit = resource("ProjectSpendLimit", "limit", unknown, native=native, of=web)
    other = resource("ProjectSpendLimit", "other", {"project_id": "proj_x", "threshold_amount": 10}, native=native)
    found = found_in_stack([web, lab, limit, other])
    assert found == [("The project has no spend limit. Declare a ProjectSpendLimit for it.", "urn::lab")]
    ((told, urn),) = found_in_stack([web, limit], maximum=4999)
    name = "thresholdAmount" if native else "threshold_amount"
    assert (told.partition(". ")[0], urn) == (f"{name} is $50, and the maximum is $49.99", "urn::limit")


def made_of(limit: str, *projects: PolicyResource, project_id: str = UNKNOWN_STRING_VALUE) -> PolicyResource:
    """A spend limit whose project is made of the ids of several."""
    spend_limit = resource("ProjectSpendLimit", limit, {"project_id": project_id, "threshold_amount": 1}, native=False)
    spend_limit.property_dependencies["project_id"] = list(projects)
    return spend_limit


def test_one_spend_limit_that_is_made_of_two_ids_is_not_of_both_projects() -> None:
    web, lab = (resource("Project", name, {"name": name}, native=False) for name in ("web", "lab"))
    assert len(found_in_stack([web, lab, made_of("either", web, lab)])) == 1
    assert not found_in_stack([web, lab, made_of("either", web, lab), made_of("other", web, lab)])
    of_lab = resource("ProjectSpendLimit", "of-lab", {"project_id": "x"}, native=False, of=lab)
    assert not found_in_stack([web, lab, made_of("either", web, lab), of_lab])


@pytest.mark.parametrize(
    "token",
    ["aws:s3/bucket:Bucket", "other:index:Project", "pulumi-python:dynamic/other:Project", "pulumi:pulumi:Stack"],
)
def test_other_packages_are_not_looked_at(token: str) -> None:
    assert declared_resource(token, {"name": "x"}) is None


def test_the_example_of_a_configuration_fits_the_schemas() -> None:
    config = json.loads((Path(__file__).parents[3] / "policies" / "config.json").read_text(encoding="utf-8"))
    assert set(config) == set(PACK)
    for name, given in config.items():
        schema = PACK[name].config_schema
        assert set(given) - {"enforcementLevel"} <= set(schema.properties if schema else ())


def test_a_spend_limit_may_name_the_project_by_its_id() -> None:
    web = resource("Project", "web", {"name": "Web", "project_id": "proj_1"}, native=False)
    limit = resource("ProjectSpendLimit", "limit", {"project_id": "proj_1", "threshold_amount": 1}, native=False)
    assert not found_in_stack([web, limit])
