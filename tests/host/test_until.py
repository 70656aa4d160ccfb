"""Access for a limited time, through real provider processes, with a clock that tests move.

Somebody else gives the access before the resource does: it leaves all the same when the time is over.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests

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
from pulumi_openai_admin.emulator.api.role_assignments import MEMBERS
from tests import keyed
from tests.host.principals import GROUPS, NOBODY_LISTED, USERS
from tests.host.provider_process import Failure
from tests.host.role_assignments import ROLE
from tests.host.scenario import PROJECT

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

DAY = 86_400
CLOCK = """
import time, types
import pulumi_openai_admin.handlers.expiry as expiry, pulumi_openai_admin.lifecycle.diff as diff
import pulumi_openai_admin.lifecycle.check as check
expiry.time = diff.time = check.time = types.SimpleNamespace(time=lambda: time.time() + {seconds})
"""
"""What a provider takes for the time of its machine. gRPC needs the real one."""
GRACE, EMAIL, AUDITOR, REVIEWER = "user-grace", "grace@example.com", "role_life", "role_project"
REVIEWED = {**PROJECT, "user_id": GRACE}
ROLE_OF_PROJECT = {
    "id": REVIEWER,
    "project_id": "proj_demo",
    "role_name": "Reviewer",
    "permissions": ["api.model.read"],
}
GROUP = {"group_id": "group_life"}


@dataclass
class Case:
    """Access that one resource gives."""

    kind: str
    """The kind of object at OpenAI."""
    who: str
    """What the object's path ends with, after its parents."""
    inputs: dict[str, Any]
    member: str = ""
    """Of a set, the name of the member."""

    def until(self, moment: object) -> dict[str, Any]:
        """The inputs with a time at which the access ends."""
        return {**self.inputs, "until": keyed.until({self.member: moment}) if self.member else moment}


CASES: dict[type[Any], Case] = {
    GroupUser: Case("group_user", GRACE, {**GROUP, "user_id": GRACE}),
    ProjectUser: Case("project_user", GRACE, {**PROJECT, "email": EMAIL, "role": "member"}),
    UserRole: Case("user_role", AUDITOR, {"user_id": GRACE, "role_id": AUDITOR}),
    GroupRole: Case("group_role", AUDITOR, {**GROUP, "role_id": AUDITOR}),
    ProjectUserRole: Case("project_user_role", REVIEWER, {**REVIEWED, "role_id": REVIEWER}),
    ProjectGroupRole: Case("project_group_role", REVIEWER, {**PROJECT, **GROUP, "role_id": REVIEWER}),
    ProjectGroup: Case(MEMBERS, "group_life", {**PROJECT, **GROUP, "role": "member"}),
    GroupMembers: Case("group_user", GRACE, {**GROUP, "user_ids": [GRACE, "user-alan"]}, GRACE),
    ProjectMembers: Case(
        "project_user",
        GRACE,
        {**PROJECT, "members": keyed.members({EMAIL: "member", "user-alan": "viewer"})},
        "Grace@example.com",
    ),
    UserRoles: Case("user_role", AUDITOR, {"user_id": GRACE, "role_ids": [AUDITOR]}, AUDITOR),
    GroupRoles: Case("group_role", AUDITOR, {**GROUP, "role_ids": [AUDITOR]}, AUDITOR),
    ProjectUserRoles: Case("project_user_role", REVIEWER, {**REVIEWED, "role_ids": [REVIEWER]}, REVIEWER),
    ProjectGroupRoles: Case("project_group_role", REVIEWER, {**PROJECT, **GROUP, "role_ids": [REVIEWER]}, REVIEWER),
    OrganizationMember: Case("user", GRACE, {"email": EMAIL, "projects": keyed.projects({"proj_demo": "member"})}),
}


