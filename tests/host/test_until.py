"""Access for a limited time: what only a provider process shows, for every kind.

The simulation and the unit tests have what happens otherwise. The clock of the provider is moved with OpenAI's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    GroupRole,
    GroupRoles,
    GroupUser,
    OrganizationMember,
    ProjectGroup,
    ProjectGroupRole,
    ProjectGroupRoles,
    ProjectMembers,
    ProjectUser,
    ProjectUserRole,
    ProjectUserRoles,
    UserRole,
    UserRoles,
)
from tests import keyed
from tests.host.principals import GROUPS, ROLE, USERS
from tests.host.scenario import PROJECT

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

DAY = 86_400
CLOCK = f"""
import time, types
import pulumi_openai_admin.handlers.expiry as expiry, pulumi_openai_admin.lifecycle.diff as diff
import pulumi_openai_admin.lifecycle.check as check
expiry.time = diff.time = check.time = types.SimpleNamespace(time=lambda: time.time() + {4 * DAY})
"""
"""What a provider takes for the time of its machine. gRPC needs the real one."""
GRACE, EMAIL, AUDITOR, REVIEWER = "user-grace", "grace@example.com", "role_life", "role_project"
OF_PROJECT = {"id": REVIEWER, **PROJECT, "role_name": "Reviewer", "permissions": ["api.model.read"]}
USER, GROUP = {"user_id": GRACE}, {"group_id": "group_life"}
CASES: dict[type[Any], tuple[dict[str, Any], str]] = {
    GroupUser: ({**GROUP, **USER}, ""),
    ProjectUser: ({**PROJECT, "email": EMAIL, "role": "member"}, ""),
    UserRole: ({**USER, "role_id": AUDITOR}, ""),
    GroupRole: ({**GROUP, "role_id": AUDITOR}, ""),
    ProjectUserRole: ({**PROJECT, **USER, "role_id": REVIEWER}, ""),
    ProjectGroupRole: ({**PROJECT, **GROUP, "role_id": REVIEWER}, ""),
    ProjectGroup: ({**PROJECT, **GROUP, "role": "member"}, ""),
    OrganizationMember: ({"email": EMAIL, "projects": keyed.projects({"proj_demo": "member"})}, ""),
    GroupMembers: ({**GROUP, "user_ids": [GRACE]}, GRACE),
    ProjectMembers: ({**PROJECT, "members": keyed.members({EMAIL: "member"})}, EMAIL),
    UserRoles: ({**USER, "role_ids": [AUDITOR]}, AUDITOR),
    GroupRoles: ({**GROUP, "role_ids": [AUDITOR]}, AUDITOR),
    ProjectUserRoles: ({**PROJECT, **USER, "role_ids": [REVIEWER]}, REVIEWER),
    ProjectGroupRoles: ({**PROJECT, **GROUP, "role_ids": [REVIEWER]}, REVIEWER),
}
"""Inputs, and of a set the name of its member."""


@pytest.mark.parametrize("resource", CASES, ids=lambda kind: kind.__name__)
def test_who_has_left_already_has_no_access_to_end(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, resource: type[Any]
) -> None:
    emulator.control.seed({"users": USERS, "groups": GROUPS, "roles": [ROLE], "project_roles": [OF_PROJECT]})
    given, member = CASES[resource]
    moment = int(time.time()) + 3 * DAY
    inputs = {**given, "until": keyed.until({member: moment}) if member else moment}
    with provider(environ) as host:
        checked, failures = host.check(resource, inputs)
        assert not failures
        id_, state = host.create(resource, checked)
    emulator.control.advance_clock(4 * DAY)
    with provider(environ, prelude=CLOCK) as host:  # somebody else removes it
        host.delete(resource, id_, state)
    with provider(environ, prelude=CLOCK) as host:
        found, state, _ = host.read(resource, id_, state)
        assert found == id_, "the declaration can stay"
        checked, failures = host.check(resource, inputs, state)
        assert not failures
        assert host.diff(resource, id_, state, checked) == (False, [])


def test_a_person_may_stay_in_the_organization(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.seed({"users": USERS})
    given, _ = CASES[OrganizationMember]
    inputs = {**given, "until": int(time.time()) + 3 * DAY, "remove_after_until": False}
    with provider(environ) as host:
        checked, failures = host.check(OrganizationMember, inputs)
        assert not failures
        id_, state = host.create(OrganizationMember, checked)
    assert any(path.endswith(GRACE) for path in emulator.control.live("project_user")["project_user"])
    emulator.control.advance_clock(4 * DAY)
    with provider(environ, prelude=CLOCK) as host:
        checked, _ = host.check(OrganizationMember, inputs, state)
        assert host.diff(OrganizationMember, id_, state, checked)[0]
        host.update(OrganizationMember, id_, state, checked)
    assert not any(path.endswith(GRACE) for path in emulator.control.live("project_user").get("project_user", {}))
    assert any(path.endswith(GRACE) for path in emulator.control.live("user")["user"])
