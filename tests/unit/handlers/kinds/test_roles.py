"""Roles, and which users have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import ProjectRole, ProjectUserRoles, UserRole, errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.kinds.roles import BaseRoleRecord
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import URL, FakeOpenAI, error_body, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ROLES = ProjectRole.handler
READ = {"name": "Auditor", "permissions": ["api.groups.read", "api.roles.read"]}
OWNER = "role-api-project-owner__api-project__proj_1"


def add_role(openai: FakeOpenAI) -> str:
    role = {"project_id": "proj_1", "id": "role_1", "role_name": "Auditor", "permissions": READ["permissions"]}
    openai.seed(project_roles=[role])
    return "role_1"


def remote(id_: str = "") -> Remote:
    return Remote({"project_id": "proj_1"}, id_, unordered=frozenset({"permissions"}))


def made(client: Client, **settings: Any) -> Remote:
    this_remote = remote()
    ROLES.create(client, this_remote, Wanted({}, {**READ, **settings}))
    return this_remote


def test_a_refusal_names_the_role_that_has_the_name_and_says_what_to_do(client: Client, openai: FakeOpenAI) -> None:
    add_role(openai)
    openai.surprise("POST", "roles$", (400, error_body("This name is taken", "already_exists")))
    with pytest.raises(errors.BadRequestError) as told:
        made(client)
    assert told.value.what.endswith("This name is taken: role role_1 has this name")
    assert told.value.advice == (
        "If this stack manages that role under another name, add an alias with its old name. If this resource is being "
        "replaced, declare the resource option deleteBeforeReplace (delete_before_replace in Python). If an "
        "interrupted run created that role, delete it in OpenAI's dashboard, then run the command again. "
        "Otherwise use another name."
    )
    assert [id_ for id_ in openai.shown("/projects/proj_1/roles") if "api-project" not in id_] == ["role_1"]


@pytest.mark.parametrize("reply", [(200, None), (401, error_body("No"))], ids=["nobody has it", "the list fails"])
def test_another_refusal_stays_as_it_is(client: Client, openai: FakeOpenAI, reply: tuple[int, Any]) -> None:
    def fail_the_list() -> None:
        if reply[0] != 200:
            openai.surprise("GET", "roles$", reply, times=9)

    openai.surprise("POST", "roles$", (400, error_body("No such permission")), acts=fail_the_list)
    with pytest.raises(errors.BadRequestError) as told:
        made(client)
    assert told.value.what.endswith("No such permission")


def test_a_role_with_a_predefined_name_is_refused_without_a_request(client: Client, openai: FakeOpenAI) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"role 'owner' .* of project proj_1 is predefined\. OpenAI"):
        made(client, name="owner")
    assert openai.asked("POST") == []


def test_a_custom_role_can_be_imported_and_a_predefined_one_can_not(client: Client, openai: FakeOpenAI) -> None:
    custom = ROLES.declared(client, remote(add_role(openai)))
    assert {name: custom[name] for name in READ} == READ
    told = f"({OWNER}) of project proj_1 can't be imported: it is predefined"
    with pytest.raises(errors.NotAdoptableError, match=re.escape(told)):
        ROLES.declared(client, remote(OWNER))
    assert ROLES.ids(client, remote()) == ["role_1"]


def test_a_custom_role_is_adopted_without_a_request(client: Client, openai: FakeOpenAI) -> None:
    this_remote = remote(add_role(openai))
    ROLES.adopt(client, this_remote, Wanted({}, READ))
    assert this_remote.get("name") == "Auditor"
    assert openai.asked("POST") == []


ASSIGNMENTS = UserRole.handler
ALIAS, READER_ALIAS = "role-api-organization-owner", "role-api-organization-reader"
ASSIGNED_OWNER, USER = f"{ALIAS}__api-organization__org-1", "/organization/users/user-1"
LOST = requests.exceptions.ReadTimeout("slow")
NOTHING = Wanted({}, {})
REFUSED = (403, error_body("no"))


class Organization(FakeOpenAI):
    """The emulator with a user."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seed(users=[{"id": "user-1", "email": "ada@example.com", "role": "reader"}])

    @property
    def base(self) -> str:
        (id_,) = self.shown(f"{USER}/roles")
        return id_.partition("__")[0]


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


def assigned(client: Client, role: str) -> Remote:
    remote = Remote({"user_id": "user-1", "role_id": role})
    ASSIGNMENTS.create(client, remote, NOTHING)
    return remote


def destroy(client: Client, remote: Remote) -> None:
    """In the next run: with another client, and with what the state keeps."""
    kept = Remote(remote.parents, remote.parents["role_id"], dict(remote.attributes), Memory(remote.memory.to_state()))
    ASSIGNMENTS.delete(type(client)(client.requestor), kept)


