from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRole, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from tests.unit.fakes import FakeOpenAI, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ROLES = ProjectRole.handler
READ = {"name": "Auditor", "permissions": ["api.groups.read", "api.roles.read"]}
OWNER = "role-api-project-owner__api-project__proj_1"


@pytest.fixture
def openai(requests_mock: Any) -> FakeOpenAI:
    return FakeOpenAI(requests_mock)


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
        "If an interrupted run created that role, delete it in OpenAI's dashboard, then run the command again. "
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
