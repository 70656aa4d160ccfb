from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import get_project_role, get_role, get_user_role, list_project_roles, list_roles
from pulumi_openai_admin.data_sources.result import LookUpError
from tests.unit.fakes import KEY, URL

if TYPE_CHECKING:
    import requests_mock

OWNER = "role-api-organization-owner__api-organization__org-1"
MEMBER = "role-api-project-member__api-project__proj_1"


def role(id_: str, name: str, *, is_predefined: bool) -> dict[str, object]:
    return {
        "object": "role",
        "id": id_,
        "name": name,
        "description": None,
        "permissions": ["api.groups.read"],
        "resource_type": "api.organization",
        "predefined_role": is_predefined,
    }


@pytest.fixture(autouse=True)
def _openai(requests_mock: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    lists = {
        "/organization/roles": [
            role(OWNER, "owner", is_predefined=True),
            role("role_1", "Auditor", is_predefined=False),
        ],
        "/projects/proj_1/roles": [role(MEMBER, "member", is_predefined=True)],
        "/organization/users/user-1/roles": [{**role(OWNER, "owner", is_predefined=True), "assignment_sources": None}],
    }
    for path, rows in lists.items():
        requests_mock.get(URL + path, json={"object": "list", "data": rows, "has_more": False, "next": None})


def test_a_predefined_role_is_found_by_name() -> None:
    found = get_role(name="owner")
    assert (found.role_id, found.is_predefined) == (OWNER, True)
    assert found.description is None


def test_predefined_roles_are_listed_with_the_others() -> None:
    assert [role.name for role in list_roles()] == ["owner", "Auditor"]
    assert [role.role_id for role in list_project_roles(project_id="proj_1")] == [MEMBER]


def test_a_role_of_a_project_is_found_by_name() -> None:
    assert get_project_role(project_id="proj_1", name="member").project_id == "proj_1"


def test_a_name_that_no_role_has_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(LookUpError, match="Auditor"):
        get_role(name="Auditr")


def test_a_role_of_a_user_is_found_in_the_list_of_the_user() -> None:
    assert get_user_role(user_id="user-1", role_id=OWNER).role_name == "owner"
