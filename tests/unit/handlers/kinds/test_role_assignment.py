from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import UserRole, UserRoles, errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.kinds.roles import BaseRoleRecord
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import URL, FakeOpenAI, error_body, listed, next_run, warnings
from tests.unit.set_over_runs import SetOverRuns

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.http.requestor import Requestor

ROLES = UserRole.handler
ALIAS, READER_ALIAS = "role-api-organization-owner", "role-api-organization-reader"
OWNER, READER = (f"{alias}__api-organization__org-1" for alias in (ALIAS, READER_ALIAS))
PREDEFINED = {ALIAS: OWNER, READER_ALIAS: READER, OWNER: OWNER, READER: READER}
LOST = requests.exceptions.ReadTimeout("slow")
NOTHING = Wanted({}, {})
REFUSED = (403, error_body("no"))


def shown(role: str) -> dict[str, Any]:
    return {"id": role, "name": f"name of {role}", "predefined_role": role in PREDEFINED}


@dataclass
class Organization(FakeOpenAI):
    """A user with roles; one predefined role at a time."""

    direct: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    """Roles that the organization no longer has."""
    is_there: bool = True

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return listed({"id": "proj_1"})
        if path == "/organization/users":
            return listed({"id": "user-1", "email": "ada@example.com"})
        if path == "/organization/roles":
            roles = [*(f"role_{number}" for number in range(50)), OWNER, READER]
            return listed(*(shown(role) for role in roles if role not in self.deleted))
        user, _, rest = path.removeprefix("/organization/users/").partition("/roles")
        if user != "user-1" or not self.is_there:
            return 404, error_body("No such user")
        if path.endswith("user-1"):
            base = next((role for role in self.direct if role.startswith("role-api-")), "")
            return 200, {"id": "user-1", "email": "ada@example.com", "role": base.partition("__")[0].rpartition("-")[2]}
        return self._roles(method, rest.strip("/"), body)

    def _roles(self, method: str, id_: str, body: Any) -> tuple[int, Any]:
        if method == "GET" and not id_:
            return listed(*map(shown, self.direct))
        role = id_ or body["role_id"]
        role = PREDEFINED.get(role, role)
        if method == "POST":
            replaced = {*PREDEFINED} if role in PREDEFINED else set()
            self.direct = [*(other for other in self.direct if other not in {role, *replaced}), role]
            return 200, {"object": "user.role", "user": {"id": "user-1"}, "role": shown(role)}
        if role not in self.direct:
            return 404, error_body("No such role assignment")
        if method == "DELETE":
            self.direct.remove(role)
        return 200, shown(role)


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


def assigned(client: Client, role: str = "role_1") -> Remote:
    remote = Remote({"user_id": "user-1", "role_id": role})
    ROLES.create(client, remote, NOTHING)
    return remote


def destroy(client: Client, remote: Remote, end: Callable[..., None] = ROLES.delete) -> None:
    """In the next run: with another client, and with what the state keeps."""
    kept = Remote(remote.parents, remote.parents["role_id"], dict(remote.attributes), Memory(remote.memory.to_state()))
    end(type(client)(client.requestor), kept)


@pytest.mark.parametrize(
    ("path", "what"), [("/projects/proj_1/roles", "project proj_1"), ("/organization/roles", "the organization")]
)
def test_a_list_of_roles_that_fails_is_named(client: Client, requests_mock: Any, path: str, what: str) -> None:
    requests_mock.get(f"{URL}/projects/proj_1/roles", json={"data": [], "has_more": False, "next": None})
    requests_mock.get(f"{URL}{path}", status_code=401, json=error_body("No"))
    with pytest.raises(errors.AuthenticationError, match=f"^Could not list the roles of {what}: "):
        ROLES.require_candidate(client, {"project_id": "proj_1", "user_id": "user-1"}, "role_1")


# The base role of a user


@pytest.mark.parametrize(
    ("before", "declared", "after", "warning"),
    [
        (READER, ALIAS, READER, ""),
        ("", READER_ALIAS, "", ""),
        ("", ALIAS, "", ""),
        (OWNER, READER_ALIAS, READER, f"{READER_ALIAS} of user user-1 stays assigned instead of {ALIAS} (a removal"),
        (OWNER, ALIAS, OWNER, f"{ALIAS} of user user-1 stays assigned: the user had it before, and a base role is not"),
        (READER, READER_ALIAS, READER, ""),
    ],
)
@pytest.mark.parametrize(("is_lost", "end"), [(False, ROLES.delete), (True, ROLES.delete), (False, ROLES.end)])
def test_a_base_role_goes_back_to_a_lower_one_and_never_to_a_higher(
    client: Client,
    openai: Organization,
    caplog: pytest.LogCaptureFixture,
    before: str,
    declared: str,
    after: str,
    warning: str,
    is_lost: bool,
    end: Callable[..., None],
) -> None:
    openai.direct = [*filter(None, [before]), "role_2"]
    if is_lost:
        openai.surprise("POST", "roles$", LOST, acts=True)
    destroy(client, assigned(client, declared), end)
    assert sorted(openai.direct) == sorted([*filter(None, [after]), "role_2"])
    assert [warning in text for text in warnings(caplog)] == ([True] if warning else [])


