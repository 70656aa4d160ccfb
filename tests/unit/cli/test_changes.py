"""The differences between two versions of one resource."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import ApiObject, GroupMembers, ProjectMembers, ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin.cli.changes import Change, changes_between_inputs, in_native
from pulumi_openai_admin.cli.recorded import RecordedResource
from tests import keyed

RPM = "max_requests_per_1_minute"


def test_each_member_who_is_not_known_yet_is_named() -> None:
    new = "known after up"
    members = [*keyed.members({new: "owner", "user-1": "viewer"}), *keyed.members({new: "member"}), new]
    news = {"project_id": "proj_1", "members": members}
    changes = changes_between_inputs(RecordedResource("ProjectMembers", {}), {}, {"project_id": "proj_1"}, news)
    assert [(change.field, change.before, change.after) for change in changes] == [
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
def test_a_native_resource_has_the_names_of_its_programs(resource: Any, path: tuple[str, ...], field: str) -> None:
    (change,) = in_native(resource.declaration, [Change(path, 1, 2)])
    assert (change.path, change.field) == (path, field)
