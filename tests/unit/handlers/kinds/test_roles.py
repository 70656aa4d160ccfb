from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRole, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from tests.unit.fakes import FakeOpenAI, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ROLES = ProjectRole.handler
READ = {"name": "Auditor", "permissions": ["api.groups.read", "api.roles.read"]}
OWNER = {"id": "role-api-project-owner__api-project__proj_1", "name": "owner", "permissions": ["api.roles.write"]}


@dataclass
class Organization(FakeOpenAI):
    """A project with roles."""

    roles: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {OWNER["id"]: {**OWNER, "description": None, "predefined_role": True}}
    )

    def add_role(self) -> dict[str, Any]:
        self.roles["role_1"] = {"id": "role_1", **READ, "description": None, "predefined_role": False}
        return self.roles["role_1"]

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if not path.startswith("/projects/proj_1/roles"):
            return super()._answer(method, path, body)
        id_ = path.removeprefix("/projects/proj_1/roles").strip("/")
        return (200, self.roles[id_]) if id_ else self._list(self.roles)


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


def remote(id_: str = "") -> Remote:
    return Remote({"project_id": "proj_1"}, id_, unordered=frozenset({"permissions"}))


def made(client: Client, **settings: Any) -> Remote:
    this_remote = remote()
    ROLES.create(client, this_remote, Wanted({}, {**READ, **settings}))
    return this_remote


def test_a_refusal_names_the_role_that_has_the_name_and_says_what_to_do(client: Client, openai: Organization) -> None:
    openai.add_role()
    openai.surprise("POST", "roles$", (400, error_body("This name is taken", "already_exists")))
    with pytest.raises(errors.BadRequestError) as told:
        made(client)
    assert told.value.what.endswith("This name is taken: role role_1 has this name")
    assert told.value.advice == (
        "If an interrupted run created that role, delete it in OpenAI's dashboard, then run the command again. "
        "Otherwise use another name."
    )
    assert list(openai.roles) == [OWNER["id"], "role_1"]


@pytest.mark.parametrize("reply", [(200, None), (401, error_body("No"))], ids=["nobody has it", "the list fails"])
def test_another_refusal_stays_as_it_is(client: Client, openai: Organization, reply: tuple[int, Any]) -> None:
    def fail_the_list() -> None:
        if reply[0] != 200:
            openai.surprise("GET", "roles$", reply, times=9)

    openai.surprise("POST", "roles$", (400, error_body("No such permission")), acts=fail_the_list)
    with pytest.raises(errors.BadRequestError) as told:
        made(client)
    assert told.value.what.endswith("No such permission")


def test_a_role_with_a_predefined_name_is_refused_without_a_request(client: Client, openai: Organization) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"role 'owner' .* of project proj_1 is predefined\. OpenAI"):
        made(client, name="owner")
    assert openai.asked("POST") == []


def test_a_custom_role_can_be_imported_and_a_predefined_one_can_not(client: Client, openai: Organization) -> None:
    custom = ROLES.declared(client, remote(openai.add_role()["id"]))
    assert {name: custom[name] for name in READ} == READ
    told = f"({OWNER['id']}) of project proj_1 can't be imported: it is predefined"
    with pytest.raises(errors.NotAdoptableError, match=re.escape(told)):
        ROLES.declared(client, remote(OWNER["id"]))
    assert ROLES.ids(client, remote()) == ["role_1"]


def test_a_custom_role_is_adopted_without_a_request(client: Client, openai: Organization) -> None:
    this_remote = remote(openai.add_role()["id"])
    ROLES.adopt(client, this_remote, Wanted({}, READ))
    assert this_remote.get("name") == "Auditor"
    assert openai.asked("POST") == []