@dataclass
class Access:
    """One resource in the engine's state, and the days that have passed."""

    server: EmulatorServer
    provider: Host
    environ: dict[str, str]
    resource: type[Any]
    days: int = 0
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    told: str = ""

    @property
    def case(self) -> Case:
        return CASES[self.resource]

    @property
    def is_there(self) -> bool:
        """Whether OpenAI has the access."""
        paths = self.server.control.live(self.case.kind).get(self.case.kind, {})
        place = self.case.inputs.get("user_id", "") if "role" in self.case.kind else ""
        return any(path.rpartition("/")[2].startswith(self.case.who) and place in path for path in paths)

    def host(self) -> Any:
        return self.provider(self.environ, prelude=CLOCK.format(seconds=self.days * DAY))

    def wait(self, days: int) -> None:
        """Let days pass at OpenAI and here."""
        self.days += days
        self.server.control.advance_clock(days * DAY)

    def create(self, inputs: dict[str, Any]) -> None:
        with self.host() as host:
            checked, failures = host.check(self.resource, inputs)
            assert not failures
            self.id, self.state = host.create(self.resource, checked)
            assert host.diff(self.resource, self.id, self.state, checked) == (False, [])

    def up(self, inputs: dict[str, Any], *, refresh: bool = True) -> bool:
        """A refresh and an update, as `pulumi up --refresh` does; whether there was something to do."""
        with self.host() as host:
            if refresh:
                id_, self.state, _ = host.read(self.resource, self.id, self.state)
                assert id_ == self.id
            checked, failures = host.check(self.resource, inputs, self.state)
            assert not failures
            changes, replaces = host.diff(self.resource, self.id, self.state, checked)
            assert not replaces
            self.told = f"{host.warnings}\n{host.notes}"
            if changes is not False:
                self.state = host.update(self.resource, self.id, self.state, checked)
            assert host.diff(self.resource, self.id, self.state, checked) == (False, [])
        assert "Traceback" not in host.stderr
        return changes is not False

    def destroy(self) -> None:
        with self.host() as host:
            host.delete(self.resource, self.id, self.state)


@pytest.fixture(params=CASES, ids=lambda kind: kind.__name__)
def access(request: pytest.FixtureRequest, emulator: EmulatorServer, environ: dict[str, str], provider: Host) -> Access:
    emulator.control.seed({"users": USERS, "groups": GROUPS, "roles": [ROLE]})
    emulator.control.seed({"project_roles": [ROLE_OF_PROJECT]})
    found = Access(emulator, provider, environ, request.param)
    if request.param is not OrganizationMember:
        with found.host() as somebody:
            somebody.create(request.param, found.case.inputs)
    assert found.is_there
    return found


def test_access_ends_when_its_time_is_over(access: Access) -> None:
    case, now = access.case, int(time.time())
    soon = case.until(now + 3 * DAY)
    with access.host() as host:
        _, failures = host.check(access.resource, case.until("2020-02-29"))
        assert "is 2020-02-29, which is in the past: set a later time, or remove it from the program" in str(failures)
    access.create(soon)
    assert not access.up(soon)
    assert " ends on " in access.told
    access.wait(4)
    assert access.up(soon)
    assert " ended on " in access.told
    assert not access.is_there
    assert not access.up(soon)  # the declaration can stay
    assert "It can be removed from the program." in access.told
    later = datetime.fromtimestamp(now + 30 * DAY, UTC)
    assert access.up(case.until(f"{later:%Y-%m-%d}"), refresh=False)
    assert access.is_there or access.resource is OrganizationMember  # a person is invited again
    access.wait(40)
    access.destroy()
    assert not access.is_there


@pytest.mark.parametrize("access", [OrganizationMember], indirect=True)
def test_a_person_may_stay_in_the_organization(access: Access) -> None:
    now = int(time.time())
    soon = {**access.case.until(now + 3 * DAY), "remove_after_until": False}
    access.create(soon)
    in_project = access.server.control.live("project_user")["project_user"]
    assert any(path.endswith(GRACE) for path in in_project)
    access.wait(4)
    assert access.up(soon)
    assert access.is_there
    assert not any(path.endswith(GRACE) for path in access.server.control.live("project_user").get("project_user", {}))
    assert not access.up(soon)
    access.destroy()
    assert access.is_there


FEW = pytest.mark.parametrize("access", [GroupUser, ProjectMembers, OrganizationMember], indirect=True)
"""One of each handler."""


OF_PERSON: dict[type[Any], dict[str, Any]] = {
    GroupUser: {**GROUP, "user_id": GRACE},
    GroupMembers: {**GROUP, "user_ids": [GRACE]},
    ProjectUser: {**PROJECT, "user_id": GRACE, "role": "member"},
    ProjectMembers: {**PROJECT, "members": keyed.members({GRACE: "member"})},
    UserRole: {"user_id": GRACE, "role_id": AUDITOR},
    UserRoles: {"user_id": GRACE, "role_ids": [AUDITOR]},
    ProjectUserRole: {**REVIEWED, "role_id": REVIEWER},
    ProjectUserRoles: {**REVIEWED, "role_ids": [REVIEWER]},
}
PERSON = {"email": EMAIL, "role": "reader"}
STAYS = "User user-grace of the organization was not removed, because .* 'it' names the user"


