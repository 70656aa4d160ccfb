"""What is left of access after several updates: never more than before, whatever lists, moves and lost states say.

A history is some programs, one after the other. At the end everybody has what they had before the first one, but for
what the history itself names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    GroupRole,
    GroupRoles,
    GroupUser,
    OrganizationMember,
    OrganizationUser,
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
from tests.full import IS_FULL
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.principals import GROUPS, NOBODY_LISTED, USERS
from tests.host.provider_process import Failure
from tests.host.role_assignments import ROLE
from tests.host.scenario import PROJECT
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

    AnyHost = DynamicHost | NativeProcess

PROVIDERS: tuple[Host, Host] = (DynamicHost, NativeProcess)
Program = dict[type[Any], dict[str, Any]]

GRACE, EMAIL = {"user_id": "user-grace"}, "grace@example.com"
GROUP = {"group_id": "group_life"}
IN_PROJECT, IN_GROUP = {**PROJECT, **GRACE}, {**PROJECT, **GROUP}
OF_PROJECT = {"id": "role_project", "role_name": "Reviewer", "permissions": ["api.model.read"], **PROJECT}
OWNER, READER = "role-api-organization-owner", "role-api-organization-reader"
PROJECT_OWNER, PROJECT_MEMBER, PROJECT_VIEWER = (f"role-api-project-{role}" for role in ("owner", "member", "viewer"))
ROLE_OF_GRACE, ROLE_IN_PROJECT, IS_USER = "role of grace", "role of grace in the project", "grace is a user"


@dataclass(frozen=True)
class Update:
    """One `pulumi up`, which goes on after errors."""

    program: Program
    fault: dict[str, Any] | None = None
    is_refreshed: bool = False
    """Whether the fault hits a refresh, and the update comes after it."""
    is_killed: bool = False
    """Whether the engine loses the new state."""
    says: str = ""
    """A part of what it warns of, or of its error if it fails."""
    fails: bool = False


@dataclass(frozen=True)
class History:
    """Some updates."""

    name: str
    updates: tuple[Update, ...]
    given: dict[str, Any] = field(default_factory=dict)
    """What others have assigned before; see `Control.seed`."""
    left: dict[str, Any] = field(default_factory=dict)
    """What differs at the end, by name; None of what is gone."""
    is_moved: bool = False
    """Whether an object moves, so that the order of creation and deletion matters."""

    def __str__(self) -> str:
        return self.name


GONE, STAYS = Update({}), Update({}, says="stays assigned")
OF_MEMBER = {"project_users": [{**IN_PROJECT, "role": "member"}]}
LOWERED: list[tuple[str, Program, Program, dict[str, Any]]] = [
    (
        "a role of a group in a project, owner => viewer",
        {ProjectGroupRole: {**IN_GROUP, "role_id": PROJECT_OWNER}},
        {ProjectGroupRole: {**IN_GROUP, "role_id": PROJECT_VIEWER}},
        {},
    ),
    (
        "a role of a group, owner => reader",
        {GroupRole: {**GROUP, "role_id": OWNER}},
        {GroupRole: {**GROUP, "role_id": READER}},
        {},
    ),
    (
        "a role of a user, owner => reader",
        {UserRole: {**GRACE, "role_id": OWNER}},
        {UserRole: {**GRACE, "role_id": READER}},
        {},
    ),
    (
        "roles of a user, owner => reader",
        {UserRoles: {**GRACE, "role_ids": [OWNER]}},
        {UserRoles: {**GRACE, "role_ids": [READER]}},
        {},
    ),
    (
        "a role of a user in a project, owner => member",
        {ProjectUserRole: {**IN_PROJECT, "role_id": PROJECT_OWNER}},
        {ProjectUserRole: {**IN_PROJECT, "role_id": PROJECT_MEMBER}},
        OF_MEMBER,
    ),
    (
        "a user who is owner => a role, reader",
        {OrganizationUser: {**GRACE, "role": "owner"}},
        {UserRole: {**GRACE, "role_id": READER}},
        {},
    ),
    (
        "a role, owner => a user who is reader",
        {UserRole: {**GRACE, "role_id": OWNER}},
        {OrganizationUser: {**GRACE, "role": "reader"}},
        {},
    ),
]
"""What a program declares first, and then; and what others have assigned before."""
A_REMOVAL_GRANTS_NOTHING = [
    *(History(name, (Update(first), Update(then), GONE), given, is_moved=True) for name, first, then, given in LOWERED),
    History(
        "a user of a project, owner => a role, member",
        (
            Update({ProjectUser: {**IN_PROJECT, "role": "owner"}}),
            Update({ProjectUserRole: {**IN_PROJECT, "role_id": PROJECT_MEMBER}}),
            STAYS,
        ),
        left={ROLE_IN_PROJECT: "member"},
        is_moved=True,
    ),
]

SINGLE: Program = {
    ProjectUser: {**IN_PROJECT, "role": "member"},
    ProjectMembers: {**PROJECT, "members": keyed.members({"user-grace": "member"})},
    GroupUser: {**GROUP, **GRACE},
    GroupMembers: {**GROUP, "user_ids": ["user-grace"]},
    ProjectGroup: {**IN_GROUP, "role": "member"},
    ProjectGroupRole: {**IN_GROUP, "role_id": PROJECT_MEMBER},
    ProjectGroupRoles: {**IN_GROUP, "role_ids": ["role_project"]},
    GroupRole: {**GROUP, "role_id": "role_life"},
    GroupRoles: {**GROUP, "role_ids": ["role_life"]},
    ProjectUserRole: {**IN_PROJECT, "role_id": "role_project"},
    ProjectUserRoles: {**IN_PROJECT, "role_ids": ["role_project"]},
    UserRole: {**GRACE, "role_id": "role_life"},
    UserRoles: {**GRACE, "role_ids": ["role_life", OWNER]},
    OrganizationUser: {**GRACE, "role": "owner"},
    OrganizationMember: {
        "email": EMAIL,
        "role": "reader",
        "projects": keyed.projects({"proj_demo": "member"}),
        "remove_on_destroy": True,
    },
}
"""Access of each kind that one resource declares."""
INVITED: Program = {OrganizationMember: {"email": "new@example.com", "role": "reader", "projects": []}}
REMOVED: Program = {OrganizationUser: {**GRACE, "role": "owner", "remove_on_destroy": True}}


def _given(kind: type[Any]) -> dict[str, Any]:
    """What has to exist before access of a kind: a user has roles in a project that the user is in."""
    return OF_MEMBER if kind in (ProjectUserRole, ProjectUserRoles) else {}


def _left(program: Program) -> dict[str, Any]:
    """What is gone at the end besides what the program added: a user whom destroy removes."""
    is_removed = any(inputs.get("remove_on_destroy") for inputs in program.values())
    return {ROLE_OF_GRACE: None, IS_USER: None} if is_removed and INVITED is not program else {}


ALONE = [(kind.__name__, {kind: inputs}, _given(kind)) for kind, inputs in SINGLE.items()]
ALONE += [("an invite", INVITED, {}), ("remove_on_destroy", REMOVED, {})]
NO_LIST_DECIDES = [
    History(
        f"{name}: lists are empty in a refresh and in the removal",
        (Update(program), Update(program, NOBODY_LISTED, is_refreshed=True), Update({}, NOBODY_LISTED)),
        given,
        _left(program),
    )
    for name, program, given in ALONE
] + [
    History(
        "a group of a project, with a role of others: lists are empty in the creation",
        (Update({ProjectGroup: {**IN_GROUP, "role": "member"}}, NOBODY_LISTED), GONE),
        {"project_group_roles": [{**IN_GROUP, "role_id": PROJECT_OWNER}]},
    ),
]
DECLARED_IS_OWNED = [
    History(
        f"{name}: the first update is killed",
        (Update(program, is_killed=True), Update(program, says="exists already"), GONE),
        given,
        _left(program),
    )
    for name, program, given in ALONE
    if not {OrganizationUser, OrganizationMember, UserRoles} & program.keys() or program is INVITED
]
DECLARED_IS_OWNED += [
    History(
        "a base role: the first update is killed",
        (Update(owner, is_killed=True), Update(owner), STAYS),
        left={ROLE_OF_GRACE: "owner"},
    )
    for owner in ({UserRole: {**GRACE, "role_id": OWNER}}, {UserRoles: {**GRACE, "role_ids": [OWNER]}})
]
ALAN_ALONE: Program = {
    ProjectMembers: {**PROJECT, "members": keyed.members({"user-alan": "member"}), "exclusive": True}
}
DECLARED_IS_OWNED += [
    History(
        "an exclusive set does not add again whom it removed",
        (Update(ALAN_ALONE), Update(ALAN_ALONE, is_refreshed=True), GONE),
        OF_MEMBER,
        {ROLE_IN_PROJECT: None},
    )
]
MOVED = [
    History(
        f"{before.__name__} => {after.__name__}",
        (Update({before: kinds[before]}), Update({after: kinds[after]}), GONE),
        is_moved=True,
    )
    for kinds in (
        {kind: SINGLE[kind] for kind in (ProjectUser, ProjectMembers)},
        {kind: SINGLE[kind] for kind in (GroupUser, GroupMembers)},
        {kind: SINGLE[kind] for kind in (ProjectGroup, ProjectGroupRole)},
        {kind: SINGLE[kind] for kind in (GroupRole, GroupRoles)},
        {
            ProjectUser: SINGLE[ProjectUser],
            OrganizationMember: {**SINGLE[OrganizationMember], "remove_on_destroy": None},
        },
    )
    for before, after in (tuple(kinds), tuple(reversed(kinds)))
]
PROMISES = [
    History(
        "the creation of the new resource fails",
        (
            Update({ProjectUser: SINGLE[ProjectUser]}),
            Update(
                {ProjectMembers: {**PROJECT, "members": keyed.members({"user-grace": "member", "user-none": "owner"})}},
                says="Nothing was removed: ProjectMembers 'it' declares the same, and could not be created in this run",
                fails=True,
            ),
            Update({ProjectMembers: SINGLE[ProjectMembers]}),
            GONE,
        ),
    ),
    *(
        History(
            f"remove_on_destroy of {kind.__name__} while another resource names the user",
            (
                Update({**program, GroupUser: SINGLE[GroupUser]}),
                Update(
                    {GroupUser: SINGLE[GroupUser]},
                    says="was not removed, because GroupUser 'it' names the user",
                    fails=True,
                ),
                GONE,
            ),
            left={ROLE_OF_GRACE: None, IS_USER: None},
        )
        for kind, program in {
            OrganizationUser: REMOVED,
            OrganizationMember: {OrganizationMember: SINGLE[OrganizationMember]},
        }.items()
    ),
    History(
        "a resource that declares the user takes over",
        (
            Update({OrganizationUser: {**GRACE, "role": "reader", "remove_on_destroy": True}}),
            Update({OrganizationMember: {"email": EMAIL, "role": "reader"}}),
            GONE,
        ),
        is_moved=True,
    ),
]
HISTORIES = [*A_REMOVAL_GRANTS_NOTHING, *NO_LIST_DECIDES, *DECLARED_IS_OWNED, *MOVED, *PROMISES]


@dataclass
class Stack:
    """The state of the engine."""

    server: EmulatorServer
    provider: Host
    environ: dict[str, str]
    deletes_first: bool
    state: dict[type[Any], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    told: str = ""
    errors: list[str] = field(default_factory=list)

    def up(self, update: Update) -> None:
        """One update; what it said is kept."""
        before, self.errors = dict(self.state), []
        if update.fault:
            self.server.control.fault(**update.fault)
        if update.is_refreshed:
            with self.provider(self.environ) as host:
                self._refresh(host)
            self.server.control.clear_faults()
        with self.provider(self.environ) as host:
            self._apply(host, update.program)
        self.server.control.clear_faults()
        self.told = "\n".join([str(host.warnings), *self.errors])
        assert "Traceback" not in host.stderr + self.told
        assert bool(self.errors) == update.fails, self.errors
        if update.is_killed:
            self.state = before

    def _refresh(self, host: AnyHost) -> None:
        for kind, (id_, state) in list(self.state.items()):
            found, refreshed, _ = host.read(kind, id_, state)
            assert found == id_, "it was taken for gone"
            self.state[kind] = id_, refreshed

    def _apply(self, host: AnyHost, program: Program) -> None:
        news, deleted = dict[type[Any], dict[str, Any]](), list[tuple[type[Any], str, dict[str, Any]]]()
        for kind, inputs in program.items():
            given = {name: value for name, value in inputs.items() if value is not None}
            news[kind], failures = host.check(kind, given, self.state.get(kind, ("", None))[1])
            assert not failures
        for kind, (id_, state) in reversed(self.state.items()):
            if kind not in news or host.diff(kind, id_, state, news[kind])[1]:
                deleted.append((kind, id_, state))
        self.state = {kind: self.state[kind] for kind in self.state if kind not in [it for it, *_ in deleted]}
        steps = (self._delete, self._create) if self.deletes_first else (self._create, self._delete)
        for step in steps:
            step(host, news, deleted)

    def _create(self, host: AnyHost, news: Program, _: list[tuple[type[Any], str, dict[str, Any]]]) -> None:
        for kind, inputs in news.items():
            try:
                if kind not in self.state:
                    self.state[kind] = host.create(kind, inputs)
                elif host.diff(kind, *self.state[kind], inputs)[0] is not False:
                    self.state[kind] = self.state[kind][0], host.update(kind, *self.state[kind], inputs)
            except Failure as failure:
                self.errors.append(failure.message)
                if failure.id:
                    self.state[kind] = failure.id, failure.properties

    def _delete(self, host: AnyHost, _: Program, deleted: list[tuple[type[Any], str, dict[str, Any]]]) -> None:
        for kind, id_, state in deleted:
            try:
                host.delete(kind, id_, state)
            except Failure as failure:
                self.errors.append(failure.message)
                self.state[kind] = id_, state


def access(emulator: EmulatorServer) -> dict[str, Any]:
    """Who has which access at OpenAI."""
    kinds = ("group_user", "user_role", "group_role", "project_user_role", "project_group_role", MEMBERS, "invite")
    live = emulator.control.live()
    user, member = live["user"].get("user-grace"), live.get("project_user", {}).get("proj_demo/user-grace")
    return {
        **{f"{kind} {path}": True for kind in kinds for path in live.get(kind, {})},
        **({ROLE_OF_GRACE: user["role"], IS_USER: True} if user else {}),
        **({ROLE_IN_PROJECT: member["role"]} if member else {}),
    }


CASES = [
    pytest.param(history, deletes_first, id=f"{history}{', deleted first' if deletes_first else ''}")
    for history in HISTORIES
    for deletes_first in ([False, True] if history.is_moved else [False])
]


@pytest.fixture(params=range(len(PROVIDERS) if IS_FULL else 1))
def provider(request: pytest.FixtureRequest) -> Host:
    """One provider in `make test`, in turn, and both in `make test-full`."""
    turn = seed_of_this_run() + crc32(request.node.callspec.id.encode()) + request.param
    return PROVIDERS[turn % len(PROVIDERS)]


@pytest.mark.parametrize(("history", "deletes_first"), CASES)
def test_access_ends_with_its_declaration(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, history: History, deletes_first: bool
) -> None:
    emulator.control.seed({"users": USERS, "groups": GROUPS, "roles": [ROLE], "project_roles": [OF_PROJECT]})
    if history.given:
        emulator.control.seed(history.given)
    before, stack = access(emulator), Stack(emulator, provider, environ, deletes_first)
    for update in history.updates:
        stack.up(update)
        assert update.says in stack.told, stack.told
    left = {name: value for name, value in {**before, **history.left}.items() if value is not None}
    assert access(emulator) == left, stack.told