def test_a_role_that_does_not_exist_is_told_with_the_nearest(client: Client, requests_mock: Any) -> None:
    of_project, of_organization = (
        requests_mock.get(f"{URL}{path}", json={"data": [{"id": id_}], "has_more": False, "next": None})
        for path, id_ in (("/projects/proj_1/roles", "role_12"), ("/organization/roles", ASSIGNED_OWNER))
    )
    in_project = {"project_id": "proj_1", "user_id": "user-1"}
    ASSIGNMENTS.require_candidate(client, in_project, "role_12")
    assert not of_organization.called
    ASSIGNMENTS.require_candidate(client, in_project, ALIAS)
    for parents, what in ((in_project, "Project proj_1"), ({"user_id": "user-1"}, "The organization")):
        with pytest.raises(errors.NoMatchError) as told:
            ASSIGNMENTS.require_candidate(client, dict(parents), "x")
        assert told.value.what == f"{what} has no role x"
        assert told.value.advice == "Check it in OpenAI's dashboard, under Roles."
    assert of_project.call_count == of_organization.call_count == 1
    assert of_project.last_request.url.endswith("/roles?limit=100")


def test_a_base_role_that_others_replaced_is_due_and_assigned_again(client: Client, openai: Organization) -> None:
    remote = assigned(client, READER_ALIAS)
    openai.others("POST", USER, {"role": "owner"})
    openai.now += VISIBILITY_LAG_SECONDS + 1
    kept = next_run(client, remote), remote
    ASSIGNMENTS.read(*kept)
    assert [(action.what, action.purpose) for action in remote.pending_actions] == [
        (f"Role {READER_ALIAS} of user user-1 was replaced by another base role outside Pulumi", "assign it again")
    ]
    (compared,) = ASSIGNMENTS.observe(*kept, NOTHING).values
    assert (compared.now, compared.is_same) == (None, False)
    ASSIGNMENTS.update(*kept, NOTHING)
    assert openai.base == READER_ALIAS
    destroy(client, remote)
    assert openai.base == READER_ALIAS, "the role of others was higher"


@pytest.mark.parametrize(("answer", "before"), [(LOST, READER_ALIAS), (REFUSED, None)])
def test_the_role_from_before_is_recorded_if_the_request_may_have_acted(
    client: Client, openai: Organization, answer: Any, before: str | None
) -> None:
    openai.surprise("POST", "roles$", answer, times=9)
    remote = Remote({"user_id": "user-1", "role_id": ALIAS})
    with pytest.raises(errors.AdminError):
        ASSIGNMENTS.create(client, remote, NOTHING)
    record = remote.memory[BaseRoleRecord]
    assert (record.role_before, bool(record.roles_written)) == (before, before is not None)


@pytest.mark.parametrize(("seconds", "left"), [(0, "member"), (62, "owner")], ids=["late", "of somebody else"])
def test_a_base_role_whose_request_was_lost_may_come_after_the_next_one(
    client: Client, openai: Organization, seconds: int, left: str
) -> None:
    openai.seed(project_users=[{"project_id": "proj_1", "user_id": "user-1", "role": "member"}])
    remote, handler = Remote({"project_id": "proj_1", "user_id": "user-1"}), ProjectUserRoles.handler
    owner, viewer = ("role-api-project-owner", "role-api-project-viewer")
    openai.surprise("POST", "roles$", LOST, times=99)
    with pytest.raises(errors.AdminError):
        handler.create(client, remote, Wanted({}, {"role_ids": [owner]}))
    openai.surprises.clear()
    remote.memory[LostChanges].lost_at = int(openai.now)
    openai.now += seconds
    handler.update(next_run(client, remote), remote, Wanted({}, {"role_ids": [viewer]}))
    in_project = f"/organization/projects/proj_1{USER.removeprefix('/organization')}"
    openai.others("POST", in_project, {"role": "owner"})
    openai.now += VISIBILITY_LAG_SECONDS
    handler.delete(next_run(client, remote), remote)
    assert openai.shown("/organization/projects/proj_1/users")["user-1"]["role"] == left


def test_the_same_base_role_after_a_replacement_has_the_same_role_before(client: Client, openai: Organization) -> None:
    openai.others("POST", USER, {"role": "owner"})
    replaced = assigned(client, READER_ALIAS)
    ASSIGNMENTS.delete(client, replaced)
    assert assigned(client, READER_ALIAS).memory[BaseRoleRecord] == BaseRoleRecord(ALIAS, [READER_ALIAS])


def test_a_base_role_of_a_user_who_is_gone_is_gone(client: Client, openai: Organization) -> None:
    remote = assigned(client, ALIAS)
    openai.others("DELETE", USER)
    openai.now += VISIBILITY_LAG_SECONDS + 1
    with pytest.raises(errors.ResourceGoneError):
        ASSIGNMENTS.read(next_run(client, remote), remote)
    destroy(client, remote)