@pytest.mark.parametrize("ends", [True, False], ids=["both end", "one ends"])
@pytest.mark.parametrize("other", OF_PERSON)
def test_a_person_stays_while_another_resource_gives_access_which_is_an_error(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, other: type[Any], ends: bool
) -> None:
    """Access whose time is over keeps nobody in the organization, whichever resource ends first."""
    soon = int(time.time()) + 3 * DAY
    emulator.control.seed({"users": USERS, "groups": GROUPS, "roles": [ROLE]})
    emulator.control.seed({"project_roles": [ROLE_OF_PROJECT]})
    until = CASES[other].member and keyed.until({GRACE if "Members" in other.__name__ else CASES[other].member: soon})
    given = {
        other: {**OF_PERSON[other], **({"until": until or soon} if ends else {})},
        OrganizationMember: {**PERSON, "until": soon},
    }
    states = {}
    with provider(environ) as host:
        for kind, inputs in given.items():
            checked, failures = host.check(kind, inputs)
            assert not failures
            states[kind] = host.create(kind, checked)
    emulator.control.advance_clock(4 * DAY)
    for turn in (given, reversed(given)):
        with provider(environ, prelude=CLOCK.format(seconds=4 * DAY)) as host:
            news = {kind: host.check(kind, given[kind], states[kind][1])[0] for kind in turn}
            changes = {kind: host.diff(kind, *states[kind], news[kind])[0] for kind in news}
            for kind in reversed(news):
                if changes[kind] is not False:
                    with nullcontext() if ends or kind is other else pytest.raises(Failure, match=STAYS):
                        states[kind] = states[kind][0], host.update(kind, *states[kind], news[kind])
        assert (GRACE in emulator.control.live("user")["user"]) is not ends
    assert set(changes.values()) == ({False} if ends else {False, True}), "each update tries again"


@FEW
def test_access_stays_due_until_it_is_gone(access: Access) -> None:
    soon = access.case.until(int(time.time()) + 3 * DAY)
    access.create(soon)
    access.wait(4)
    access.server.control.fault(method="DELETE", kind="status", status=403, times=None)
    with pytest.raises(Failure):
        access.up(soon)
    assert access.is_there
    access.server.control.clear_faults()
    access.server.control.fault(method="DELETE", kind="reset", when="after", times=1)  # the reply is lost
    assert access.up(soon)
    assert not access.is_there


@FEW
def test_access_ends_although_no_list_shows_it(access: Access) -> None:
    soon = access.case.until(int(time.time()) + 3 * DAY)
    access.create(soon)
    access.wait(4)
    access.server.control.fault(**NOBODY_LISTED)
    assert access.up(soon)
    access.server.control.clear_faults()
    assert not access.is_there


@pytest.mark.parametrize("access", [ProjectUser, ProjectMembers], indirect=True)
@pytest.mark.parametrize("verb", ["update", "refresh and update"])
def test_access_ends_of_a_person_who_has_come_back_under_another_id(access: Access, verb: str) -> None:
    soon = access.case.until(int(time.time()) + 3 * DAY)
    access.create(soon)
    control = access.server.control
    request = partial(requests.request, headers={"Authorization": f"Bearer {access.server.admin_key}"}, timeout=10)
    request("DELETE", f"{access.server.base_url}/organization/users/{GRACE}").raise_for_status()
    again = {"email": EMAIL, "role": "reader", "projects": [{"id": "proj_demo", "role": "owner"}]}
    invite = request("POST", f"{access.server.base_url}/organization/invites", json=again).json()
    back = control.accept_invite(invite["id"])["id"]
    access.wait(4)
    assert access.up(soon, refresh=verb != "update")
    assert not access.up(soon)
    assert not any(back in path for path in control.live("project_user").get("project_user", {}))


@FEW
def test_who_has_left_already_has_no_access_to_end(access: Access) -> None:
    soon = access.case.until(int(time.time()) + 3 * DAY)
    access.create(soon)
    access.wait(4)
    before = Access(access.server, access.provider, access.environ, access.resource, 4, access.id, access.state)
    before.up(soon)  # somebody else removes it
    assert not access.up(soon)
    assert not access.is_there


@FEW
def test_access_that_has_ended_is_not_managed(access: Access) -> None:
    soon = access.case.until(int(time.time()) + 3 * DAY)
    access.create(soon)
    access.wait(4)
    access.up(soon)
    with access.host() as somebody:
        if access.resource is not OrganizationMember:
            somebody.create(access.resource, access.case.inputs)
    was_there = access.is_there
    assert not access.up(soon)
    access.destroy()
    assert access.is_there == was_there