def test_a_base_role_that_others_changed_since_is_left(client: Client, openai: Organization) -> None:
    openai.direct = [READER]
    remote = assigned(client, ALIAS)
    openai.direct = ["role-api-organization-member"]
    destroy(client, remote)
    assert openai.direct == ["role-api-organization-member"]


def test_a_base_role_that_others_replaced_is_due_and_assigned_again(client: Client, openai: Organization) -> None:
    openai.direct = [READER]
    remote = assigned(client, READER_ALIAS)
    openai.direct = [OWNER]
    openai.now += VISIBILITY_LAG_SECONDS + 1
    kept = next_run(client, remote), remote
    ROLES.read(*kept)
    assert [(action.what, action.purpose) for action in remote.pending_actions] == [
        (f"Role {READER_ALIAS} of user user-1 was replaced by another base role outside Pulumi", "assign it again")
    ]
    (compared,) = ROLES.observe(*kept, NOTHING).values
    assert (compared.now, compared.is_same) == (None, False)
    ROLES.update(*kept, NOTHING)
    assert openai.direct == [READER]
    destroy(client, remote)
    assert openai.direct == [READER], "the role of others was higher"


@pytest.mark.parametrize(("answer", "before"), [(LOST, READER_ALIAS), (REFUSED, None)])
def test_the_role_from_before_is_recorded_if_the_request_may_have_acted(
    client: Client, openai: Organization, answer: Any, before: str | None
) -> None:
    openai.direct = [READER]
    openai.surprise("POST", "roles$", answer, times=9)
    remote = Remote({"user_id": "user-1", "role_id": ALIAS})
    with pytest.raises(errors.AdminError):
        ROLES.create(client, remote, NOTHING)
    record = remote.memory[BaseRoleRecord]
    assert (record.role_before, bool(record.roles_written)) == (before, before is not None)


def test_a_base_role_of_a_user_who_is_gone_is_gone(client: Client, openai: Organization) -> None:
    remote = assigned(client, ALIAS)
    openai.is_there = False
    openai.now += VISIBILITY_LAG_SECONDS + 1
    with pytest.raises(errors.ResourceGoneError):
        ROLES.read(next_run(client, remote), remote)
    destroy(client, remote)


@pytest.mark.parametrize(("before", "is_told"), [(READER, True), (OWNER, False)])
def test_a_base_role_that_moves_is_left_with_a_warning_if_it_will_stay(
    client: Client, openai: Organization, caplog: pytest.LogCaptureFixture, before: str, is_told: bool
) -> None:
    openai.direct = [before]
    old = assigned(client, ALIAS)
    again = next_run(client, old)
    old.step.is_declared_elsewhere = lambda claim: "UserRole 'b'" if claim.is_value else ""
    ROLES.delete(again, old)
    assert openai.direct == [OWNER]
    moved = f"Role {ALIAS} of user user-1 is now managed by another resource of the program, which does not know that"
    assert [moved in text for text in warnings(caplog)] == [True] * is_told


# Sets of roles


SET = UserRoles.handler


@pytest.fixture
def stack(requestor: Requestor) -> SetOverRuns:
    return SetOverRuns(SET, requestor, Remote({"user_id": "user-1"}, unordered=frozenset({"role_ids"})))


@pytest.mark.parametrize(
    ("before", "updates", "after"),
    [
        (READER, [[ALIAS]], READER),
        (READER, [[ALIAS, "role_1"], ["role_1"], [ALIAS]], READER),
        (READER, [[ALIAS], [READER_ALIAS]], READER),
        (OWNER, [[READER_ALIAS]], READER),
        (OWNER, [[READER_ALIAS], []], READER),
        (OWNER, [[READER_ALIAS], [ALIAS]], OWNER),
        ("", [[READER_ALIAS], [ALIAS]], ""),
    ],
)
def test_a_set_leaves_the_base_role_from_before_unless_it_was_higher(
    stack: SetOverRuns, openai: Organization, before: str, updates: list[list[str]], after: str
) -> None:
    openai.direct = [*filter(None, [before])]
    for roles in updates:
        stack.up(roles)
        assert {role.partition("__")[0] for role in openai.direct} >= {*roles}
    stack.destroy()
    assert openai.direct == [*filter(None, [after])]


def test_a_role_that_was_deleted_is_told_and_stops_nothing(
    stack: SetOverRuns, openai: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    stack.up(["role_1", "role_2"])
    openai.direct, openai.deleted = ["role_1"], {"role_2"}
    openai.now += VISIBILITY_LAG_SECONDS + 1
    assert stack.refresh() == ["role_1"]
    stack.up(["role_1", "role_2", "role_3"])
    assert openai.direct == ["role_1", "role_3"]
    assert warnings(caplog) == ["1 role of user user-1 no longer exists at OpenAI: role_2. Remove it from the program."]
