from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from openai.resources.admin.organization.projects import Projects

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"


def test_an_account_without_a_key_has_no_role_until_it_is_given_one(projects: Projects) -> None:
    made = projects.service_accounts.create(DEMO, name="bare", create_service_account_only=True)
    assert (made.api_key, made.role) == (None, "none")
    key = projects.service_accounts.api_keys.create(made.id, project_id=DEMO)
    assert projects.service_accounts.retrieve(made.id, project_id=DEMO).role == "none"
    assert projects.api_keys.retrieve(key.id, project_id=DEMO).owner_project_access == "inactive"
    assert projects.service_accounts.update(made.id, project_id=DEMO, role="member").role == "member"
    assert projects.api_keys.retrieve(key.id, project_id=DEMO).owner_project_access == "active"


def test_delete_ends_its_keys_and_nothing_else(projects: Projects, control: Control) -> None:
    other = projects.service_accounts.create(DEMO, name="other")
    made = projects.service_accounts.create(DEMO, name="a")
    more = projects.service_accounts.api_keys.create(made.id, project_id=DEMO)
    gone = projects.service_accounts.delete(made.id, project_id=DEMO)
    assert gone.model_dump() == {
        "id": made.id,
        "deleted": True,
        "object": "organization.project.service_account.deleted",
    }
    for call in (projects.service_accounts.retrieve, projects.service_accounts.delete):
        with pytest.raises(openai.NotFoundError):
            call(made.id, project_id=DEMO)
    assert [key.id for key in projects.api_keys.list(DEMO)] == [other.api_key.id]
    account = control.state()["projects"][DEMO]["service_accounts"][made.id]
    assert account == {
        "name": "a",
        "role": "member",
        "deleted": True,
        "keys": {made.api_key.id: "revoked", more.id: "revoked"},
    }


def test_the_organizations_policy_on_lifetimes(projects: Projects, control: Control) -> None:
    control.world(key_lifetime_required=True)
    with pytest.raises(openai.BadRequestError) as refused:
        projects.service_accounts.create(DEMO, name="a")
    assert refused.value.code == "api_key_expiration_required"
    assert projects.service_accounts.create(DEMO, name="a", create_service_account_only=True).api_key is None
    control.world(key_lifetime_required=False, key_lifetime_max=100)
    made = projects.service_accounts.create(DEMO, name="a", expires_in_seconds=100)
    for refusing in (
        lambda: projects.service_accounts.create(DEMO, name="a"),
        lambda: projects.service_accounts.create(DEMO, name="a", expires_in_seconds=101),
        lambda: projects.service_accounts.api_keys.create(made.id, project_id=DEMO),
        lambda: projects.api_keys.update(made.api_key.id, project_id=DEMO, expires_in_seconds=101),
    ):
        with pytest.raises(openai.BadRequestError, match="expires_in_seconds"):
            refusing()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(403, None, openai.PermissionDeniedError), (400, "api_keys_disabled", openai.BadRequestError)],
)
def test_a_policy_allows_no_new_keys(
    projects: Projects, control: Control, status: int, code: str | None, kind: type[openai.APIStatusError]
) -> None:
    made = projects.service_accounts.create(DEMO, name="a")
    control.world(allows_new_keys=False, key_refusal_status=status, key_refusal_code=code)
    for refusing in (
        lambda: projects.service_accounts.create(DEMO, name="b"),
        lambda: projects.service_accounts.api_keys.create(made.id, project_id=DEMO),
    ):
        with pytest.raises(kind, match="disabled by your organization") as refused:
            refusing()
        assert refused.value.code == code
    assert projects.service_accounts.create(DEMO, name="b", create_service_account_only=True).api_key is None
    assert projects.api_keys.update(made.api_key.id, project_id=DEMO, expires_in_seconds=60)
