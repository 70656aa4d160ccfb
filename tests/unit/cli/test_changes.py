"""The differences between two versions of one resource."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import (
    ApiObject,
    GroupMembers,
    OrganizationMember,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    Role,
)
from pulumi_openai_admin.cli.changes import (
    Change,
    changes_between,
    changes_between_inputs,
    in_native,
    new_notes,
)
from pulumi_openai_admin.cli.recorded import SECRET
from tests import keyed

ROW = {"project_id": "proj_1", "model": "gpt-4o", "rate_limit_id": "rl-gpt-4o", "baseline": {}}
RPM = "max_requests_per_1_minute"


def managed(*inputs: str, **more: Any) -> dict[str, Any]:
    return {"__managed": {"inputs": list(inputs), **more}}


def shown(changes: list[Change]) -> list[tuple[str, Any, Any]]:
    return [(change.field, change.before, change.after) for change in changes]


def test_values_that_agree_are_no_change() -> None:
    state = {**ROW, "max_requests_per_1_minute": 10, "max_images_per_1_minute": "", **managed("model")}
    live = {**state, "max_images_per_1_minute": None, "max_requests_per_1_minute": 10.0}
    assert changes_between(ProjectRateLimit.declaration, state, live) == []


def test_a_change_says_whether_the_program_sets_the_field() -> None:
    state = {**ROW, "max_requests_per_1_minute": 10, "max_tokens_per_1_minute": 5}
    live = {**ROW, "max_requests_per_1_minute": 20, "max_tokens_per_1_minute": ""}
    changes = changes_between(ProjectRateLimit.declaration, {**state, **managed("max_requests_per_1_minute")}, live)
    assert shown(changes) == [("max_requests_per_1_minute", 10, 20), ("max_tokens_per_1_minute", 5, None)]
    assert [change.is_managed for change in changes] == [True, False]


@pytest.mark.parametrize("secret", [SECRET, {"gpt-4o": {"max_requests_per_1_minute": SECRET}}])
def test_secrets_are_not_compared(secret: Any) -> None:
    state = {"project_id": "proj_1", "limits": secret, **managed("limits")}
    live = {**state, "limits": {"gpt-4o": {"max_requests_per_1_minute": 5}}}
    assert changes_between(ProjectRateLimits.declaration, state, live) == []


def test_a_field_that_an_older_state_does_not_have_is_no_change() -> None:
    state = {"name": "Auditor", "role_id": "role_1", **managed("name")}
    assert changes_between(Role.declaration, state, {**state, "description": "new in this version"}) == []


def test_only_new_notes_are_found() -> None:
    known, new = ["The invite expired", "send a new one"], ["The key was revoked", "create another key"]
    state = {"email": "ada@example.com", "__managed": {"due": [known]}}
    assert new_notes(state, {"__managed": {"due": [known, new]}}) == ["The key was revoked"]
    assert new_notes(state, {"__managed": {}}) == []
    assert OrganizationMember.declaration.fields  # such notes are of people, too


def test_a_program_that_begins_to_set_a_field_shows_what_it_was() -> None:
    olds = {**ROW, "max_requests_per_1_minute": 10, "max_tokens_per_1_minute": 5}
    before = {"project_id": "proj_1", "model": "gpt-4o", "max_requests_per_1_minute": 10}
    after = {"project_id": "proj_1", "model": "gpt-4o", "max_tokens_per_1_minute": 1}
    assert shown(changes_between_inputs(ProjectRateLimit.declaration, olds, before, after)) == [
        ("max_requests_per_1_minute", 10, None),
        ("max_tokens_per_1_minute", 5, 1),
    ]


def test_each_member_who_is_not_known_yet_is_named() -> None:
    new = "known after up"
    members = [*keyed.members({new: "owner", "user-1": "viewer"}), *keyed.members({new: "member"}), new]
    news = {"project_id": "proj_1", "members": members}
    assert shown(changes_between_inputs(ProjectMembers.declaration, {}, {"project_id": "proj_1"}, news)) == [
        (f'members["{new}"]', None, "owner"),
        (f'members["{new} (2)"]', None, "member"),
        (f'members["{new} (3)"]', None, new),
        ('members["user-1"]', None, "viewer"),
    ]


@pytest.mark.parametrize(
    ("resource", "path", "field"),
    [
        (ProjectRateLimits, ("limits", "gpt-4o", RPM), 'limits["gpt-4o"].maxRequestsPer1Minute'),
        (ProjectRateLimits, ("limits", "my_model", RPM), "limits.my_model.maxRequestsPer1Minute"),
        (ProjectRateLimit, (RPM,), "maxRequestsPer1Minute"),
        (ProjectMembers, ("members", "ada@example.com"), 'members["ada@example.com"]'),
        (GroupMembers, ("user_ids",), "userIds"),
        (ApiObject, ("properties", "some_name"), "properties.some_name"),
    ],
)
def test_a_resource_of_the_native_provider_has_the_names_of_its_programs(
    resource: Any, path: tuple[str, ...], field: str
) -> None:
    (change,) = in_native(resource.declaration, [Change(path, 1, 2)])
    assert (change.path, change.field) == (path, field)
